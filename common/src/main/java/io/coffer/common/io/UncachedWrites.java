package io.coffer.common.io;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * A second descriptor of an open file, past the page cache (O_DIRECT), opened when it is first needed. Thread-safe; the file it
 * belongs to sees to it that nobody writes while it is closed.
 *
 * <p>The system keeps both ways consistent: a direct write first writes back and then drops what the cache holds of its range,
 * before and after, so that reads through the cache see it.
 */
final class UncachedWrites {
    private static final int UNKNOWN = -1;
    private static final int REFUSED = -2;

    private final Libc libc;
    private final int cachedFd;
    private final String path;
    private volatile int directFd = UNKNOWN;

    UncachedWrites(Libc libc, int cachedFd, String path) {
        this.libc = libc;
        this.cachedFd = cachedFd;
        this.path = path;
    }

    /** How many of the bytes were written, from the first on; the rest has to take the ordinary way. */
    long write(MemorySegment source, long position) throws IOException {
        long done = 0;
        while (done < source.byteSize()
                && isAligned(source.address() + done, position + done, source.byteSize() - done)) {
            int fd = descriptor();
            long count = fd < 0 ? UNKNOWN : libc.tryPwrite(fd, source.asSlice(done), position + done, path);
            if (count < 0) {
                return done;
            }
            done += count;
        }
        return done;
    }

    private static boolean isAligned(long address, long position, long length) {
        return ((address | position | length) & (StorageFile.UNCACHED_ALIGNMENT - 1)) == 0;
    }

    private int descriptor() {
        int known = directFd;
        return known == UNKNOWN ? open() : known;
    }

    private synchronized int open() {
        if (directFd == UNKNOWN) {
            try {
                // Not by its name: somebody may have renamed it, and another file may have that name now.
                directFd = libc.open(Path.of("/proc/self/fd/" + cachedFd), Libc.O_RDWR | Libc.O_DIRECT);
            } catch (IOException e) {
                directFd = REFUSED; // no such thing on this file system
            }
        }
        return directFd;
    }

    void close() throws IOException {
        if (directFd >= 0) {
            libc.close(directFd, path);
        }
    }
}
