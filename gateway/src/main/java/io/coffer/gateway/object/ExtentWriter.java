package io.coffer.gateway.object;

import io.coffer.common.checksum.BlockChecksums;
import io.coffer.common.chunk.ChunkAddress;
import io.coffer.common.chunk.ChunkDescriptor;
import io.coffer.common.chunk.ChunkError;
import io.coffer.common.chunk.ChunkException;
import io.coffer.common.chunk.ChunkWriter;
import io.coffer.common.cluster.Volume;
import io.coffer.common.id.ExtentId;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one extent to all members of a replicated volume at once. A member that fails on the way is left out as long as the
 * write quorum holds. Used by one thread.
 */
final class ExtentWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ExtentWriter.class);

    /** How long a discard waits for commits under way: many times what one takes. */
    private static final Duration DISCARD_WAIT = Duration.ofSeconds(2);

    private final Volume volume;
    private final ExtentId extent;
    private final ChunkPlaces places;
    private final BlockChecksums checksums = new BlockChecksums();

    /** By member index; null once the member has failed, as is its commit. */
    private final List<@Nullable ChunkWriter> writers = new ArrayList<>();

    private final List<@Nullable CompletableFuture<Void>> commits = new ArrayList<>();
    private @Nullable CommitTally tally;
    private @Nullable ChunkException firstFailure;
    private boolean stale;

    private ExtentWriter(Volume volume, ExtentId extent, ChunkPlaces places) {
        this.volume = volume;
        this.extent = extent;
        this.places = places;
        for (int index = 0; index < volume.members().size(); index++) {
            writers.add(null);
            commits.add(null);
        }
    }

    /**
     * Opens a chunk on every member.
     *
     * @throws ChunkException the first member's reason, if fewer than the write quorum opened; nothing is left behind
     */
    static ExtentWriter open(Volume volume, ExtentId extent, long length, ChunkPlaces places) throws ChunkException {
        ExtentWriter writer = new ExtentWriter(volume, extent, places);
        for (int index = 0; index < volume.members().size(); index++) {
            try {
                writer.writers.set(
                        index,
                        places.store(volume.members().get(index).place())
                                .create(new ChunkDescriptor(writer.address(index), volume.scheme(), length, length)));
            } catch (ChunkException e) {
                writer.fail(index, e);
            }
        }
        writer.requireQuorum();
        return writer;
    }

    private ChunkAddress address(int index) {
        return new ChunkAddress(volume.members().get(index).disk(), volume.id(), volume.epoch(), extent, index);
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
        CommitTally counting = new CommitTally(alive(), volume.scheme().writeQuorum());
        tally = counting;
        for (int index = 0; index < writers.size(); index++) {
            ChunkWriter writer = writers.get(index);
            if (writer != null) {
                CompletableFuture<Void> commit = writer.commit(sums);
                commits.set(index, commit);
                commit.whenComplete((done, failure) -> counting.settled(failure == null));
            }
        }
    }

    /**
     * Waits until every member answered, but no longer than {@code grace} for the last when the write quorum has. Throws if fewer than
     * that made it.
     */
    void await(Duration timeout, Duration grace) throws ChunkException {
        CommitTally counting = tally;
        if (counting == null) {
            throw new IllegalStateException("not committed");
        }
        try {
            counting.await(timeout, grace);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ChunkException(ChunkError.UNAVAILABLE, "interrupted", e);
        }
        for (int index = 0; index < commits.size(); index++) {
            CompletableFuture<Void> commit = commits.get(index);
            if (commit != null) {
                settle(index, commit);
            }
        }
        requireQuorum();
    }

    private void settle(int index, CompletableFuture<Void> commit) {
        if (!commit.isDone()) {
            fail(index, new ChunkException(ChunkError.UNAVAILABLE, "no acknowledgement in time"));
            return;
        }
        try {
            commit.join();
        } catch (CompletionException e) {
            fail(index, asChunkException(e.getCause()));
        }
    }

    ExtentId extent() {
        return extent;
    }

    Volume volume() {
        return volume;
    }

    /** The members that don't have it. */
    List<Integer> missed() {
        List<Integer> missed = new ArrayList<>();
        for (int index = 0; index < writers.size(); index++) {
            if (writers.get(index) == null) {
                missed.add(index);
            }
        }
        return missed;
    }

    /** Whether a member knows a newer epoch: the volume has changed. */
    boolean isStale() {
        return stale;
    }

    /**
     * Deletes what was written in vain, where it can be reached, once the commits under way are over: one that comes behind its deletion
     * would stay. What stays all the same is found as an orphan later.
     */
    void discard() {
        long deadline = System.nanoTime() + DISCARD_WAIT.toNanos();
        for (int index = 0; index < commits.size(); index++) {
            CompletableFuture<Void> commit = commits.get(index);
            if (commit != null
                    && !places.health().avoidDeletes(volume.members().get(index).place())) {
                awaitEnd(commit, deadline);
                try {
                    places.store(volume.members().get(index).place()).delete(address(index));
                } catch (ChunkException e) {
                    LOG.debug("extent {} stays for the orphan collector: {}", extent, e.getMessage());
                }
            }
        }
    }

    private static void awaitEnd(CompletableFuture<Void> commit, long deadline) {
        try {
            commit.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("what is deleted was not committed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        for (ChunkWriter writer : writers) {
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
        if (!Thread.currentThread().isInterrupted()) {
            places.health().failed(volume.members().get(index).place(), cause.error());
        }
        stale |= cause.error() == ChunkError.STALE_EPOCH;
        if (firstFailure == null) {
            firstFailure = cause;
        }
        LOG.debug("extent {}: member {} of volume {}: {}", extent, index, volume.id(), cause.getMessage());
    }

    private int alive() {
        int alive = 0;
        for (ChunkWriter writer : writers) {
            alive += writer == null ? 0 : 1;
        }
        return alive;
    }

    private void requireQuorum() throws ChunkException {
        ChunkException failure = firstFailure;
        if (failure != null && alive() < volume.scheme().writeQuorum()) {
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
