package io.coffer.metaserver.state;

import io.coffer.common.id.BucketId;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.BucketCommand.PurgePartition;
import io.coffer.common.metadata.Partition;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.SystemCommand.BeginPurge;
import io.coffer.common.metadata.SystemCommand.NotePurge;
import io.coffer.metaserver.model.Limits;
import io.coffer.metaserver.model.StoredBucket;
import io.coffer.metaserver.model.StoredPartition;
import io.coffer.metaserver.model.StoredPurge;
import io.coffer.metaserver.model.StoredVersion;
import io.coffer.metaserver.store.Keys;
import io.coffer.metaserver.store.Rows;
import io.coffer.metaserver.store.Table;
import io.coffer.metaserver.store.Tables;
import io.coffer.metaserver.store.Transaction;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Deleting a bucket with all that is in it. The system group keeps the intent and how far it is; each partition is closed and emptied bit by
 * bit, each version by the same way as any delete, so that what is locked stays.
 */
final class PurgeRules {
    /** Where a purge is: among the noncurrent versions, which go first, or among the current ones. */
    private static final byte OTHERS = 1;

    private static final byte CURRENT = 2;

    private PurgeRules() {}

    // The system group

    static Reply begin(Transaction tx, Stamp stamp, BeginPurge c) throws RefusedException {
        StoredBucket stored = BucketNameRules.require(tx, c.bucket());
        if (stored.bucket().state() == Bucket.State.CREATING) {
            throw new RefusedException(Refusal.NO_SUCH_BUCKET);
        }
        if (!isUnderWay(tx, c.bucket())) {
            BucketNameRules.put(tx, stored.withState(Bucket.State.DELETING));
            tx.put(Tables.PURGES, Keys.purge(c.bucket()), new StoredPurge(stamp.nowMillis(), 0, 0, 0, false));
        }
        return Reply.DONE;
    }

    static boolean isUnderWay(Transaction tx, BucketId bucket) {
        StoredPurge purge = tx.get(Tables.PURGES, Keys.purge(bucket));
        return purge != null && !purge.ended();
    }

    static Reply note(Transaction tx, NotePurge c) throws RefusedException {
        byte[] row = Keys.purge(c.bucket());
        StoredPurge purge = tx.get(Tables.PURGES, row);
        if (purge == null || purge.ended()) {
            return Reply.DONE;
        }
        tx.put(Tables.PURGES, row, new StoredPurge(purge.begunMillis(), c.versions(), c.bytes(), c.kept(), c.ended()));
        if (c.ended()) {
            BucketNameRules.put(tx, BucketNameRules.require(tx, c.bucket()).withState(Bucket.State.ACTIVE));
        }
        return Reply.DONE;
    }

    // Bucket groups

    static Reply purge(Transaction tx, Stamp stamp, PurgePartition c) throws RefusedException {
        StoredPartition stored = tx.get(Tables.PARTITIONS, Keys.partition(c.partition()));
        if (stored == null || !stored.bucket().equals(c.bucket())) {
            throw new RefusedException(Refusal.WRONG_PARTITION);
        }
        if (!stored.closed()) {
            PartitionRules.close(tx, stamp, stored);
        }
        Round round = new Round(Scope.ofClosed(tx, stamp, stored), Math.min(c.maxVersions(), Limits.MAX_PURGED));
        ByteBuffer last = round.run(c.after());
        return new Reply.PurgedReply(round.versions, round.bytes, round.kept, last);
    }

    /** What one command may do. */
    private static final class Round {
        private final Scope scope;
        private int left;
        long versions;
        long bytes;
        long kept;

        Round(Scope scope, int left) {
            this.scope = scope;
            this.left = left;
        }

        /** Returns where to go on after; empty at the end. */
        ByteBuffer run(ByteBuffer after) {
            Partition range = scope.partition().partition();
            if (!after.hasRemaining() || after.get(after.position()) == OTHERS) {
                byte[] last = pass(
                        false,
                        start(after, Keys.escapedPrefix(scope.bucket(), Keys.utf8(range.startKey()))),
                        range.endKey().isEmpty()
                                ? null
                                : Keys.escapedPrefix(scope.bucket(), Keys.utf8(range.endKey())));
                if (last != null) {
                    return mark(OTHERS, last);
                }
                return left > 0 ? current(range, ByteBuffer.allocate(0)) : mark(CURRENT, new byte[0]);
            }
            return current(range, after);
        }

        private ByteBuffer current(Partition range, ByteBuffer after) {
            byte[] last = pass(
                    true,
                    start(after, Keys.object(scope.bucket(), range.startKey())),
                    range.endKey().isEmpty() ? null : Keys.object(scope.bucket(), range.endKey()));
            return last == null ? ByteBuffer.allocate(0) : mark(CURRENT, last);
        }

        private static byte[] start(ByteBuffer after, byte[] first) {
            if (after.remaining() <= 1) {
                return first;
            }
            byte[] row = new byte[after.remaining() - 1];
            after.get(after.position() + 1, row);
            return Keys.after(row);
        }

        private static ByteBuffer mark(byte where, byte[] row) {
            return ByteBuffer.allocate(1 + row.length).put(where).put(row).flip();
        }

        /** Returns the last row that was looked at; null if there is none behind it. */
        private byte @Nullable [] pass(boolean current, byte[] from, byte @Nullable [] to) {
            Table<StoredVersion> table = current ? Tables.OBJECTS : Tables.VERSIONS;
            List<byte[]> rows = new ArrayList<>();
            List<StoredVersion> found = new ArrayList<>();
            boolean more;
            byte[] end = to == null ? Keys.successor(Keys.bucket(scope.bucket())) : to;
            try (Rows<StoredVersion> cursor = scope.tx().scan(table, from, end)) {
                for (; cursor.valid() && rows.size() < left; cursor.next()) {
                    rows.add(cursor.key());
                    found.add(cursor.value());
                }
                more = cursor.valid();
            }
            for (int i = 0; i < rows.size(); i++) {
                byte[] key = current ? Keys.objectKey(rows.get(i)) : Keys.escapedKey(rows.get(i));
                remove(Keys.text(key, 0), found.get(i), current);
            }
            left -= rows.size();
            return more ? rows.getLast() : null;
        }

        /** One that became current meanwhile comes again with the current ones. */
        private void remove(String key, StoredVersion version, boolean current) {
            KeyVersions keyVersions = new KeyVersions(scope, key);
            StoredVersion newest = keyVersions.current();
            if (!current && newest != null && newest.sequence() == version.sequence()) {
                return;
            }
            int before = scope.tx().mark();
            try {
                keyVersions.remove(version, false);
                versions++;
                bytes += version.size();
            } catch (RefusedException e) {
                scope.tx().rollback(before);
                kept++;
            }
        }
    }
}
