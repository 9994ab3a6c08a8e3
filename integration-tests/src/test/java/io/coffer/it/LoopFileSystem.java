package io.coffer.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.opentest4j.TestAbortedException;

/**
 * A small file system of its own in a file: it can be cut off or filled to the last byte, and nothing
 * else on the machine notices. Needs root, loop devices and the tools of the file system; {@link #assumePossible} skips the test
 * without them.
 */
public final class LoopFileSystem implements AutoCloseable {
    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(60);

    /** Only now and then does the kernel write back what nobody synced: a cut has more to destroy. */
    private static final String LONG_COMMITS = "commit=300,noauto_da_alloc";

    /** Which file system. */
    public enum Kind {
        EXT4(List.of("mkfs.ext4", "-q", "-F"), LONG_COMMITS),
        XFS(List.of("mkfs.xfs", "-q", "-f"), "");

        private final List<String> make;
        private final String options;

        Kind(List<String> make, String options) {
            this.make = make;
            this.options = options;
        }
    }

    private final Kind kind;
    private final Path image;
    private final Path root;

    private LoopFileSystem(Kind kind, Path image, Path root) {
        this.kind = kind;
        this.image = image;
        this.root = root;
    }

    /** Skips the test, and says why, where no such file system can be made. */
    public static void assumePossible(Kind kind) {
        assumeTrue("root".equals(System.getProperty("user.name")), "mounting a file system needs root");
        assumeTrue(Files.exists(Path.of("/dev/loop-control")), "there are no loop devices (/dev/loop-control)");
        for (String tool : List.of(kind.make.getFirst(), "mount", "umount", "xfs_io", "fallocate")) {
            assumeTrue(isThere(tool), tool + " is not installed");
        }
    }

    /** Whether one can be made here. */
    public static boolean isPossible(Kind kind) {
        try {
            assumePossible(kind);
            return true;
        } catch (TestAbortedException e) {
            return false;
        }
    }

    private static boolean isThere(String tool) {
        return List.of("/usr/sbin", "/sbin", "/usr/bin", "/bin").stream()
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, tool)));
    }

    /** Makes one and mounts it. */
    public static LoopFileSystem make(Kind kind, Path directory, int mebibytes) throws IOException {
        String name = kind.name().toLowerCase(Locale.ROOT);
        LoopFileSystem made =
                new LoopFileSystem(kind, directory.resolve(name + ".image"), directory.resolve(name + ".mounted"));
        try (RandomAccessFile file = new RandomAccessFile(made.image.toFile(), "rw")) {
            file.setLength((long) mebibytes << 20);
        }
        Files.createDirectory(made.root);
        run(Stream.concat(kind.make.stream(), Stream.of(made.image.toString())).toList());
        made.mount();
        return made;
    }

    public Path root() {
        return root;
    }

    public void mount() throws IOException {
        String options = kind.options.isEmpty() ? "loop" : "loop," + kind.options;
        run(List.of("mount", "-o", options, image.toString(), root.toString()));
    }

    /** What a power cut does: from now on nothing reaches the disk, the file system's own log included. */
    public void cut() throws IOException {
        run(List.of("xfs_io", "-x", "-c", "shutdown", root.toString()));
    }

    /** What ext4 does when it meets an error of its own: from now on it only reads. */
    public void turnReadOnly() throws IOException {
        run(List.of("mount", "-o", "remount,errors=remount-ro", root.toString()));
        Path device = Path.of(Files.getFileStore(root).name()).getFileName();
        Files.writeString(Path.of("/sys/fs/ext4").resolve(device).resolve("trigger_fs_error"), "asked for by a test");
    }

    /** Loses what is on the medium, beside its start: reading it is an I/O error, or gives zeros, until it is written anew. */
    public void loseContent() throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(1 << 20);
        }
        Files.writeString(Path.of("/proc/sys/vm/drop_caches"), "1");
    }

    /** Takes all the room there is, as somebody else's files would; deleting the file gives it back. */
    public Path fill() throws IOException {
        Path file = root.resolve("other");
        // Behind what the system keeps for root, and the file system for itself.
        run(List.of("fallocate", "--length", Long.toString(freeBytes() - (1 << 20)), file.toString()));
        byte[] zeros = new byte[64 << 10];
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.APPEND)) {
            while (true) {
                out.write(zeros);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
            return file;
        }
    }

    public void unmount() {
        // A process that was killed may hold its files for a moment longer.
        Awaitility.await()
                .atMost(COMMAND_TIMEOUT)
                .ignoreException(IOException.class)
                .until(() -> {
                    run(List.of("umount", root.toString()));
                    return true;
                });
    }

    public long freeBytes() throws IOException {
        return Files.getFileStore(root).getUsableSpace();
    }

    @Override
    public void close() throws IOException {
        if (isMounted()) {
            unmount();
        }
        Files.deleteIfExists(image);
        Files.deleteIfExists(root);
    }

    private boolean isMounted() throws IOException {
        return Files.readAllLines(Path.of("/proc/mounts")).stream().anyMatch(line -> line.contains(" " + root + " "));
    }

    private static void run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(COMMAND_TIMEOUT.toSeconds(), TimeUnit.SECONDS))
                    .as("%s ends", command)
                    .isTrue();
            if (process.exitValue() != 0) {
                throw new IOException(command + " said: " + said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
