package io.coffer.gateway.client;

import io.coffer.common.id.GroupId;
import io.coffer.common.id.VolumeId;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.SystemCommand.MarkBehind;
import io.coffer.common.metadata.SystemCommand.MissedWrite;
import io.coffer.gateway.s3.error.S3Exception;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says which members missed a write, before the write counts. Writes that come while a command is on its way share the next one, so there
 * is one at a time however many writes are degraded. Thread-safe; a caller waits for two commands at most.
 */
public final class DegradedWrites {
    /** What the rules take in one command. */
    private static final int MAX_PER_COMMAND = 1000;

    private final MetadataService metadata;

    /** What the next command will say; null until somebody has something. Guarded by this, as is the next. */
    private @Nullable Batch waiting;

    private boolean running;
    private long writes;

    private record Slot(VolumeId volume, long epoch, int index) {}

    private static final class Batch {
        final Map<Slot, Long> bornMillis = new HashMap<>();
        final Set<VolumeId> stale = new HashSet<>();
        int writes;
        boolean done;

        @Nullable
        Exception failure;
    }

    public DegradedWrites(MetadataService metadata) {
        this.metadata = metadata;
    }

    /**
     * Returns when it is known what this caller's write missed; its chunks are durable where it didn't.
     *
     * @return false if the volume's members have changed since the write, which doesn't count then
     * @throws S3Exception ServiceUnavailable
     */
    public boolean mark(List<MissedWrite> missed) throws S3Exception, InterruptedException {
        Batch batch = join(missed);
        while (true) {
            synchronized (this) {
                while (running && !batch.done) {
                    wait();
                }
                if (batch.done) {
                    return outcome(batch, missed);
                }
                running = true;
                waiting = null; // it is this caller's: there is one that hasn't been sent
            }
            send(batch);
        }
    }

    private synchronized Batch join(List<MissedWrite> missed) {
        Batch batch = waiting;
        if (batch == null) {
            batch = new Batch();
            waiting = batch;
        }
        batch.writes++;
        writes++;
        for (MissedWrite write : missed) {
            batch.bornMillis.merge(
                    new Slot(write.volume(), write.epoch(), write.index()), write.bornMillis(), Math::min);
        }
        return batch;
    }

    /** Since the start. */
    public synchronized long writes() {
        return writes;
    }

    /** Writes that wait for the next command. */
    synchronized int waitingWrites() {
        return waiting == null ? 0 : waiting.writes;
    }

    private void send(Batch batch) {
        Exception failure = null;
        try {
            List<MissedWrite> all = new ArrayList<>();
            batch.bornMillis.forEach(
                    (slot, born) -> all.add(new MissedWrite(slot.volume(), slot.epoch(), slot.index(), born)));
            for (int from = 0; from < all.size(); from += MAX_PER_COMMAND) {
                List<MissedWrite> part = all.subList(from, Math.min(all.size(), from + MAX_PER_COMMAND));
                batch.stale.addAll(
                        metadata.tell(GroupId.SYSTEM, new MarkBehind(part)).stale());
            }
        } catch (RefusedException e) {
            failure = Refusals.toS3(e);
        } catch (S3Exception | RuntimeException e) {
            failure = e;
        }
        synchronized (this) {
            batch.failure = failure;
            batch.done = true;
            running = false;
            notifyAll();
        }
    }

    private static boolean outcome(Batch batch, List<MissedWrite> missed) throws S3Exception {
        if (batch.failure instanceof S3Exception unavailable) {
            throw unavailable;
        }
        if (batch.failure != null) {
            throw new IllegalStateException("missed writes can't be noted", batch.failure);
        }
        return missed.stream().noneMatch(write -> batch.stale.contains(write.volume()));
    }
}
