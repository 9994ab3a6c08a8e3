package io.coffer.common.chunk.remote;

import io.coffer.common.checksum.BlockChecksums;
import io.coffer.common.chunk.ChunkAddress;
import io.coffer.common.chunk.ChunkException;
import io.coffer.common.chunk.LocatedChunk;
import io.coffer.common.chunk.wire.ChunkTransport;
import io.coffer.common.io.StorageFile;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads of chunks that are on this host, out of the dataserver's own files, as far as the page cache has them: it tells where a chunk is, and
 * reads the disk. So a disk that hangs holds up the dataserver's threads, which are made for that, and none here. Every block is verified, and afterwards the
 * file's guard: what is returned is what the dataserver would have sent. Thread-safe, bounded.
 */
final class LocalReads implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalReads.class);

    private final Peer peer;
    private final OpenFiles files = new OpenFiles(Limits.MAX_LOCAL_FILES, Limits.IDLE_LOCAL_FILE);
    private final LongAdder bytes = new LongAdder();

    /** Where chunks were when they were last read, the one that was read longest ago first; guarded by itself. */
    private final Map<ChunkAddress, LocatedChunk> places = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<ChunkAddress, LocatedChunk> eldest) {
            return size() > Limits.MAX_LOCAL_PLACES;
        }
    };

    private volatile long triedAgainNanos = System.nanoTime();

    /** Asks the dataserver. */
    interface Locator {
        LocatedChunk locate(ChunkAddress chunk) throws ChunkException;
    }

    LocalReads(Peer peer) {
        this.peer = peer;
    }

    /** Bytes read so far without asking the dataserver for them. */
    long bytes() {
        return bytes.sum();
    }

    /** How a read from a file ended. */
    private enum Result {
        DONE,
        /** The bytes aren't in memory. */
        NOT_CACHED,
        /** They aren't there, or aren't what they should be. */
        UNEXPECTED
    }

    /**
     * Fills the target from an offset of the chunk. If that can't be done without waiting for the disk, it returns false, the target's position
     * is where it was, and the dataserver has to be asked.
     *
     * @throws ChunkException what the dataserver says when it is asked where the chunk is
     */
    boolean read(ChunkAddress chunk, long offset, ByteBuffer target, Locator locator) throws ChunkException {
        if (triedAgainNanos - System.nanoTime() > 0) {
            return false;
        }
        LocatedChunk known;
        synchronized (places) {
            known = places.get(chunk);
        }
        if (known != null) {
            Result result = read(known, offset, target);
            if (result != Result.UNEXPECTED) {
                return result == Result.DONE;
            }
        }
        LocatedChunk place = locator.locate(chunk);
        Result result = read(place, offset, target);
        synchronized (places) {
            if (result == Result.UNEXPECTED) {
                places.remove(chunk);
            } else {
                places.put(chunk, place);
            }
        }
        return result == Result.DONE;
    }

    private Result read(LocatedChunk place, long offset, ByteBuffer target) {
        int start = target.position();
        int wanted = target.remaining();
        if (offset + wanted > place.length()) {
            return Result.UNEXPECTED; // the dataserver knows what to say to that
        }
        StorageFile file = open(place.path());
        if (file == null) {
            return Result.UNEXPECTED;
        }
        Result result;
        try {
            result = blocks(file, place, offset, target);
            if (result == Result.DONE && !hasGuard(file, place.guard())) {
                result = Result.UNEXPECTED;
            }
        } catch (IOException e) {
            // A disk that fails, or a file that was closed meanwhile; the dataserver finds out which.
            LOG.debug("{} can't be read from here: {}", place.path(), e.getMessage());
            result = Result.UNEXPECTED;
        }
        if (result == Result.DONE) {
            bytes.add(wanted);
        } else {
            target.position(start);
        }
        return result;
    }

    private @Nullable StorageFile open(String path) {
        try {
            return files.open(path);
        } catch (IOException e) {
            LOG.info(
                    "chunks of node {} come over the network: {} can't be opened here: {}", peer, path, e.getMessage());
            triedAgainNanos = System.nanoTime() + Limits.LOCAL_RETRY.toNanos();
            return null;
        }
    }

    private static Result blocks(StorageFile file, LocatedChunk place, long offset, ByteBuffer target)
            throws IOException {
        int limit = target.limit();
        long position = offset;
        Result result = Result.DONE;
        while (result == Result.DONE && target.hasRemaining()) {
            int inBlock = (int) (position % BlockChecksums.BLOCK_SIZE);
            int block = (int) (position / BlockChecksums.BLOCK_SIZE);
            int blockBytes = (int) Math.min(BlockChecksums.BLOCK_SIZE, place.length() - position + inBlock);
            int wanted = Math.min(blockBytes - inBlock, target.remaining());
            if (wanted == blockBytes) {
                target.limit(target.position() + wanted);
                result = block(file, place, block, target);
                target.limit(limit);
            } else {
                result = part(file, place, new Part(block, blockBytes, inBlock, wanted), target);
            }
            position += wanted;
        }
        target.limit(limit);
        return result;
    }

    /** Fills the target with a whole block and verifies it. */
    private static Result block(StorageFile file, LocatedChunk place, int block, ByteBuffer target) throws IOException {
        ByteBuffer whole = target.duplicate();
        if (!file.readCached(target, place.offset() + (long) block * BlockChecksums.BLOCK_SIZE)) {
            return Result.NOT_CACHED;
        }
        return BlockChecksums.ofBlock(whole) == place.checksums()[block] ? Result.DONE : Result.UNEXPECTED;
    }

    /** @param from inside the block */
    private record Part(int block, int blockBytes, int from, int wanted) {}

    /** A block of which only a part is wanted is read and verified as a whole. */
    private static Result part(StorageFile file, LocatedChunk place, Part part, ByteBuffer target) throws IOException {
        ByteBuf scratch = ChunkTransport.ALLOCATOR.directBuffer(part.blockBytes());
        try {
            ByteBuffer whole = scratch.internalNioBuffer(0, part.blockBytes());
            ByteBuffer wanted = whole.slice(whole.position() + part.from(), part.wanted());
            Result result = block(file, place, part.block(), whole);
            if (result == Result.DONE) {
                target.put(wanted);
            }
            return result;
        } finally {
            scratch.release();
        }
    }

    /** Another question to the dataserver has it read the guard, so it is in memory then. */
    private static boolean hasGuard(StorageFile file, ByteBuffer guard) throws IOException {
        ByteBuf found = ChunkTransport.ALLOCATOR.directBuffer(guard.remaining());
        try {
            ByteBuffer bytes = found.internalNioBuffer(0, guard.remaining());
            ByteBuffer whole = bytes.duplicate();
            return file.readCached(bytes, 0) && whole.equals(guard);
        } finally {
            found.release();
        }
    }

    /** Closes files that weren't read for a while, so that nobody who takes a disk away has to wait for readers. Call it every second. */
    void tick() {
        files.closeIdle();
    }

    @Override
    public void close() {
        files.close();
    }
}
