package io.coffer.common.io.fault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coffer.common.io.FileSystem;
import io.coffer.common.io.FileSystemContract;
import io.coffer.common.io.NoSpaceException;
import io.coffer.common.io.OpenMode;
import io.coffer.common.io.ReadOnlyException;
import io.coffer.common.io.RealFileSystem;
import io.coffer.common.io.StorageFile;
import io.coffer.common.io.fault.Attempt.Operation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FaultyFileSystemTest extends FileSystemContract {
    @TempDir
    Path directory;

    private FaultyFileSystem faulty;

    @Override
    protected FileSystem newFileSystem() {
        faulty = new FaultyFileSystem(RealFileSystem.at(directory));
        return faulty;
    }

    @Test
    void anErrorHappensToTheCallsChosenAndNoOthers() throws IOException {
        FaultRule rule = faulty.inject(
                attempt -> attempt.is(Operation.READ) && attempt.path().equals("d/b") && attempt.position() >= 2,
                new Fault.InputOutputError());
        faulty.createDirectories("d");
        FileSystem inner = faulty.subdirectory("d");
        inner.replace("a", "abcd".getBytes(UTF_8));
        inner.replace("b", "abcd".getBytes(UTF_8));
        try (StorageFile a = inner.open("a", OpenMode.READ);
                StorageFile b = inner.open("b", OpenMode.READ)) {
            assertThat(read(a, 2, 2)).isEqualTo("cd");
            assertThat(read(b, 0, 2)).isEqualTo("ab");
            assertThatThrownBy(() -> read(b, 2, 2)).isInstanceOf(IOException.class);
            assertThat(rule.fired()).isEqualTo(1);
            rule.stop();
            assertThat(read(b, 2, 2)).isEqualTo("cd");
        }
    }

    @Test
    void aRuleCanSkipAndEnd() throws IOException {
        faulty.inject(Operation.WRITE, new Fault.InputOutputError()).after(1).times(2);
        try (StorageFile file = faulty.open("f", OpenMode.CREATE)) {
            file.write(bytes("a"), 0);
            assertThatThrownBy(() -> file.write(bytes("b"), 0)).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> file.write(bytes("c"), 0)).isInstanceOf(IOException.class);
            file.write(bytes("d"), 1);
            assertThat(read(file, 0, 2)).isEqualTo("ad");
        }
    }

    @Test
    void uncachedWritesMeetTheFaultsOfWrites() throws IOException {
        faulty.inject(Operation.WRITE, new Fault.InputOutputError()).times(1);
        try (StorageFile file = faulty.open("f", OpenMode.CREATE)) {
            assertThatThrownBy(() -> file.writeUncached(bytes("a"), 0)).isInstanceOf(IOException.class);
            file.writeUncached(bytes("b"), 0);
            assertThat(read(file, 0, 1)).isEqualTo("b");
        }
    }

    @Test
    void aFullDiskTakesHalfAWriteAndLetsDelete() throws IOException {
        try (StorageFile file = faulty.open("f", OpenMode.CREATE)) {
            faulty.inject(
                    attempt -> attempt.operation().changing() && !attempt.is(Operation.DELETE), new Fault.NoSpace());
            assertThatThrownBy(() -> file.write(bytes("abcd"), 0)).isInstanceOf(NoSpaceException.class);
            assertThat(file.size()).isEqualTo(2);
            assertThatThrownBy(() -> file.allocate(0, 100)).isInstanceOf(NoSpaceException.class);
            faulty.delete("f");
            assertThat(faulty.exists("f")).isFalse();
        }
    }

    @Test
    void aReadOnlyDiskReadsOn() throws IOException {
        faulty.replace("f", "abc".getBytes(UTF_8));
        faulty.inject(attempt -> true, new Fault.ReadOnly());
        assertThat(faulty.readSmall("f", 3)).hasSize(3);
        assertThat(faulty.list("")).containsExactly("f");
        assertThatThrownBy(() -> faulty.delete("f")).isInstanceOf(ReadOnlyException.class);
        assertThatThrownBy(() -> faulty.createDirectories("d")).isInstanceOf(ReadOnlyException.class);
        assertThatThrownBy(() -> faulty.replace("f", new byte[1])).isInstanceOf(ReadOnlyException.class);
    }

    @Test
    void aFlippedBitIsOneBitAndTheCallersBufferStaysAsItWas() throws IOException {
        byte[] content = new byte[1000];
        ByteBuffer source = ByteBuffer.wrap(content);
        faulty.inject(Operation.WRITE, new Fault.BitFlip(new SplittableRandom(5)));
        try (StorageFile file = faulty.open("f", OpenMode.CREATE)) {
            file.write(source, 0);
            assertThat(source.hasRemaining()).isFalse();
            assertThat(content).containsOnly(0);
            assertThat(bitsSet(file)).isEqualTo(1);
            faulty.inject(Operation.READ, new Fault.BitFlip(new SplittableRandom(6)))
                    .times(1);
            assertThat(bitsSet(file)).isEqualTo(2);
            assertThat(bitsSet(file)).isEqualTo(1);
        }
    }

    private static int bitsSet(StorageFile file) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(1010).position(10);
        file.readFully(target, 0);
        return BitSet.valueOf(target.flip()).cardinality();
    }

    @Test
    void aShortReadGivesOneByte() throws IOException {
        faulty.replace("f", "abcdef".getBytes(UTF_8));
        FaultRule rule = faulty.inject(Operation.READ, new Fault.ShortRead());
        try (StorageFile file = faulty.open("f", OpenMode.READ)) {
            assertThat(file.read(ByteBuffer.allocate(4), 0)).isEqualTo(1);
            assertThat(read(file, 0, 6)).isEqualTo("abcdef");
        }
        assertThat(rule.fired()).isEqualTo(7);
    }

    @Test
    void somethingCanHappenBeforeACall() throws IOException {
        AtomicInteger calls = new AtomicInteger();
        faulty.inject(Operation.SYNC, new Fault.Before(calls::incrementAndGet));
        faulty.replace("f", new byte[1]);
        assertThat(calls).hasValue(1);
        assertThat(faulty.readSmall("f", 1)).hasSize(1);
    }

    @Test
    void whatAFailedSyncLeftUnsavedNoLaterSyncSaves() throws IOException {
        CrashableFileSystem disk = new CrashableFileSystem(512, 1 << 20);
        FaultyFileSystem files = new FaultyFileSystem(disk);
        files.replace("f", "a".repeat(2048).getBytes(UTF_8));
        StorageFile file = files.open("f", OpenMode.READ_WRITE);
        files.inject(Operation.SYNC, new Fault.InputOutputError()).times(1);
        file.write(bytes("lost"), 0);
        assertThatThrownBy(file::sync).isInstanceOf(IOException.class);
        file.write(bytes("kept"), 1024);
        file.sync();
        assertThat(read(file, 0, 4)).isEqualTo("lost");
        disk.crash(new SplittableRandom(1));
        assertThat(new String(disk.readSmall("f", 2048), UTF_8))
                .isEqualTo("a".repeat(1024) + "kept" + "a".repeat(1020));
    }

    @Test
    void clearingMakesAllWell() throws IOException {
        faulty.inject(attempt -> true, new Fault.InputOutputError());
        assertThatThrownBy(() -> faulty.list("")).isInstanceOf(IOException.class);
        faulty.clear();
        assertThat(faulty.list("")).isEmpty();
    }
}
