package io.coffer.metaserver.state;

import io.coffer.common.id.BucketId;
import io.coffer.common.metadata.PartitionRef;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Versioning;
import io.coffer.metaserver.model.Limits;
import io.coffer.metaserver.model.StoredPartition;
import io.coffer.metaserver.model.Usage;
import io.coffer.metaserver.store.Keys;
import io.coffer.metaserver.store.Partitions;
import io.coffer.metaserver.store.Tables;
import io.coffer.metaserver.store.Transaction;
import java.util.function.UnaryOperator;

/** What a command of one partition works in: the rows, the time, the partition and its counters. */
final class Scope {
    private final Transaction tx;
    private final Stamp stamp;
    private final StoredPartition partition;
    private final byte[] counterRow;

    private Scope(Transaction tx, Stamp stamp, StoredPartition partition) {
        this.tx = tx;
        this.stamp = stamp;
        this.partition = partition;
        counterRow = Keys.partition(partition.partition().id());
    }

    /** Refuses what the partition doesn't hold any more, or never held. */
    static Scope enter(Transaction tx, Stamp stamp, PartitionRef ref) throws RefusedException {
        return new Scope(tx, stamp, Partitions.require(tx, ref));
    }

    static Scope enter(Transaction tx, Stamp stamp, PartitionRef ref, String key) throws RefusedException {
        Scope scope = enter(tx, stamp, ref);
        scope.checkKey(key);
        return scope;
    }

    /** Of a partition that nobody else works in any more. */
    static Scope ofClosed(Transaction tx, Stamp stamp, StoredPartition partition) {
        return new Scope(tx, stamp, partition);
    }

    void checkKey(String key) throws RefusedException {
        int bytes = Keys.utf8(key).length;
        if (bytes == 0 || bytes > Limits.MAX_KEY_BYTES) {
            throw new RefusedException(Refusal.INVALID_ARGUMENT, "a key of " + bytes + " bytes");
        }
        if (!partition.contains(key)) {
            throw new RefusedException(Refusal.WRONG_PARTITION);
        }
    }

    Transaction tx() {
        return tx;
    }

    Stamp stamp() {
        return stamp;
    }

    StoredPartition partition() {
        return partition;
    }

    BucketId bucket() {
        return partition.bucket();
    }

    /** The bucket's versioning for a command that believes in {@code told}. */
    Versioning versioning(Versioning told) {
        return partition.settings().versioning(told);
    }

    Usage usage() {
        Usage usage = tx.get(Tables.COUNTERS, counterRow);
        return usage == null ? Usage.NONE : usage;
    }

    void count(UnaryOperator<Usage> change) {
        tx.put(Tables.COUNTERS, counterRow, change.apply(usage()));
    }
}
