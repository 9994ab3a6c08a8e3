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
 * Reads of chunks that are on this host, out of the dataserver's own files: it tells where a chunk is, and is asked for bytes only if that
 * doesn't work. Every block is verified, and afterwards the file's guard, so what is returned is what the dataserver would have sent.
 * Thread-safe, bounded.
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

    /**
     * Fills the target from an offset of the chunk. If that can't be done, it returns false, the target's position is where it was, and the
     * dataserver has to be asked.
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
        if (known != null && read(known, offset, target)) {
            return true;
        }
        LocatedChunk place = locator.locate(chunk);
        if (!read(place, offset, target)) {
            synchronized (places) {
                places.remove(chunk);
            }
            return false;
        }
        synchronized (places) {
            places.put(chunk, place);
        }
        return true;
    }

    private boolean read(LocatedChunk place, long offset, ByteBuffer target) {
        int start = target.position();
        int wanted = target.remaining();
        if (offset + wanted > place.length()) {
            return false; // the dataserver knows what to say to that
        }
        StorageFile file = open(place.path());
        try {
            if (file != null && verified(file, place, offset, target) && hasGuard(file, place.guard())) {
                bytes.add(wanted);
                return true;
            }
        } catch (IOException e) {
            // A disk that fails, or a file that was closed meanwhile; the dataserver finds out which.
            LOG.debug("{} can't be read from here: {}", place.path(), e.getMessage());
        }
        target.position(start);
        return false;
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

    private static boolean verified(StorageFile file, LocatedChunk place, long offset, ByteBuffer target)
            throws IOException {
        int limit = target.limit();
        long position = offset;
        boolean verified = true;
        while (verified && target.hasRemaining()) {
            int inBlock = (int) (position % BlockChecksums.BLOCK_SIZE);
            int block = (int) (position / BlockChecksums.BLOCK_SIZE);
            int blockBytes = (int) Math.min(BlockChecksums.BLOCK_SIZE, place.length() - position + inBlock);
            int wanted = Math.min(blockBytes - inBlock, target.remaining());
            if (wanted == blockBytes) {
                int before = target.position();
                target.limit(before + wanted);
                file.readFully(target, place.offset() + position);
                target.position(before);
                verified = BlockChecksums.ofBlock(target.duplicate()) == place.checksums()[block];
                target.limit(limit).position(before + wanted);
            } else {
                verified = part(file, place, new Part(block, blockBytes, inBlock, wanted), target);
            }
            position += wanted;
        }
        return verified;
    }

    /** @param from inside the block */
    private record Part(int block, int blockBytes, int from, int wanted) {}

    /** A block of which only a part is wanted is read and verified as a whole. */
    private static boolean part(StorageFile file, LocatedChunk place, Part part, ByteBuffer target) throws IOException {
        ByteBuf scratch = ChunkTransport.ALLOCATOR.directBuffer(part.blockBytes());
        try {
            ByteBuffer block = scratch.internalNioBuffer(0, part.blockBytes());
            int start = block.position();
            file.readFully(block, place.offset() + (long) part.block() * BlockChecksums.BLOCK_SIZE);
            block.position(start);
            if (BlockChecksums.ofBlock(block.duplicate()) != place.checksums()[part.block()]) {
                return false;
            }
            target.put(block.slice(start + part.from(), part.wanted()));
            return true;
        } finally {
            scratch.release();
        }
    }

    private static boolean hasGuard(StorageFile file, ByteBuffer guard) throws IOException {
        ByteBuf found = ChunkTransport.ALLOCATOR.directBuffer(guard.remaining());
        try {
            ByteBuffer bytes = found.internalNioBuffer(0, guard.remaining());
            int start = bytes.position();
            file.readFully(bytes, 0);
            return bytes.position(start).equals(guard);
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
