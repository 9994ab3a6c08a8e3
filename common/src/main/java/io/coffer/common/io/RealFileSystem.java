package io.coffer.common.io;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A directory of the machine's own file system. Files it creates are readable by their owner alone. */
public final class RealFileSystem implements FileSystem {
    private static final int PROBE_BYTES = 4096;

    private final Path root;
    private final Optional<Libc> libc;

    /** Whether this disk punches holes; unknown until the first file was opened for writing. */
    private final AtomicReference<@Nullable Boolean> punchesHoles = new AtomicReference<>();

    private final long keptBytes;

    private RealFileSystem(Path root, Optional<Libc> libc, long keptBytes) {
        this.root = root;
        this.libc = libc;
        this.keptBytes = keptBytes;
    }

    /** The tree below a directory, which need not exist yet ({@code createDirectories("")} creates it). */
    public static RealFileSystem at(String directory) {
        return at(Path.of(directory));
    }

    public static RealFileSystem at(Path directory) {
        return new RealFileSystem(directory.toAbsolutePath().normalize(), Libc.instance(), 0);
    }

    /** The same tree to one who must leave so much free space to others on this disk: {@link #space} doesn't count it. */
    public RealFileSystem keeping(long bytes) {
        return new RealFileSystem(root, libc, bytes);
    }

    /** The same without system calls of our own, as on systems that aren't Linux. */
    static RealFileSystem portable(Path directory) {
        return new RealFileSystem(directory.toAbsolutePath().normalize(), Optional.empty(), 0);
    }

    /**
     * Opens another process' file for reading.
     *
     * @param location as {@link #location} told it
     * @throws IOException if there is no such file, or this process may not read it
     */
    public static StorageFile openHere(String location) throws IOException {
        Path path = Path.of(location);
        Path directory = path.getParent();
        // Reading something else might wait for ever.
        if (directory == null || !path.isAbsolute() || !Files.isRegularFile(path)) {
            throw new IOException("it isn't a file");
        }
        return at(directory).open(path.getFileName().toString(), OpenMode.READ);
    }

    @Override
    public Optional<String> location(String path) {
        return Optional.of(below(path).toString());
    }

    @Override
    public StorageFile open(String path, OpenMode mode) throws IOException {
        Path real = below(path);
        if (libc.isPresent()) {
            return openNative(libc.get(), real, mode);
        }
        if (Files.isDirectory(real)) {
            throw new IOException(real + " is a directory");
        }
        return translated(() -> new PortableStorageFile(openChannel(real, mode), real.toString(), mode.writable()));
    }

    private NativeStorageFile openNative(Libc calls, Path real, OpenMode mode) throws IOException {
        int flags = switch (mode) {
            case READ -> Libc.O_RDONLY;
            case READ_WRITE -> Libc.O_RDWR;
            case CREATE_NEW -> Libc.O_RDWR | Libc.O_CREAT | Libc.O_EXCL;
            case CREATE -> Libc.O_RDWR | Libc.O_CREAT;
        };
        // The other modes ask for write access, which the system refuses on a directory.
        if (mode == OpenMode.READ && Files.isDirectory(real)) {
            throw new IOException(real + " is a directory");
        }
        int fd = calls.open(real, flags);
        boolean opened = false;
        try {
            boolean punch = mode.writable() && punchesHoles(calls, fd, real);
            NativeStorageFile file = new NativeStorageFile(calls, fd, real.toString(), mode.writable(), punch);
            opened = true;
            return file;
        } finally {
            if (!opened) {
                calls.close(fd, real.toString());
            }
        }
    }

    /** Asked by punching behind the end of the file, which changes nothing. */
    private boolean punchesHoles(Libc calls, int fd, Path real) throws IOException {
        Boolean known = punchesHoles.get();
        if (known == null) {
            long behind = Math.ceilDiv(calls.size(fd, real.toString()), PROBE_BYTES) * (long) PROBE_BYTES;
            int mode = Libc.FALLOC_FL_PUNCH_HOLE | Libc.FALLOC_FL_KEEP_SIZE;
            known = calls.fallocate(fd, mode, behind, PROBE_BYTES, real.toString());
            punchesHoles.set(known);
        }
        return known;
    }

    private static AsynchronousFileChannel openChannel(Path real, OpenMode mode) throws IOException {
        Set<? extends OpenOption> options = switch (mode) {
            case READ -> Set.of(StandardOpenOption.READ);
            case READ_WRITE -> Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE);
            case CREATE_NEW -> Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
            case CREATE -> Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
        };
        var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        return AsynchronousFileChannel.open(real, options, new PortableStorageFile.CallingThread(), owner);
    }

    @Override
    public boolean exists(String path) {
        return Files.exists(resolve(path));
    }

    @Override
    public List<String> list(String directory) throws IOException {
        Path real = resolve(directory);
        return translated(() -> {
            List<String> names = new ArrayList<>();
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(real)) {
                for (Path entry : entries) {
                    names.add(entry.getFileName().toString());
                }
            }
            names.sort(null);
            return names;
        });
    }

    @Override
    public void createDirectories(String path) throws IOException {
        Path real = resolve(path);
        Deque<Path> missing = new ArrayDeque<>();
        for (Path at = real; at != null && !Files.isDirectory(at); at = at.getParent()) {
            missing.push(at);
        }
        for (Path directory : missing) {
            translated(() -> createDirectory(directory));
            Path parent = directory.getParent();
            if (parent != null) {
                sync(parent);
            }
        }
    }

    private static Path createDirectory(Path directory) throws IOException {
        try {
            return Files.createDirectory(directory);
        } catch (FileAlreadyExistsException e) {
            if (Files.isDirectory(directory)) {
                return directory; // another thread was quicker
            }
            throw e;
        }
    }

    @Override
    public void delete(String path) throws IOException {
        Path real = below(path);
        translated(() -> {
            Files.delete(real);
            return real;
        });
    }

    @Override
    public void deleteRecursively(String path) throws IOException {
        Path real = below(path);
        if (!Files.exists(real, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        translated(() -> Files.walkFileTree(real, new Deleter()));
    }

    private static final class Deleter extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure) throws IOException {
            if (failure != null) {
                throw failure;
            }
            Files.deleteIfExists(directory);
            return FileVisitResult.CONTINUE;
        }
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Path source = below(from);
        Path target = below(to);
        translated(() -> Files.move(source, target, StandardCopyOption.ATOMIC_MOVE));
    }

    @Override
    public void syncDirectory(String path) throws IOException {
        sync(resolve(path));
    }

    private void sync(Path directory) throws IOException {
        if (libc.isPresent()) {
            Libc calls = libc.get();
            int fd = calls.open(directory, Libc.O_RDONLY);
            try {
                calls.fsync(fd, directory.toString());
            } finally {
                calls.close(fd, directory.toString());
            }
            return;
        }
        translated(() -> {
            try (AsynchronousFileChannel channel = openChannel(directory, OpenMode.READ)) {
                channel.force(true);
            }
            return directory;
        });
    }

    @Override
    public Lock lock(String path) throws IOException {
        Path real = below(path);
        return libc.isPresent() ? lockNative(libc.get(), real) : translated(() -> lockPortable(real));
    }

    private static Lock lockNative(Libc calls, Path real) throws IOException {
        int fd = calls.open(real, Libc.O_RDWR | Libc.O_CREAT);
        boolean locked = false;
        try {
            locked = calls.tryLock(fd, real.toString());
            if (!locked) {
                throw new AlreadyLockedException(real.toString());
            }
        } finally {
            if (!locked) {
                calls.close(fd, real.toString());
            }
        }
        return new NativeStorageFile(calls, fd, real.toString(), false, false)::close;
    }

    private static Lock lockPortable(Path real) throws IOException {
        FileChannel channel = FileChannel.open(real, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return channel::close;
            }
        } catch (OverlappingFileLockException e) {
            channel.close();
            throw new AlreadyLockedException(real.toString());
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        channel.close();
        throw new AlreadyLockedException(real.toString());
    }

    @Override
    public Space space() throws IOException {
        return translated(() -> {
            FileStore store = Files.getFileStore(root);
            long total = store.getTotalSpace();
            return new Space(total, Math.max(0, Math.min(total, store.getUsableSpace()) - keptBytes));
        });
    }

    @Override
    public FileSystem subdirectory(String path) {
        return new RealFileSystem(resolve(path), libc, keptBytes);
    }

    @Override
    public Optional<String> realPath(String path) {
        return Optional.of(resolve(path).toString());
    }

    private Path resolve(String path) {
        return root.resolve(StoragePaths.requireValid(path));
    }

    private Path below(String path) {
        return root.resolve(StoragePaths.requireBelowRoot(path));
    }

    private interface Call<T> {
        T run() throws IOException;
    }

    private static <T> T translated(Call<T> call) throws IOException {
        try {
            return call.run();
        } catch (NoSuchFileException e) {
            throw withCause(new FileNotFoundException(e.getFile()), e);
        } catch (FileAlreadyExistsException e) {
            throw withCause(new FileExistsException(e.getFile()), e);
        } catch (FileSystemException e) {
            throw byReason(e);
        }
    }

    /** Java keeps no errno, only the text the C library has for it. */
    private static IOException byReason(FileSystemException e) {
        return switch (e.getReason()) {
            case NoSpaceException.DISK_FULL, NoSpaceException.QUOTA_USED ->
                withCause(new NoSpaceException(e.toString()), e);
            case "Read-only file system" -> withCause(new ReadOnlyException(e.toString()), e);
            case null, default -> e;
        };
    }

    private static IOException withCause(IOException translated, IOException cause) {
        translated.initCause(cause);
        return translated;
    }

    @Override
    public String toString() {
        return root.toString();
    }
}
