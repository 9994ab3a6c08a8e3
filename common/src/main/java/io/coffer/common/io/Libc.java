package io.coffer.common.io;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The system calls the file system needs on 64-bit Linux, through the foreign function interface: those Java doesn't
 * offer (fallocate, punching holes, flock) and those it offers only on channels that an interrupt closes. Failures are
 * {@link IOException}s that say what errno said. Constants are those of the generic Linux ABI; x86-64 and aarch64 agree on all
 * but one.
 */
final class Libc {
    static final int O_RDONLY = 0;
    static final int O_RDWR = 2;
    static final int O_CREAT = 0x40;
    static final int O_EXCL = 0x80;
    static final int O_CLOEXEC = 0x80000;
    static final int O_DIRECT = System.getProperty("os.arch", "").equals("aarch64") ? 0x10000 : 0x4000;
    static final int FALLOC_FL_KEEP_SIZE = 1;
    static final int FALLOC_FL_PUNCH_HOLE = 2;

    private static final int RWF_NOWAIT = 8;
    private static final int SEEK_END = 2;
    private static final int LOCK_EX = 2;
    private static final int LOCK_NB = 4;
    private static final int OWNER_READ_WRITE = 0b110_000_000;

    private static final int ENOENT = 2;
    private static final int EINTR = 4;
    private static final int EIO = 5;
    private static final int EAGAIN = 11;
    private static final int EACCES = 13;
    private static final int EEXIST = 17;
    private static final int ENODEV = 19;
    private static final int ENOTDIR = 20;
    private static final int EISDIR = 21;
    private static final int EINVAL = 22;
    private static final int EMFILE = 24;
    private static final int EFBIG = 27;
    private static final int ENOSPC = 28;
    private static final int EROFS = 30;
    private static final int ENOSYS = 38;
    private static final int EOPNOTSUPP = 95;
    private static final int EDQUOT = 122;

    private static final StructLayout CAPTURED = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CAPTURED.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    /** One per thread, because errno is; a few bytes, freed with the thread. */
    private static final ThreadLocal<MemorySegment> STATE =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(CAPTURED));

    private static final Charset PATH_CHARSET = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

    private static final Optional<Libc> INSTANCE = load();

    private final MethodHandle open;
    private final MethodHandle close;
    private final MethodHandle pread;

    /** Null in C libraries that haven't got it. */
    private final @Nullable MethodHandle preadv2;

    private final MethodHandle pwrite;
    private final MethodHandle fdatasync;
    private final MethodHandle fsync;
    private final MethodHandle ftruncate;
    private final MethodHandle fallocate;
    private final MethodHandle lseek;
    private final MethodHandle flock;

    private Libc(Linker linker) {
        ValueLayout i = ValueLayout.JAVA_INT;
        ValueLayout l = ValueLayout.JAVA_LONG;
        ValueLayout p = ValueLayout.ADDRESS;
        Linker.Option variadic = Linker.Option.firstVariadicArg(2);
        open = bind(linker, "open", FunctionDescriptor.of(i, p, i, i), variadic);
        close = bind(linker, "close", FunctionDescriptor.of(i, i));
        pread = bind(linker, "pread", FunctionDescriptor.of(l, i, p, l, l));
        preadv2 = linker.defaultLookup().find("preadv2").isPresent()
                ? bind(linker, "preadv2", FunctionDescriptor.of(l, i, p, i, l, i))
                : null;
        pwrite = bind(linker, "pwrite", FunctionDescriptor.of(l, i, p, l, l));
        fdatasync = bind(linker, "fdatasync", FunctionDescriptor.of(i, i));
        fsync = bind(linker, "fsync", FunctionDescriptor.of(i, i));
        ftruncate = bind(linker, "ftruncate", FunctionDescriptor.of(i, i, l));
        fallocate = bind(linker, "fallocate", FunctionDescriptor.of(i, i, i, l, l));
        lseek = bind(linker, "lseek", FunctionDescriptor.of(l, i, l, i));
        flock = bind(linker, "flock", FunctionDescriptor.of(i, i, i));
    }

    /** Empty where the system isn't 64-bit Linux, or native access is denied to us. */
    static Optional<Libc> instance() {
        return INSTANCE;
    }

    private static Optional<Libc> load() {
        boolean linux =
                System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("linux");
        if (!linux || ValueLayout.ADDRESS.byteSize() != Long.BYTES) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Libc(Linker.nativeLinker()));
        } catch (IllegalCallerException | UnsupportedOperationException | UnsatisfiedLinkError e) {
            return Optional.empty();
        }
    }

    @SuppressWarnings("restricted") // the descriptors are those of the C library
    private static MethodHandle bind(
            Linker linker, String name, FunctionDescriptor descriptor, Linker.Option... options) {
        MemorySegment address =
                linker.defaultLookup().find(name).orElseThrow(() -> new UnsatisfiedLinkError("libc has no " + name));
        Linker.Option[] all = new Linker.Option[options.length + 1];
        all[0] = Linker.Option.captureCallState("errno");
        System.arraycopy(options, 0, all, 1, options.length);
        return linker.downcallHandle(address, descriptor, all);
    }

    int open(Path path, int flags) throws IOException {
        MemorySegment state = STATE.get();
        int fd;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(path.toString(), PATH_CHARSET);
            do {
                fd = (int) open.invokeExact(state, name, flags | O_CLOEXEC, OWNER_READ_WRITE);
            } while (fd < 0 && errno(state) == EINTR);
        } catch (Throwable t) {
            throw unexpected(t);
        }
        if (fd < 0) {
            throw failure("open", path.toString(), errno(state));
        }
        return fd;
    }

    void close(int fd, String path) throws IOException {
        MemorySegment state = STATE.get();
        int result;
        try {
            // Never retried: Linux has released the descriptor even when close reports EINTR.
            result = (int) close.invokeExact(state, fd);
        } catch (Throwable t) {
            throw unexpected(t);
        }
        if (result < 0 && errno(state) != EINTR) {
            throw failure("close", path, errno(state));
        }
    }

    /** The number of bytes read, 0 at the end of the file. */
    long pread(int fd, MemorySegment target, long position, String path) throws IOException {
        MemorySegment state = STATE.get();
        long count;
        try {
            do {
                count = (long) pread.invokeExact(state, fd, target, target.byteSize(), position);
            } while (count < 0 && errno(state) == EINTR);
        } catch (Throwable t) {
            throw unexpected(t);
        }
        if (count < 0) {
            throw failure("read", path, errno(state));
        }
        return count;
    }

    /** The number of bytes read out of the page cache; -1 if the disk would have to be read, or the system can't tell; 0 at the end. */
    long preadCached(int fd, MemorySegment target, long position, String path) throws IOException {
        if (preadv2 == null) {
            return -1;
        }
        MemorySegment state = STATE.get();
        long count;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment vector = arena.allocate(ValueLayout.ADDRESS.byteSize() + Long.BYTES, Long.BYTES);
            vector.set(ValueLayout.ADDRESS, 0, target);
            vector.set(ValueLayout.JAVA_LONG, ValueLayout.ADDRESS.byteSize(), target.byteSize());
            do {
                count = (long) preadv2.invokeExact(state, fd, vector, 1, position, RWF_NOWAIT);
            } while (count < 0 && errno(state) == EINTR);
        } catch (Throwable t) {
            throw unexpected(t);
        }
        if (count >= 0) {
            return count;
        }
        return switch (errno(state)) {
            case EAGAIN, EINVAL, ENOSYS, EOPNOTSUPP -> -1;
            default -> throw failure("read", path, errno(state));
        };
    }

    long pwrite(int fd, MemorySegment source, long position, String path) throws IOException {
        long count = tryPwrite(fd, source, position, path);
        if (count < 0) {
            throw failure("write", path, EINVAL);
        }
        return count;
    }

    /** -1 when the file system won't have it like this (EINVAL): nothing was written. */
    long tryPwrite(int fd, MemorySegment source, long position, String path) throws IOException {
        MemorySegment state = STATE.get();
        long count;
        try {
            do {
                count = (long) pwrite.invokeExact(state, fd, source, source.byteSize(), position);
            } while (count < 0 && errno(state) == EINTR);
        } catch (Throwable t) {
            throw unexpected(t);
        }
        if (count < 0 && errno(state) != EINVAL) {
            throw failure("write", path, errno(state));
        }
        return count;
    }

    void fdatasync(int fd, String path) throws IOException {
        sync(fdatasync, "fdatasync", fd, path);
    }

    void fsync(int fd, String path) throws IOException {
        sync(fsync, "fsync", fd, path);
    }

    private static void sync(MethodHandle call, String name, int fd, String path) throws IOException {
        MemorySegment state = STATE.get();
        int result;
        try {
            // Never retried, whatever the error: the pages may have been marked clean.
            result = (int) call.invokeExact(state, fd);
        } catch (Throwable t) {
            throw unexpected(t);
        }
        if (result < 0) {
            throw failure(name, path, errno(state));
        }
    }

    void ftruncate(int fd, long size, String path) throws IOException {
        MemorySegment state = STATE.get();
        int result;
        try {
            do {
                result = (int) ftruncate.invokeExact(state, fd, size);
            } while (result < 0 && errno(state) == EINTR);
        } catch (Throwable t) {
            throw unexpected(t);
        }
        if (result < 0) {
            throw failure("truncate", path, errno(state));
        }
    }

    /** False when this file system can't do it in this mode. */
    boolean fallocate(int fd, int mode, long position, long length, String path) throws IOException {
        MemorySegment state = STATE.get();
        int result;
        try {
            do {
                result = (int) fallocate.invokeExact(state, fd, mode, position, length);
            } while (result < 0 && errno(state) == EINTR);
        } catch (Throwable t) {
            throw unexpected(t);
        }
        if (result < 0) {
            int errno = errno(state);
            if (errno == EOPNOTSUPP || errno == ENOSYS || errno == ENODEV) {
                return false;
            }
            throw failure("fallocate", path, errno);
        }
        return true;
    }

    long size(int fd, String path) throws IOException {
        MemorySegment state = STATE.get();
        long size;
        try {
            size = (long) lseek.invokeExact(state, fd, 0L, SEEK_END);
        } catch (Throwable t) {
            throw unexpected(t);
        }
        if (size < 0) {
            throw failure("size", path, errno(state));
        }
        return size;
    }

    /** False when another open file description, of this process or another, holds the lock. */
    boolean tryLock(int fd, String path) throws IOException {
        MemorySegment state = STATE.get();
        int result;
        try {
            do {
                result = (int) flock.invokeExact(state, fd, LOCK_EX | LOCK_NB);
            } while (result < 0 && errno(state) == EINTR);
        } catch (Throwable t) {
            throw unexpected(t);
        }
        if (result < 0 && errno(state) != EAGAIN) {
            throw failure("lock", path, errno(state));
        }
        return result == 0;
    }

    private static int errno(MemorySegment state) {
        return (int) ERRNO.get(state, 0L);
    }

    private static IOException failure(String call, String path, int errno) {
        return switch (errno) {
            case ENOENT -> new FileNotFoundException(path);
            case EEXIST -> new FileExistsException(path);
            case ENOSPC, EDQUOT -> new NoSpaceException(path + ": " + call + ": " + describe(errno));
            case EROFS -> new ReadOnlyException(path + ": " + call + ": " + describe(errno));
            default -> new IOException(path + ": " + call + ": " + describe(errno));
        };
    }

    private static String describe(int errno) {
        return switch (errno) {
            case EIO -> "input/output error (EIO)";
            case EACCES -> "permission denied (EACCES)";
            case ENOTDIR -> "not a directory (ENOTDIR)";
            case EISDIR -> "is a directory (EISDIR)";
            case EINVAL -> "invalid argument (EINVAL)";
            case EMFILE -> "too many open files (EMFILE)";
            case EFBIG -> "file too large (EFBIG)";
            case ENOSPC -> "no space left on device (ENOSPC)";
            case EROFS -> "read-only file system (EROFS)";
            case EDQUOT -> "quota exceeded (EDQUOT)";
            default -> "errno " + errno;
        };
    }

    /** A downcall itself throws nothing but what the JVM throws at any place. */
    private static RuntimeException unexpected(Throwable t) {
        if (t instanceof Error error) {
            throw error;
        }
        return t instanceof RuntimeException e ? e : new IllegalStateException(t);
    }
}
