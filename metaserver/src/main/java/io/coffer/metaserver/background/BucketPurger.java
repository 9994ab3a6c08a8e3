package io.coffer.metaserver.background;

import io.coffer.common.id.BucketId;
import io.coffer.common.id.GroupId;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.BucketCommand.ClosePartition;
import io.coffer.common.metadata.BucketCommand.PurgePartition;
import io.coffer.common.metadata.BucketCommand.ReopenPartition;
import io.coffer.common.metadata.MetadataUnavailableException;
import io.coffer.common.metadata.Partition;
import io.coffer.common.metadata.Purge;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.SystemCommand.FinishBucketDeletion;
import io.coffer.common.metadata.SystemCommand.NotePurge;
import io.coffer.common.metadata.SystemQuery.ListPurges;
import io.coffer.common.time.WallClock;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Empties buckets that are to be deleted with all that is in them, one after the other, a bounded number of versions per step, and then deletes them;
 * one in which something is locked is opened again. Where a partition's rest begins is known to this process alone: another one begins at its start,
 * where nothing but locked versions is left. Used by one thread.
 */
final class BucketPurger implements Step {
    private static final Logger LOG = LoggerFactory.getLogger(BucketPurger.class);
    private static final ByteBuffer START = ByteBuffer.allocate(0);

    private final Calls calls;
    private final Groups groups;
    private final WallClock clock;

    private @Nullable Work work;

    BucketPurger(Calls calls, Groups groups, WallClock clock) {
        this.calls = calls;
        this.groups = groups;
        this.clock = clock;
    }

    /** A purge under way. */
    private static final class Work {
        final Bucket bucket;
        int partition;
        ByteBuffer after = START;
        long versions;
        long bytes;
        long kept;
        long notedMillis;

        Work(Purge purge, long nowMillis) {
            bucket = purge.bucket();
            versions = purge.versions();
            bytes = purge.bytes();
            notedMillis = nowMillis;
        }

        NotePurge note(boolean ended) {
            return new NotePurge(bucket.id(), versions, bytes, kept, ended);
        }
    }

    @Override
    public Progress run() throws MetadataUnavailableException, RefusedException, InterruptedException {
        if (!groups.leads(GroupId.SYSTEM)) {
            work = null;
            return Progress.DONE;
        }
        Work current = work;
        if (current == null) {
            Optional<Purge> next = calls.ask(GroupId.SYSTEM, new ListPurges()).purges().stream()
                    .filter(purge -> !purge.ended())
                    .findFirst();
            if (next.isEmpty()) {
                return Progress.DONE;
            }
            current = new Work(next.get(), clock.millis());
            work = current;
            LOG.info("deleting all that is in bucket {}", current.bucket.name());
        }
        try {
            step(current);
        } catch (RefusedException e) {
            // Its bucket went, or changed its partitions: the next step looks again.
            work = null;
            throw e;
        }
        return Progress.MORE;
    }

    private void step(Work current) throws MetadataUnavailableException, RefusedException, InterruptedException {
        if (current.partition == current.bucket.partitions().size()) {
            end(current);
            work = null;
            return;
        }
        Partition partition = current.bucket.partitions().get(current.partition);
        Reply.PurgedReply purged = calls.tell(
                partition.group(),
                new PurgePartition(current.bucket.id(), partition.id(), current.after, Limits.PURGED_PER_STEP));
        current.versions += purged.versions();
        current.bytes += purged.bytes();
        current.kept += purged.kept();
        current.after = purged.last();
        if (!purged.last().hasRemaining()) {
            current.partition++;
            current.after = START;
        }
        if (clock.millis() - current.notedMillis >= Limits.PURGE_NOTED_EVERY.toMillis()) {
            current.notedMillis = clock.millis();
            calls.tell(GroupId.SYSTEM, current.note(false));
            LOG.info("bucket {}: {}", current.bucket.name(), told(current));
        }
    }

    private void end(Work current) throws MetadataUnavailableException, RefusedException, InterruptedException {
        BucketId bucket = current.bucket.id();
        if (current.kept == 0) {
            // They are closed; this says that nothing is in them.
            for (Partition partition : current.bucket.partitions()) {
                calls.tell(partition.group(), new ClosePartition(bucket, partition.id()));
            }
            calls.tell(GroupId.SYSTEM, new FinishBucketDeletion(bucket));
            LOG.info("deleted bucket {} and all that was in it: {}", current.bucket.name(), told(current));
            return;
        }
        for (Partition partition : current.bucket.partitions()) {
            calls.tell(partition.group(), new ReopenPartition(bucket, partition.id()));
        }
        calls.tell(GroupId.SYSTEM, current.note(true));
        LOG.warn("bucket {} stays, with what is locked in it: {}", current.bucket.name(), told(current));
    }

    private static String told(Work current) {
        return current.versions + " versions of " + current.bytes + " bytes were deleted, " + current.kept
                + " are locked";
    }
}
