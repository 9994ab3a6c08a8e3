package io.coffer.common.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RealFileSystemTest extends FileSystemContract {
    private static final int MIB = 1024 * 1024;

    @TempDir
    Path directory;

    @Override
    protected FileSystem newFileSystem() {
        return RealFileSystem.at(directory);
    }

    @Test
    void systemCallsAreUsedOnLinux() {
        assumeTrue(System.getProperty("os.name").equals("Linux"));
        assertThat(Libc.instance()).isPresent();
    }

    @Test
    void aPunchedHoleGivesItsBlocksBack() throws Exception {
        try (StorageFile file = files.open("data", OpenMode.CREATE)) {
            assumeTrue(file.supportsPunchHole());
            file.write(ByteBuffer.allocate(4 * MIB), 0);
            file.sync();
            long before = allocatedBytes("data");
            file.punchHole(MIB, 2 * MIB);
            assertThat(before).isGreaterThanOrEqualTo(4 * MIB);
            assertThat(allocatedBytes("data")).isLessThanOrEqualTo(before - 2 * MIB);
        }
    }

    @Test
    void allocatedSpaceIsTakenFromTheDisk() throws Exception {
        try (StorageFile file = files.open("data", OpenMode.CREATE)) {
            assumeTrue(file.supportsPunchHole()); // such a file system has fallocate
            file.allocate(0, 4 * MIB);
            assertThat(allocatedBytes("data")).isGreaterThanOrEqualTo(4 * MIB);
        }
    }

    @Test
    void uncachedWritesLeaveNothingInThePageCache() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/fincore")));
        assumeTrue(takesDirectWrites());
        ByteBuffer data = ByteBuffer.allocateDirect(2 * MIB).alignedSlice(StorageFile.UNCACHED_ALIGNMENT);
        try (StorageFile file = files.open("data", OpenMode.CREATE)) {
            file.write(data.slice(0, MIB), 0);
            assertThat(cachedBytes("data")).isEqualTo(MIB);
            file.writeUncached(data.slice(0, MIB), 0);
            file.writeUncached(data.slice(0, MIB), MIB);
            assertThat(cachedBytes("data")).isZero();
            file.writeUncached(data.slice(1, 100), 0);
            assertThat(cachedBytes("data")).isPositive();
        }
    }

    private boolean takesDirectWrites() throws Exception {
        String target = "of=" + directory.resolve("probe");
        Process type = new ProcessBuilder("stat", "-f", "-c", "%T", directory.toString()).start();
        boolean inMemory = new String(type.getInputStream().readAllBytes()).contains("tmpfs");
        Process dd = new ProcessBuilder("dd", "if=/dev/zero", target, "bs=4096", "count=1", "oflag=direct").start();
        return dd.waitFor() == 0 && !inMemory;
    }

    private long cachedBytes(String name) throws Exception {
        Process fincore = new ProcessBuilder(
                        "/usr/bin/fincore",
                        "-b",
                        "-n",
                        "-o",
                        "RES",
                        directory.resolve(name).toString())
                .start();
        return Long.parseLong(new String(fincore.getInputStream().readAllBytes()).trim());
    }

    private long allocatedBytes(String name) throws Exception {
        Process stat = new ProcessBuilder(
                        "stat", "-c", "%b %B", directory.resolve(name).toString())
                .start();
        String[] blocks =
                new String(stat.getInputStream().readAllBytes()).trim().split(" ");
        return Long.parseLong(blocks[0]) * Long.parseLong(blocks[1]);
    }

    @Test
    void theLockHoldsAgainstAnotherProcess() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/flock")));
        try (FileSystem.Lock lock = files.lock("lock")) {
            assertThat(lock).isNotNull();
            assertThat(otherProcessLocks()).isFalse();
        }
        assertThat(otherProcessLocks()).isTrue();
    }

    private boolean otherProcessLocks() throws Exception {
        Process flock = new ProcessBuilder(
                        "flock", "--nonblock", directory.resolve("lock").toString(), "true")
                .start();
        assertThat(flock.waitFor(10, TimeUnit.SECONDS)).isTrue();
        return flock.exitValue() == 0;
    }

    @Test
    void filesAreTheOwnersAlone() throws IOException {
        files.replace("secret", new byte[1]);
        assertThat(Files.getPosixFilePermissions(directory.resolve("secret"))).hasSize(2);
    }

    @Test
    void aDirectoryThatDoesNotExistYetIsCreatedWithItsParents() throws IOException {
        FileSystem later = RealFileSystem.at(directory.resolve("x/y").toString());
        later.createDirectories("");
        later.replace("f", new byte[1]);
        assertThat(directory.resolve("x/y/f")).exists();
        assertThat(later.realPath("f")).contains(directory.resolve("x/y/f").toString());
    }

    @Test
    void linksAreNotFollowedWhenDeleting() throws IOException {
        Path outside = Files.createDirectory(directory.resolve("outside"));
        Files.createFile(outside.resolve("precious"));
        files.createDirectories("inside");
        Files.createSymbolicLink(directory.resolve("inside/link"), outside);
        files.deleteRecursively("inside");
        assertThat(outside.resolve("precious")).exists();
    }

    @Test
    void aFullDeviceIsNoSpace() throws IOException {
        assumeTrue(Files.isWritable(Path.of("/dev/full")));
        try (StorageFile full = RealFileSystem.at("/dev").open("full", OpenMode.READ_WRITE)) {
            assertThatThrownBy(() -> full.write(ByteBuffer.allocate(1), 0)).isInstanceOf(NoSpaceException.class);
        }
    }

    @Test
    void whatIsKeptForOthersIsNotUsable() throws Exception {
        FileSystem.Space all = RealFileSystem.at(directory).space();
        FileSystem kept = RealFileSystem.at(directory).keeping(1L << 50);
        assertThat(kept.space()).isEqualTo(new FileSystem.Space(all.totalBytes(), 0));
        kept.createDirectories("sub");
        assertThat(kept.subdirectory("sub").space().usableBytes()).isZero();
    }
}
