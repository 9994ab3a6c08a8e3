package io.coffer.gateway.object;

import io.coffer.common.checksum.BlockChecksums;
import io.coffer.common.chunk.ChunkAddress;
import io.coffer.common.chunk.ChunkDescriptor;
import io.coffer.common.chunk.ChunkError;
import io.coffer.common.chunk.ChunkException;
import io.coffer.common.chunk.ChunkStore;
import io.coffer.common.chunk.ChunkStores;
import io.coffer.common.chunk.ChunkWriter;
import io.coffer.common.cluster.Member;
import io.coffer.common.cluster.Volume;
import io.coffer.common.id.ExtentId;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Writes one extent to all members of a replicated volume at once. A member that fails on the way is left out as long as the
 * write quorum holds, and reported for repair. Used by one thread.
 */
final class ExtentWriter implements AutoCloseable {
    /** A member that takes longer to begin is left out. */
    private static final long OPEN_TIMEOUT_SECONDS = 5;

    private final Volume volume;
    private final ExtentId extent;
    private final RepairRequests repairs;
    private final BlockChecksums checksums = new BlockChecksums();

    /** By member index; null once the member has failed. */
    private final List<@Nullable ChunkWriter> writers;

    private final List<@Nullable CompletableFuture<Void>> commits = new ArrayList<>();
    private @Nullable ChunkException firstFailure;

    private ExtentWriter(Volume volume, ExtentId extent, RepairRequests repairs, List<@Nullable ChunkWriter> writers) {
        this.volume = volume;
        this.extent = extent;
        this.repairs = repairs;
        this.writers = writers;
    }

    /**
     * Opens a chunk on every member.
     *
     * @throws ChunkException the first member's reason, if fewer than the write quorum opened; nothing is left behind
     */
    static ExtentWriter open(Volume volume, ExtentId extent, long length, ChunkStores stores, RepairRequests repairs)
            throws ChunkException {
        List<@Nullable ChunkWriter> writers = new ArrayList<>();
        ExtentWriter writer = new ExtentWriter(volume, extent, repairs, writers);
        for (int index = 0; index < volume.members().size(); index++) {
            Member member = volume.members().get(index);
            ChunkAddress address = new ChunkAddress(member.disk(), volume.id(), volume.epoch(), extent, index);
            try {
                ChunkStore store = stores.of(member.node())
                        .orElseThrow(() -> new ChunkException(ChunkError.UNAVAILABLE, "unknown node " + member.node()));
                writers.add(store.create(new ChunkDescriptor(address, volume.scheme(), length, length)));
            } catch (ChunkException e) {
                writers.add(null);
                writer.remember(e);
            }
        }
        writer.awaitOpened();
        writer.requireQuorum();
        return writer;
    }

    /** Members in other processes answer by now: while another volume can still be tried, and all at once. */
    private void awaitOpened() throws ChunkException {
        for (int index = 0; index < writers.size(); index++) {
            ChunkWriter writer = writers.get(index);
            if (writer != null) {
                try {
                    writer.opened().get(OPEN_TIMEOUT_SECONDS, TimeUnit.SECONDS);
                } catch (ExecutionException e) {
                    fail(index, asChunkException(e.getCause()));
                } catch (TimeoutException e) {
                    fail(index, new ChunkException(ChunkError.UNAVAILABLE, "no room was reserved in time", e));
                } catch (InterruptedException e) {
                    close();
                    Thread.currentThread().interrupt();
                    throw new ChunkException(ChunkError.UNAVAILABLE, "interrupted", e);
                }
            }
        }
    }

    /** Appends the buffer's remaining bytes to every member; consumes the buffer. */
    void write(ByteBuffer data) throws ChunkException {
        checksums.update(data.duplicate());
        for (int index = 0; index < writers.size(); index++) {
            ChunkWriter writer = writers.get(index);
            if (writer != null) {
                try {
                    writer.write(data.duplicate());
                } catch (ChunkException e) {
                    fail(index, e);
                }
            }
        }
        data.position(data.limit());
        requireQuorum();
    }

    /** Asks every member to make its chunk durable; {@link #await} waits for it. */
    void commit() {
        int[] sums = checksums.result();
        for (ChunkWriter writer : writers) {
            commits.add(writer == null ? null : writer.commit(sums));
        }
    }

    /** Waits until every member answered. Throws if fewer than the write quorum made it. */
    void await(Duration timeout) throws ChunkException {
        long deadline = System.nanoTime() + timeout.toNanos();
        for (int index = 0; index < commits.size(); index++) {
            CompletableFuture<Void> commit = commits.get(index);
            if (commit != null) {
                try {
                    commit.get(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
                } catch (ExecutionException e) {
                    fail(index, asChunkException(e.getCause()));
                } catch (TimeoutException e) {
                    fail(index, new ChunkException(ChunkError.UNAVAILABLE, "no acknowledgement in " + timeout, e));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new ChunkException(ChunkError.UNAVAILABLE, "interrupted", e);
                }
            }
        }
        requireQuorum();
        for (int index = 0; index < writers.size(); index++) {
            if (writers.get(index) == null) {
                repairs.report(volume, extent, index);
            }
        }
    }

    ExtentId extent() {
        return extent;
    }

    Volume volume() {
        return volume;
    }

    @Override
    public void close() {
        for (int index = 0; index < writers.size(); index++) {
            ChunkWriter writer = writers.set(index, null);
            if (writer != null) {
                writer.close();
            }
        }
    }

    private void fail(int index, ChunkException cause) {
        ChunkWriter writer = writers.set(index, null);
        if (writer != null) {
            writer.close();
        }
        remember(cause);
    }

    private void remember(ChunkException cause) {
        if (firstFailure == null) {
            firstFailure = cause;
        }
    }

    private void requireQuorum() throws ChunkException {
        int alive = 0;
        for (ChunkWriter writer : writers) {
            if (writer != null) {
                alive++;
            }
        }
        ChunkException failure = firstFailure;
        if (failure != null && alive < volume.scheme().writeQuorum()) {
            close();
            throw failure;
        }
    }

    private static ChunkException asChunkException(@Nullable Throwable cause) {
        return cause instanceof ChunkException chunk
                ? chunk
                : new ChunkException(ChunkError.UNAVAILABLE, "commit failed", cause);
    }
}
