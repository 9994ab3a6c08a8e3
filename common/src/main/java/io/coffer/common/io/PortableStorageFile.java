package io.coffer.common.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * A file where {@link Libc} isn't available. An asynchronous channel whose "pool" is the calling thread: unlike a
 * {@code FileChannel} it isn't closed by an interrupt, and with that executor the future is done when it is returned.
 */
final class PortableStorageFile implements StorageFile {
    private final AsynchronousFileChannel channel;
    private final String path;
    private final boolean writable;

    PortableStorageFile(AsynchronousFileChannel channel, String path, boolean writable) {
        this.channel = channel;
        this.path = path;
        this.writable = writable;
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        NativeStorageFile.requirePosition(position);
        return target.hasRemaining() ? done(channel.read(target, position)) : 0;
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
        NativeStorageFile.requirePosition(position);
        requireWritable();
        long at = position;
        while (source.hasRemaining()) {
            at += done(channel.write(source, at));
        }
    }

    @Override
    public void sync() throws IOException {
        channel.force(false);
    }

    @Override
    public long size() throws IOException {
        return channel.size();
    }

    @Override
    public void truncate(long size) throws IOException {
        NativeStorageFile.requirePosition(size);
        requireWritable();
        channel.truncate(size);
        grow(size);
    }

    @Override
    public void allocate(long position, long length) throws IOException {
        NativeStorageFile.requireRange(position, length);
        requireWritable();
        if (length > 0) {
            grow(position + length);
        }
    }

    private void grow(long size) throws IOException {
        if (channel.size() < size) {
            write(ByteBuffer.allocate(1), size - 1);
        }
    }

    @Override
    public void punchHole(long position, long length) throws IOException {
        NativeStorageFile.requireRange(position, length);
        requireWritable();
        Zeros.write(this, position, length);
    }

    @Override
    public boolean supportsPunchHole() {
        return false;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private void requireWritable() throws IOException {
        if (!writable) {
            throw new ReadOnlyException(path + " is open for reading only");
        }
    }

    private static int done(Future<Integer> result) throws IOException {
        return switch (result.state()) {
            case SUCCESS -> result.resultNow();
            case FAILED ->
                throw result.exceptionNow() instanceof IOException e ? e : new IOException(result.exceptionNow());
            case RUNNING, CANCELLED -> throw new IllegalStateException("the calling thread did not do the I/O");
        };
    }

    /** Runs every task at once, in the thread that hands it in. Never shut down: it holds nothing. */
    static final class CallingThread extends AbstractExecutorService {
        @Override
        public void execute(Runnable command) {
            command.run();
        }

        @Override
        public void shutdown() {}

        @Override
        public List<Runnable> shutdownNow() {
            return List.of();
        }

        @Override
        public boolean isShutdown() {
            return false;
        }

        @Override
        public boolean isTerminated() {
            return false;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return false;
        }
    }

    @Override
    public String toString() {
        return path;
    }
}
