package io.coffer.gateway.object;

import io.coffer.common.chunk.ChunkError;
import io.coffer.common.chunk.ChunkException;
import io.coffer.common.cluster.Member;
import io.coffer.common.cluster.Volume;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.VolumeId;
import io.coffer.common.metadata.ExtentSlice;
import io.coffer.common.metadata.Seal;
import io.coffer.gateway.payload.SealedLayout;
import io.coffer.gateway.s3.error.S3Exception;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One extent on its way. While all its bytes so far are still here, an extent that a member misses is written again to another volume, if
 * there is one whose members all take it; after that it goes on without the member, and the extent counts once the cluster map says that
 * the member is behind. Used by one thread.
 */
final class PlacedExtent implements AutoCloseable {
    /** The longest an fsync may take before the write counts as failed. */
    private static final Duration COMMIT_TIMEOUT = Duration.ofSeconds(30);

    /** How much longer than enough of the others one member may take: a slow disk is waited for, a node that hangs isn't. */
    private static final Duration COMMIT_GRACE = Duration.ofSeconds(2);

    private final ExtentPlacer placer;
    private final String policy;
    private final long length;
    private final Seal seal;

    /** Volumes that didn't take it. */
    private final Set<VolumeId> refused = new HashSet<>();

    private ExtentWriter writer;
    private @Nullable ByteBuffer kept;

    /**
     * @param length bytes that are written to it
     * @param seal if they are encrypted; then the last of them are tags
     */
    PlacedExtent(ExtentPlacer placer, String policy, long length, Seal seal) throws ChunkException, S3Exception {
        this.placer = placer;
        this.policy = policy;
        this.length = length;
        this.seal = seal;
        this.writer = placer.open(policy, length, refused);
        int bytes = (int) Math.min(length, KeptBytes.PER_EXTENT);
        if (isOnSeveralNodes(writer.volume()) && placer.kept().tryReserve(bytes)) {
            kept = ByteBuffer.allocate(bytes);
        }
    }

    /** Members that fail one by one are worth a second try; those of one process are one. */
    private static boolean isOnSeveralNodes(Volume volume) {
        return volume.members().stream().map(Member::node).distinct().count() > 1;
    }

    /** Appends the buffer's remaining bytes; consumes the buffer. */
    void write(ByteBuffer data) throws ChunkException, S3Exception {
        keep(data.duplicate());
        ChunkException failure = null;
        try {
            writer.write(data.duplicate());
        } catch (ChunkException e) {
            failure = e;
        }
        data.position(data.limit());
        if (failure != null || !writer.missed().isEmpty() && isWorthMoving()) {
            move(failure);
        }
    }

    private void keep(ByteBuffer data) {
        ByteBuffer copy = kept;
        if (copy != null) {
            if (data.remaining() <= copy.remaining()) {
                copy.put(data);
            } else {
                release();
            }
        }
    }

    private boolean isWorthMoving() throws S3Exception {
        return kept != null && placer.isWholeLeft(policy, withThis());
    }

    private Set<VolumeId> withThis() {
        Set<VolumeId> all = new HashSet<>(refused);
        all.add(writer.volume().id());
        return all;
    }

    /**
     * Writes what is there to another volume, and whatever fails on the way to yet another.
     *
     * @param failure why it has to be, or null if it need not
     */
    private void move(@Nullable ChunkException failure) throws ChunkException, S3Exception {
        ChunkException why = failure;
        while (true) {
            ByteBuffer bytes = kept;
            if (bytes == null) {
                throw why == null ? new ChunkException(ChunkError.UNAVAILABLE, "a member is gone") : why;
            }
            boolean stale = writer.isStale();
            writer.close();
            writer.discard();
            if (stale) {
                placer.refreshMap();
            }
            refused.add(writer.volume().id());
            placer.moving();
            writer = placer.open(policy, length, refused);
            try {
                writer.write(bytes.duplicate().flip());
                if (writer.missed().isEmpty() || !isWorthMoving()) {
                    return;
                }
            } catch (ChunkException e) {
                why = e;
            }
        }
    }

    /** Asks for durability; {@link #await} waits for it. */
    void commit() {
        writer.commit();
    }

    /** Returns when the extent counts. */
    void await() throws ChunkException, S3Exception {
        while (true) {
            ChunkException failure = null;
            try {
                writer.await(COMMIT_TIMEOUT, COMMIT_GRACE);
            } catch (ChunkException e) {
                failure = e;
            }
            if (failure == null && (writer.missed().isEmpty() || !isWorthMoving())) {
                if (writer.missed().isEmpty() || placer.settle(writer)) {
                    release();
                    return;
                }
                failure = new ChunkException(
                        ChunkError.STALE_EPOCH, "volume " + writer.volume().id() + " got other members");
                placer.refreshMap();
            }
            move(failure);
            writer.commit();
        }
    }

    /**
     * Once it counts.
     *
     * @param unused bytes at its end that are nobody's
     */
    ExtentSlice slice(GroupId owner, long unused) {
        long readable = (seal.isNone() ? length : SealedLayout.openLength(length)) - unused;
        return new ExtentSlice(writer.extent(), writer.volume().id(), owner, length, 0, readable, seal);
    }

    /** Deletes what was written in vain. */
    void discard() {
        writer.discard();
    }

    private void release() {
        ByteBuffer copy = kept;
        if (copy != null) {
            kept = null;
            placer.kept().release(copy.capacity());
        }
    }

    @Override
    public void close() {
        release();
        writer.close();
    }
}
