package io.coffer.common.io;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;

/**
 * A file behind a descriptor of its own. Not a {@code FileChannel}, because an interrupt closes those, for every thread
 * that shares them.
 *
 * <p>A descriptor number is reused by the system as soon as it is closed, so none may be closed while a call uses it:
 * {@code uses} counts the calls under way, its sign bit says that the file is closed, and whoever finds the count at
 * nothing with the bit set closes the descriptors.
 */
final class NativeStorageFile implements StorageFile {
    /** Heap buffers are copied through native memory in steps of this, so that a large one needs little of it. */
    private static final int HEAP_STEP_BYTES = 256 * 1024;

    private static final int CLOSED = Integer.MIN_VALUE;
    private static final VarHandle USES;

    static {
        try {
            USES = MethodHandles.lookup().findVarHandle(NativeStorageFile.class, "uses", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Libc libc;
    private final int fd;
    private final String path;
    private final boolean writable;
    private final boolean punchHole;
    private final UncachedWrites uncached;

    private volatile int uses;

    NativeStorageFile(Libc libc, int fd, String path, boolean writable, boolean punchHole) {
        this.libc = libc;
        this.fd = fd;
        this.path = path;
        this.writable = writable;
        this.punchHole = punchHole;
        this.uncached = new UncachedWrites(libc, fd, path);
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        requirePosition(position);
        if (!target.hasRemaining()) {
            return 0;
        }
        enter();
        try {
            int count = target.isDirect() ? readDirect(target, position) : readHeap(target, position);
            return count == 0 ? -1 : count;
        } finally {
            exit();
        }
    }

    private int readDirect(ByteBuffer target, long position) throws IOException {
        int count = (int) libc.pread(fd, MemorySegment.ofBuffer(target), position, path);
        target.position(target.position() + count);
        return count;
    }

    /** Only into memory outside the heap. */
    @Override
    public boolean readCached(ByteBuffer target, long position) throws IOException {
        requirePosition(position);
        enter();
        try {
            long at = position;
            while (target.hasRemaining()) {
                int count =
                        target.isDirect() ? (int) libc.preadCached(fd, MemorySegment.ofBuffer(target), at, path) : 0;
                if (count <= 0) {
                    return false;
                }
                target.position(target.position() + count);
                at += count;
            }
            return true;
        } finally {
            exit();
        }
    }

    private int readHeap(ByteBuffer target, long position) throws IOException {
        int step = Math.min(target.remaining(), HEAP_STEP_BYTES);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment between = arena.allocate(step);
            int count = (int) libc.pread(fd, between, position, path);
            MemorySegment heap = MemorySegment.ofBuffer(target);
            MemorySegment.copy(between, 0, heap, 0, count);
            target.position(target.position() + count);
            return count;
        }
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
        requirePosition(position);
        requireWritable();
        enter();
        try {
            if (source.isDirect()) {
                writeAll(MemorySegment.ofBuffer(source), position);
                source.position(source.limit());
            } else {
                writeHeap(source, position);
            }
        } finally {
            exit();
        }
    }

    @Override
    public void writeUncached(ByteBuffer source, long position) throws IOException {
        if (!source.isDirect()) {
            write(source, position);
            return;
        }
        requirePosition(position);
        requireWritable();
        enter();
        try {
            MemorySegment bytes = MemorySegment.ofBuffer(source);
            long done = uncached.write(bytes, position);
            writeAll(bytes.asSlice(done), position + done);
            source.position(source.limit());
        } finally {
            exit();
        }
    }

    private void writeHeap(ByteBuffer source, long position) throws IOException {
        long at = position;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment between = arena.allocate(Math.max(1, Math.min(source.remaining(), HEAP_STEP_BYTES)));
            while (source.hasRemaining()) {
                int step = Math.min(source.remaining(), HEAP_STEP_BYTES);
                MemorySegment.copy(MemorySegment.ofBuffer(source), 0, between, 0, step);
                writeAll(between.asSlice(0, step), at);
                source.position(source.position() + step);
                at += step;
            }
        }
    }

    private void writeAll(MemorySegment source, long position) throws IOException {
        long done = 0;
        while (done < source.byteSize()) {
            done += libc.pwrite(fd, source.asSlice(done), position + done, path);
        }
    }

    @Override
    public void sync() throws IOException {
        enter();
        try {
            libc.fdatasync(fd, path);
        } finally {
            exit();
        }
    }

    @Override
    public long size() throws IOException {
        enter();
        try {
            return libc.size(fd, path);
        } finally {
            exit();
        }
    }

    @Override
    public void truncate(long size) throws IOException {
        requirePosition(size);
        requireWritable();
        enter();
        try {
            libc.ftruncate(fd, size, path);
        } finally {
            exit();
        }
    }

    @Override
    public void allocate(long position, long length) throws IOException {
        requireRange(position, length);
        requireWritable();
        if (length == 0) {
            return;
        }
        enter();
        try {
            if (!libc.fallocate(fd, 0, position, length, path) && libc.size(fd, path) < position + length) {
                libc.ftruncate(fd, position + length, path);
            }
        } finally {
            exit();
        }
    }

    @Override
    public void punchHole(long position, long length) throws IOException {
        requireRange(position, length);
        requireWritable();
        if (length == 0) {
            return;
        }
        enter();
        try {
            int mode = Libc.FALLOC_FL_PUNCH_HOLE | Libc.FALLOC_FL_KEEP_SIZE;
            if (!punchHole || !libc.fallocate(fd, mode, position, length, path)) {
                Zeros.write(this, position, length);
            }
        } finally {
            exit();
        }
    }

    @Override
    public boolean supportsPunchHole() {
        return punchHole;
    }

    @Override
    public void close() throws IOException {
        int before = (int) USES.getAndBitwiseOr(this, CLOSED);
        if (before == 0) {
            closeDescriptors();
        }
    }

    private void enter() throws IOException {
        int before;
        do {
            before = uses;
            if (before < 0) {
                throw new ClosedChannelException();
            }
        } while (!USES.compareAndSet(this, before, before + 1));
    }

    private void exit() throws IOException {
        int before = (int) USES.getAndAdd(this, -1);
        if (before == CLOSED + 1) {
            closeDescriptors();
        }
    }

    private void closeDescriptors() throws IOException {
        try {
            uncached.close();
        } finally {
            libc.close(fd, path);
        }
    }

    private void requireWritable() throws IOException {
        if (!writable) {
            throw new ReadOnlyException(path + " is open for reading only");
        }
    }

    static void requirePosition(long position) {
        if (position < 0) {
            throw new IllegalArgumentException("negative position " + position);
        }
    }

    static void requireRange(long position, long length) {
        if (position < 0 || length < 0 || position > Long.MAX_VALUE - length) {
            throw new IllegalArgumentException("range of " + length + " bytes at " + position);
        }
    }

    @Override
    public String toString() {
        return path;
    }
}
