package io.coffer.metaserver.state;

import io.coffer.common.id.GroupId;
import io.coffer.common.metadata.BucketCommand.ApplySettings;
import io.coffer.common.metadata.BucketCommand.ClosePartition;
import io.coffer.common.metadata.BucketCommand.OpenPartition;
import io.coffer.common.metadata.BucketCommand.ReopenPartition;
import io.coffer.common.metadata.PartitionSettings;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.metaserver.model.ReleaseTask;
import io.coffer.metaserver.model.StoredPartition;
import io.coffer.metaserver.model.Usage;
import io.coffer.metaserver.store.Keys;
import io.coffer.metaserver.store.Tables;
import io.coffer.metaserver.store.Transaction;

/** Starting and ending to serve partitions. A closed partition keeps its row: a late command must not find it new. */
final class PartitionRules {
    private final GroupId self;

    PartitionRules(GroupId self) {
        this.self = self;
    }

    Reply open(Transaction tx, OpenPartition c) throws RefusedException {
        byte[] row = Keys.partition(c.partition().id());
        StoredPartition stored = tx.get(Tables.PARTITIONS, row);
        if (stored == null) {
            if (!c.partition().group().equals(self)) {
                throw new RefusedException(Refusal.INVALID_ARGUMENT, "the partition is planned for another group");
            }
            tx.put(Tables.PARTITIONS, row, new StoredPartition(c.bucket(), c.partition(), false, 0, c.settings()));
        } else if (stored.closed()) {
            throw new RefusedException(Refusal.NO_SUCH_BUCKET);
        } else if (!stored.bucket().equals(c.bucket()) || !stored.partition().equals(c.partition())) {
            throw new RefusedException(Refusal.INVALID_ARGUMENT, "the partition was opened otherwise");
        } else {
            apply(tx, row, stored, c.settings());
        }
        return Reply.DONE;
    }

    /** A closed partition takes them as well: it may be reopened. */
    static Reply applySettings(Transaction tx, ApplySettings c) throws RefusedException {
        byte[] row = Keys.partition(c.partition());
        StoredPartition stored = tx.get(Tables.PARTITIONS, row);
        if (stored == null || !stored.bucket().equals(c.bucket())) {
            throw new RefusedException(Refusal.WRONG_PARTITION);
        }
        apply(tx, row, stored, c.settings());
        return Reply.DONE;
    }

    private static void apply(Transaction tx, byte[] row, StoredPartition stored, PartitionSettings settings) {
        if (settings.revision() > stored.settings().revision()) {
            tx.put(Tables.PARTITIONS, row, stored.withSettings(settings));
        }
    }

    static Reply close(Transaction tx, Stamp stamp, ClosePartition c) throws RefusedException {
        byte[] row = Keys.partition(c.partition());
        StoredPartition stored = tx.get(Tables.PARTITIONS, row);
        if (stored == null) {
            return Reply.DONE;
        }
        if (!stored.bucket().equals(c.bucket())) {
            throw new RefusedException(Refusal.INVALID_ARGUMENT, "the partition is another bucket's");
        }
        Usage usage = tx.get(Tables.COUNTERS, row);
        if (usage != null && usage.versions() + usage.deleteMarkers() > 0) {
            throw new RefusedException(Refusal.BUCKET_NOT_EMPTY);
        }
        if (!stored.closed()) {
            close(tx, stamp, stored);
        }
        return Reply.DONE;
    }

    /** Whatever is in it. Its uploads are aborted. */
    static void close(Transaction tx, Stamp stamp, StoredPartition stored) {
        byte[] row = Keys.partition(stored.partition().id());
        Usage usage = tx.get(Tables.COUNTERS, row);
        if (usage != null && usage.uploads() > 0) {
            tx.put(Tables.COUNTERS, row, usage.withoutUploads());
            ContentRules.later(
                    tx, new ReleaseTask.PartitionUploads(stored.partition().id()), stamp.nowMillis());
        }
        tx.put(Tables.PARTITIONS, row, stored.closedAt(stamp.tick()));
    }

    static Reply reopen(Transaction tx, ReopenPartition c) throws RefusedException {
        byte[] row = Keys.partition(c.partition());
        StoredPartition stored = tx.get(Tables.PARTITIONS, row);
        if (stored == null || !stored.bucket().equals(c.bucket())) {
            throw new RefusedException(Refusal.WRONG_PARTITION);
        }
        tx.put(Tables.PARTITIONS, row, stored.reopened());
        return Reply.DONE;
    }
}
