package io.coffer.common.io;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every {@link FileSystem} does; each implementation's test extends it. */
public abstract class FileSystemContract {
    protected FileSystem files;

    /** A new, empty one. */
    protected abstract FileSystem newFileSystem() throws IOException;

    @BeforeEach
    void start() throws IOException {
        files = newFileSystem();
    }

    @Test
    void writesAndReadsAtAnyPosition() throws IOException {
        try (StorageFile file = files.open("data", OpenMode.CREATE_NEW)) {
            file.write(bytes("world"), 6);
            file.write(bytes("hello "), 0);
            assertThat(file.size()).isEqualTo(11);
            assertThat(read(file, 0, 11)).isEqualTo("hello world");
            assertThat(read(file, 4, 3)).isEqualTo("o w");
        }
        assertThat(files.readSmall("data", 11)).isEqualTo("hello world".getBytes(UTF_8));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void buffersOfAnyKindAndAnyPositionAreUsedFromPositionToLimit(boolean direct) throws IOException {
        ByteBuffer source = direct
                ? ByteBuffer.allocateDirect(100)
                : ByteBuffer.allocate(120).slice(10, 100);
        source.position(40).put(bytes("abcdef")).position(41).limit(45);
        try (StorageFile file = files.open("data", OpenMode.CREATE)) {
            file.write(source, 7);
            assertThat(source.position()).isEqualTo(45);
            ByteBuffer target = direct
                    ? ByteBuffer.allocateDirect(20)
                    : ByteBuffer.allocate(30).slice(5, 20);
            target.position(3).limit(7);
            file.readFully(target, 7);
            assertThat(target.position()).isEqualTo(7);
            assertThat(text(target.position(3))).isEqualTo("bcde");
            assertThat(read(file, 0, 11)).isEqualTo("\0\0\0\0\0\0\0bcde");
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 8192", "4096, 4096, 8192", "0, 512, 8192", "1, 4096, 8192", "0, 4096, 8191", "100, 7, 0"})
    void uncachedWritesAreSeenLikeAnyOthers(int start, long position, int length) throws IOException {
        ByteBuffer aligned = ByteBuffer.allocateDirect(5 * StorageFile.UNCACHED_ALIGNMENT)
                .alignedSlice(StorageFile.UNCACHED_ALIGNMENT);
        for (ByteBuffer memory : List.of(aligned, ByteBuffer.allocate(aligned.capacity()))) {
            for (int at = 0; at < memory.capacity(); at++) {
                memory.put(at, (byte) (at * 31 + at / 256));
            }
            try (StorageFile file = files.open("data", OpenMode.CREATE)) {
                file.truncate(0);
                file.write(bytes("before".repeat(4000)), 0); // cached, and not written back yet
                ByteBuffer source = memory.duplicate().position(start).limit(start + length);
                file.writeUncached(source, position);
                assertThat(source.remaining()).isZero();
                file.write(bytes("behind"), position + length);
                assertThat(file.size()).isEqualTo(24_000);
                ByteBuffer found = ByteBuffer.allocate(length);
                file.readFully(found, position);
                assertThat(found.flip()).isEqualTo(memory.slice(start, length));
                assertThat(read(file, position + length, 6)).isEqualTo("behind");
            }
        }
    }

    @Test
    void readOnlyBuffersCanBeWritten() throws IOException {
        ByteBuffer direct = ByteBuffer.allocateDirect(3).put(bytes("def")).flip();
        try (StorageFile file = files.open("data", OpenMode.CREATE)) {
            file.write(bytes("abc").asReadOnlyBuffer(), 0);
            file.write(direct.asReadOnlyBuffer(), 3);
            assertThat(read(file, 0, 6)).isEqualTo("abcdef");
        }
    }

    @Test
    void largeHeapAndDirectBuffersArriveWhole() throws IOException {
        byte[] content = new byte[3_000_001];
        new Random(1).nextBytes(content);
        try (StorageFile file = files.open("data", OpenMode.CREATE)) {
            file.write(ByteBuffer.wrap(content), 13);
            ByteBuffer direct = ByteBuffer.allocateDirect(content.length);
            file.readFully(direct, 13);
            assertThat(direct.flip()).isEqualTo(ByteBuffer.wrap(content));
            file.write(direct, 5_000_000);
            ByteBuffer heap = ByteBuffer.allocate(content.length);
            file.readFully(heap, 5_000_000);
            assertThat(heap.array()).isEqualTo(content);
        }
    }

    @Test
    void readingAtTheEndSaysSo() throws IOException {
        try (StorageFile file = files.open("data", OpenMode.CREATE)) {
            assertThat(file.read(ByteBuffer.allocate(4), 0)).isEqualTo(-1);
            file.write(bytes("abc"), 0);
            assertThat(file.read(ByteBuffer.allocate(4), 3)).isEqualTo(-1);
            assertThat(file.read(ByteBuffer.allocateDirect(4), 99)).isEqualTo(-1);
            assertThat(file.read(ByteBuffer.allocate(0), 99)).isZero();
            assertThatThrownBy(() -> file.readFully(ByteBuffer.allocate(4), 0)).isInstanceOf(EOFException.class);
        }
    }

    @Test
    void writingBeyondTheEndLeavesZeros() throws IOException {
        try (StorageFile file = files.open("data", OpenMode.CREATE)) {
            file.write(bytes("a"), 0);
            file.write(bytes("b"), 10_000);
            assertThat(file.size()).isEqualTo(10_001);
            assertThat(read(file, 1, 9_999)).isEqualTo("\0".repeat(9_999));
        }
    }

    @Test
    void writingNothingChangesNothing() throws IOException {
        try (StorageFile file = files.open("data", OpenMode.CREATE)) {
            file.write(ByteBuffer.allocate(0), 50);
            file.write(ByteBuffer.allocateDirect(0), 50);
            assertThat(file.size()).isZero();
        }
    }

    @Test
    void negativePositionsAreRefused() throws IOException {
        try (StorageFile file = files.open("data", OpenMode.CREATE)) {
            assertThatThrownBy(() -> file.read(ByteBuffer.allocate(1), -1))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> file.write(ByteBuffer.allocate(1), -1))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> file.truncate(-1)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> file.punchHole(-1, 5)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> file.allocate(0, -5)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void truncateCutsAndExtends() throws IOException {
        try (StorageFile file = files.open("data", OpenMode.CREATE)) {
            file.write(bytes("abcdef"), 0);
            file.truncate(3);
            assertThat(file.size()).isEqualTo(3);
            file.truncate(6);
            assertThat(read(file, 0, 6)).isEqualTo("abc\0\0\0");
            file.truncate(0);
            assertThat(file.size()).isZero();
        }
    }

    @Test
    void allocateGrowsWithZerosAndKeepsWhatIsThere() throws IOException {
        try (StorageFile file = files.open("data", OpenMode.CREATE)) {
            file.write(bytes("abc"), 0);
            file.allocate(0, 8_192);
            assertThat(file.size()).isEqualTo(8_192);
            assertThat(read(file, 0, 5)).isEqualTo("abc\0\0");
            file.allocate(0, 10);
            file.allocate(5, 0);
            assertThat(file.size()).isEqualTo(8_192);
        }
    }

    @Test
    void punchedHolesReadAsZerosAndKeepTheSize() throws IOException {
        byte[] content = new byte[50_000];
        Arrays.fill(content, (byte) 'x');
        try (StorageFile file = files.open("data", OpenMode.CREATE)) {
            file.write(ByteBuffer.wrap(content), 0);
            file.punchHole(100, 20_000);
            assertThat(file.size()).isEqualTo(50_000);
            assertThat(read(file, 0, 100)).isEqualTo("x".repeat(100));
            assertThat(read(file, 100, 20_000)).isEqualTo("\0".repeat(20_000));
            assertThat(read(file, 20_100, 29_900)).isEqualTo("x".repeat(29_900));
            file.punchHole(49_990, 1_000_000);
            file.punchHole(60_000, 10);
            file.punchHole(5, 0);
            assertThat(file.size()).isEqualTo(50_000);
            assertThat(read(file, 49_989, 11)).isEqualTo("x" + "\0".repeat(10));
        }
    }

    @Test
    void openModesMeanWhatTheySay() throws IOException {
        assertThatThrownBy(() -> files.open("data", OpenMode.READ)).isInstanceOf(FileNotFoundException.class);
        assertThatThrownBy(() -> files.open("data", OpenMode.READ_WRITE)).isInstanceOf(FileNotFoundException.class);
        try (StorageFile file = files.open("data", OpenMode.CREATE)) {
            file.write(bytes("abc"), 0);
        }
        assertThatThrownBy(() -> files.open("data", OpenMode.CREATE_NEW)).isInstanceOf(FileExistsException.class);
        try (StorageFile file = files.open("data", OpenMode.CREATE)) {
            assertThat(file.size()).isEqualTo(3);
        }
        try (StorageFile file = files.open("data", OpenMode.READ)) {
            assertThat(read(file, 0, 3)).isEqualTo("abc");
            assertThatThrownBy(() -> file.write(bytes("x"), 0)).isInstanceOf(ReadOnlyException.class);
            assertThatThrownBy(() -> file.truncate(0)).isInstanceOf(ReadOnlyException.class);
            assertThatThrownBy(() -> file.allocate(0, 9)).isInstanceOf(ReadOnlyException.class);
            assertThatThrownBy(() -> file.punchHole(0, 1)).isInstanceOf(ReadOnlyException.class);
        }
        try (StorageFile file = files.open("data", OpenMode.READ_WRITE)) {
            file.write(bytes("x"), 0);
            assertThat(read(file, 0, 3)).isEqualTo("xbc");
        }
    }

    @Test
    void aDirectoryIsNoFile() throws IOException {
        files.createDirectories("d");
        for (OpenMode mode : OpenMode.values()) {
            assertThatThrownBy(() -> files.open("d", mode)).isInstanceOf(IOException.class);
        }
        assertThatThrownBy(() -> files.open("missing/f", OpenMode.CREATE)).isInstanceOf(FileNotFoundException.class);
    }

    @Test
    void aClosedFileRefusesAndClosingAgainIsFine() throws IOException {
        StorageFile file = files.open("data", OpenMode.CREATE);
        file.close();
        file.close();
        assertThatThrownBy(() -> file.read(ByteBuffer.allocate(1), 0)).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> file.write(bytes("x"), 0)).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(file::sync).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(file::size).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> file.truncate(0)).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void anOpenFileOutlivesItsName() throws IOException {
        try (StorageFile file = files.open("data", OpenMode.CREATE)) {
            file.write(bytes("abc"), 0);
            files.rename("data", "other");
            file.write(bytes("d"), 3);
            files.delete("other");
            file.write(bytes("e"), 4);
            file.sync();
            assertThat(read(file, 0, 5)).isEqualTo("abcde");
        }
        assertThat(files.list("")).isEmpty();
    }

    @Test
    void replaceMakesOrReplacesAndLeavesNothingBehind() throws IOException {
        files.createDirectories("d");
        files.replace("d/f", "one, rather long".getBytes(UTF_8));
        files.replace("d/f", "two".getBytes(UTF_8));
        assertThat(files.readSmall("d/f", 3)).isEqualTo("two".getBytes(UTF_8));
        assertThat(files.list("d")).containsExactly("f");
    }

    @Test
    void readSmallRefusesLargeAndMissing() throws IOException {
        files.replace("f", new byte[11]);
        assertThatThrownBy(() -> files.readSmall("f", 10)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> files.readSmall("g", 10)).isInstanceOf(FileNotFoundException.class);
        assertThat(files.readSmall("f", 11)).hasSize(11);
    }

    @Test
    void listsSortedNames() throws IOException {
        for (String name : List.of("b", "a", "a.x", "B")) {
            files.replace(name, new byte[0]);
        }
        files.createDirectories("aa/inner");
        assertThat(files.list("")).containsExactly("B", "a", "a.x", "aa", "b");
        assertThat(files.list("aa")).containsExactly("inner");
        assertThat(files.list("aa/inner")).isEmpty();
        assertThatThrownBy(() -> files.list("none")).isInstanceOf(FileNotFoundException.class);
        assertThatThrownBy(() -> files.list("b")).isInstanceOf(IOException.class);
    }

    @Test
    void directoriesAreMadeWithTheirParents() throws IOException {
        files.createDirectories("a/b/c");
        files.createDirectories("a/b/c");
        files.createDirectories("");
        assertThat(files.exists("a/b/c")).isTrue();
        assertThat(files.exists("a/b/d")).isFalse();
        files.replace("a/file", new byte[1]);
        assertThatThrownBy(() -> files.createDirectories("a/file")).isInstanceOf(FileExistsException.class);
    }

    @Test
    void deleteTakesFilesAndEmptyDirectories() throws IOException {
        files.createDirectories("d");
        files.replace("d/f", new byte[1]);
        assertThatThrownBy(() -> files.delete("d")).isInstanceOf(IOException.class);
        files.delete("d/f");
        files.delete("d");
        assertThatThrownBy(() -> files.delete("d")).isInstanceOf(FileNotFoundException.class);
        assertThat(files.exists("d")).isFalse();
    }

    @Test
    void deleteRecursivelyTakesEverything() throws IOException {
        files.createDirectories("d/e/f");
        files.replace("d/x", new byte[1]);
        files.replace("d/e/y", new byte[1]);
        files.replace("keep", new byte[1]);
        files.deleteRecursively("d");
        files.deleteRecursively("d");
        assertThat(files.list("")).containsExactly("keep");
        files.deleteRecursively("keep");
        assertThat(files.list("")).isEmpty();
    }

    @Test
    void renameReplacesFilesAndMovesDirectories() throws IOException {
        files.replace("a", "a".getBytes(UTF_8));
        files.replace("b", "b".getBytes(UTF_8));
        files.rename("a", "b");
        assertThat(files.list("")).containsExactly("b");
        assertThat(files.readSmall("b", 1)).isEqualTo("a".getBytes(UTF_8));

        files.createDirectories("d/e");
        files.rename("b", "d/e/c");
        files.rename("d", "n");
        assertThat(files.readSmall("n/e/c", 1)).isEqualTo("a".getBytes(UTF_8));
        assertThatThrownBy(() -> files.rename("none", "x")).isInstanceOf(FileNotFoundException.class);
        files.createDirectories("full");
        files.replace("full/f", new byte[0]);
        assertThatThrownBy(() -> files.rename("n", "full")).isInstanceOf(IOException.class);
        files.createDirectories("empty");
        files.rename("n", "empty");
        assertThat(files.list("")).containsExactly("empty", "full");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/etc/passwd", "..", "a/../b", "a/./b", ".", "a//b", "a/", "/", "a\0b"})
    void pathsThatCouldClimbAreRefused(String path) {
        assertThatThrownBy(() -> files.open(path, OpenMode.CREATE)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> files.createDirectories(path)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> files.deleteRecursively(path)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> files.rename("a", path)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> files.subdirectory(path)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> files.exists(path)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theRootItselfStays() {
        assertThatThrownBy(() -> files.delete("")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> files.deleteRecursively("")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> files.rename("", "x")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> files.open("", OpenMode.READ)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aSubdirectorySeesOnlyItself() throws IOException {
        files.createDirectories("a/b");
        files.replace("a/b/f", "x".getBytes(UTF_8));
        FileSystem inner = files.subdirectory("a").subdirectory("b");
        assertThat(inner.list("")).containsExactly("f");
        inner.replace("g", new byte[2]);
        assertThat(files.readSmall("a/b/g", 2)).hasSize(2);
        inner.syncDirectory("");
        files.subdirectory("new").createDirectories("");
        assertThat(files.exists("new")).isTrue();
    }

    @Test
    void aLockExcludesUntilItIsClosed() throws IOException {
        FileSystem.Lock lock = files.lock("lock");
        assertThatThrownBy(() -> files.lock("lock")).isInstanceOf(AlreadyLockedException.class);
        assertThat(files.readSmall("lock", 10)).isEmpty(); // opening and closing the file doesn't drop the lock
        assertThatThrownBy(() -> files.lock("lock")).isInstanceOf(AlreadyLockedException.class);
        files.lock("other").close();
        lock.close();
        lock.close();
        files.lock("lock").close();
    }

    @Test
    void spaceIsReported() throws IOException {
        FileSystem.Space space = files.space();
        assertThat(space.usableBytes()).isPositive().isLessThanOrEqualTo(space.totalBytes());
    }

    @Test
    void syncingWhatIsMissingFails() throws IOException {
        files.syncDirectory("");
        assertThatThrownBy(() -> files.syncDirectory("none")).isInstanceOf(FileNotFoundException.class);
    }

    @Test
    void anInterruptedThreadFinishesItsCallAndClosesNothing() throws Exception {
        try (StorageFile file = files.open("data", OpenMode.CREATE)) {
            for (Thread.Builder kind : List.of(Thread.ofPlatform(), Thread.ofVirtual())) {
                List<Throwable> failures = new ArrayList<>();
                Thread thread = kind.unstarted(() -> {
                    Thread.currentThread().interrupt();
                    try {
                        file.write(bytes("abc"), 0);
                        file.readFully(ByteBuffer.allocate(3), 0);
                        file.sync();
                        file.allocate(0, 100);
                        files.replace("small", new byte[1]);
                        files.syncDirectory("");
                        files.lock("lock").close();
                        if (!Thread.currentThread().isInterrupted()) {
                            throw new AssertionError("the interrupt was swallowed");
                        }
                    } catch (Throwable t) {
                        failures.add(t);
                    }
                });
                thread.start();
                thread.join();
                assertThat(failures).isEmpty();
                assertThat(read(file, 0, 3)).isEqualTo("abc");
            }
        }
    }

    @Test
    void manyThreadsShareAFileWhileItIsClosed() throws Exception {
        int threads = 4;
        for (int round = 0; round < 20; round++) {
            StorageFile file = files.open("shared" + round, OpenMode.CREATE);
            try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
                List<Future<Integer>> results = new ArrayList<>();
                for (int t = 0; t < threads; t++) {
                    int lane = t;
                    results.add(pool.submit(() -> useUntilClosed(file, lane)));
                }
                int enough = 0;
                while (enough < 8 * threads) {
                    enough += file.read(ByteBuffer.allocate(8), 0) >= 0 ? 1 : 0;
                }
                file.close();
                for (Future<Integer> result : results) {
                    assertThat(result.get()).isGreaterThanOrEqualTo(0);
                }
            }
        }
    }

    /** Each lane has 8 bytes of its own, in which it reads back what it wrote last. */
    private static int useUntilClosed(StorageFile file, int lane) throws IOException {
        ByteBuffer own = ByteBuffer.allocateDirect(8);
        for (int i = 0; ; i++) {
            try {
                file.write(own.clear().putLong(i).flip(), lane * 8L);
                file.readFully(own.clear(), lane * 8L);
            } catch (ClosedChannelException e) {
                return i;
            }
            assertThat(own.flip().getLong()).isEqualTo(i);
        }
    }

    protected static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    protected static String read(StorageFile file, long position, int length) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(length);
        file.readFully(target, position);
        return new String(target.array(), UTF_8);
    }

    private static String text(ByteBuffer buffer) {
        return UTF_8.decode(buffer.duplicate()).toString();
    }
}
