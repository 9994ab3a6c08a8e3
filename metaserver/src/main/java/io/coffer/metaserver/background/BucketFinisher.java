package io.coffer.metaserver.background;

import io.coffer.common.id.BucketId;
import io.coffer.common.id.GroupId;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.BucketCommand.ApplySettings;
import io.coffer.common.metadata.BucketCommand.ClosePartition;
import io.coffer.common.metadata.BucketCommand.OpenPartition;
import io.coffer.common.metadata.BucketCommand.ReopenPartition;
import io.coffer.common.metadata.MetadataUnavailableException;
import io.coffer.common.metadata.Partition;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.SystemCommand.ActivateBucket;
import io.coffer.common.metadata.SystemCommand.CancelBucketDeletion;
import io.coffer.common.metadata.SystemCommand.FinishBucketDeletion;
import io.coffer.common.metadata.SystemCommand.NoteSettingsApplied;
import io.coffer.common.metadata.SystemQuery.ListBuckets;
import io.coffer.common.metadata.SystemQuery.ListPurges;
import io.coffer.common.time.WallClock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finishes what gateways began and left: a bucket that is being created is opened and activated, one that is being deleted is
 * closed and removed, or reopened if something is in it, and settings that some partition may not have yet are told to all.
 * Every command is idempotent, so a gateway that is only slow does no harm, and neither does a crash of this. Used by one thread.
 */
final class BucketFinisher implements Step {
    private static final Logger LOG = LoggerFactory.getLogger(BucketFinisher.class);

    private final Calls calls;
    private final Groups groups;
    private final WallClock clock;

    /** Since when this process has seen a bucket on its way. */
    private final Map<BucketId, Sighting> onTheirWay = new HashMap<>();

    /** Buckets on their way that this pass has met. */
    private final Set<BucketId> met = new HashSet<>();

    private String after = "";

    private record Sighting(Bucket.State state, long sinceMillis) {}

    BucketFinisher(Calls calls, Groups groups, WallClock clock) {
        this.calls = calls;
        this.groups = groups;
        this.clock = clock;
    }

    /** Looks at one page of buckets. {@code DONE} after the last page. */
    @Override
    public Progress run() throws MetadataUnavailableException, RefusedException, InterruptedException {
        if (!groups.leads(GroupId.SYSTEM)) {
            endPass();
            onTheirWay.clear();
            return Progress.DONE;
        }
        Reply.BucketsReply page =
                calls.ask(GroupId.SYSTEM, new ListBuckets(null, "", after, "", Limits.BUCKETS_PER_STEP));
        for (Bucket bucket : page.buckets()) {
            boolean onItsWay =
                    bucket.state() != Bucket.State.ACTIVE || bucket.settings().isPending();
            if (onItsWay && isLeftBehind(bucket)) {
                finish(bucket);
            }
        }
        if (page.truncated() && !page.buckets().isEmpty()) {
            after = page.buckets().getLast().name();
            return Progress.MORE;
        }
        onTheirWay.keySet().retainAll(met);
        endPass();
        return Progress.DONE;
    }

    private void endPass() {
        met.clear();
        after = "";
    }

    private boolean isLeftBehind(Bucket bucket) {
        if (onTheirWay.size() >= Limits.BUCKETS_ON_THEIR_WAY && !onTheirWay.containsKey(bucket.id())) {
            return false;
        }
        met.add(bucket.id());
        long now = clock.millis();
        Sighting seen = onTheirWay.get(bucket.id());
        if (seen == null || seen.state() != bucket.state()) {
            seen = new Sighting(bucket.state(), now);
            onTheirWay.put(bucket.id(), seen);
        }
        return now - seen.sinceMillis() >= Limits.BUCKET_LEFT_BEHIND.toMillis();
    }

    private void finish(Bucket bucket) throws MetadataUnavailableException, InterruptedException {
        try {
            switch (bucket.state()) {
                case CREATING -> create(bucket);
                case ACTIVE -> applySettings(bucket);
                case DELETING -> {
                    if (!isPurged(bucket)) {
                        delete(bucket);
                    }
                }
            }
        } catch (RefusedException e) {
            // Somebody else went on with it meanwhile; if not, the next pass tries again.
            LOG.info("bucket {} is still {}: {}", bucket.name(), bucket.state(), e.getMessage());
        }
    }

    private boolean isPurged(Bucket bucket)
            throws MetadataUnavailableException, RefusedException, InterruptedException {
        return calls.ask(GroupId.SYSTEM, new ListPurges()).purges().stream()
                .anyMatch(purge -> !purge.ended() && purge.bucket().id().equals(bucket.id()));
    }

    private void create(Bucket bucket) throws MetadataUnavailableException, RefusedException, InterruptedException {
        for (Partition partition : bucket.partitions()) {
            calls.tell(
                    partition.group(),
                    new OpenPartition(bucket.id(), partition, bucket.settings().partition()));
        }
        noteApplied(bucket);
        calls.tell(GroupId.SYSTEM, new ActivateBucket(bucket.id()));
        LOG.info("finished the creation of bucket {}", bucket.name());
    }

    private void applySettings(Bucket bucket)
            throws MetadataUnavailableException, RefusedException, InterruptedException {
        for (Partition partition : bucket.partitions()) {
            calls.tell(
                    partition.group(),
                    new ApplySettings(
                            bucket.id(), partition.id(), bucket.settings().partition()));
        }
        noteApplied(bucket);
        LOG.info("told the partitions of bucket {} its settings", bucket.name());
    }

    private void noteApplied(Bucket bucket)
            throws MetadataUnavailableException, RefusedException, InterruptedException {
        if (bucket.settings().isPending()) {
            calls.tell(
                    GroupId.SYSTEM,
                    new NoteSettingsApplied(
                            bucket.id(), bucket.settings().partition().revision()));
        }
    }

    private void delete(Bucket bucket) throws MetadataUnavailableException, RefusedException, InterruptedException {
        for (Partition partition : bucket.partitions()) {
            try {
                calls.tell(partition.group(), new ClosePartition(bucket.id(), partition.id()));
            } catch (RefusedException e) {
                if (e.refusal() != Refusal.BUCKET_NOT_EMPTY) {
                    throw e;
                }
                takeBack(bucket);
                return;
            }
        }
        calls.tell(GroupId.SYSTEM, new FinishBucketDeletion(bucket.id()));
        LOG.info("finished the deletion of bucket {}", bucket.name());
    }

    /** Reopens every partition: the gateway that is gone may have closed others than this pass. */
    private void takeBack(Bucket bucket) throws MetadataUnavailableException, RefusedException, InterruptedException {
        for (Partition partition : bucket.partitions()) {
            calls.tell(partition.group(), new ReopenPartition(bucket.id(), partition.id()));
        }
        calls.tell(GroupId.SYSTEM, new CancelBucketDeletion(bucket.id()));
        LOG.info("took back the deletion of bucket {}, which is not empty", bucket.name());
    }
}
