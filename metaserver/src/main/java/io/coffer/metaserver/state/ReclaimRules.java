package io.coffer.metaserver.state;

import io.coffer.common.id.ExtentId;
import io.coffer.common.id.PartitionId;
import io.coffer.common.id.UploadId;
import io.coffer.common.metadata.BucketCommand.ForgetExtents;
import io.coffer.common.metadata.BucketCommand.ReleaseParts;
import io.coffer.common.metadata.Partition;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.metaserver.model.Content;
import io.coffer.metaserver.model.InvariantViolation;
import io.coffer.metaserver.model.Limits;
import io.coffer.metaserver.model.ReleaseTask;
import io.coffer.metaserver.model.Retired;
import io.coffer.metaserver.model.StoredExtent;
import io.coffer.metaserver.model.StoredPart;
import io.coffer.metaserver.model.StoredPartition;
import io.coffer.metaserver.model.StoredPiece;
import io.coffer.metaserver.model.StoredUpload;
import io.coffer.metaserver.store.Keys;
import io.coffer.metaserver.store.ReclaimQueue;
import io.coffer.metaserver.store.Rows;
import io.coffer.metaserver.store.Tables;
import io.coffer.metaserver.store.Transaction;
import java.util.ArrayList;
import java.util.List;

/** Giving back what is no longer used, a bounded amount per command. */
final class ReclaimRules {
    private final ContentRules contents;

    ReclaimRules(ContentRules contents) {
        this.contents = contents;
    }

    static Reply forget(Transaction tx, Stamp stamp, ForgetExtents c) throws RefusedException {
        if (c.extents().size() > Limits.MAX_EXTENTS) {
            throw new RefusedException(Refusal.INVALID_ARGUMENT, "more than " + Limits.MAX_EXTENTS + " extents");
        }
        for (ExtentId id : c.extents()) {
            StoredExtent extent = tx.get(Tables.EXTENTS, Keys.extent(id));
            if (extent == null) {
                continue;
            }
            if (extent.references() > 0) {
                throw new RefusedException(Refusal.INVALID_ARGUMENT, "extent " + id + " is in use");
            }
            tx.delete(Tables.EXTENTS, Keys.extent(id));
            tx.delete(Tables.DUE_EXTENTS, Keys.dueExtent(extent.dueMillis(), id));
        }
        ReclaimQueue.moveExtents(tx, stamp.nowMillis());
        return Reply.DONE;
    }

    Reply release(Transaction tx, Stamp stamp, ReleaseParts c) {
        Round round = new Round(tx, stamp, Math.min(c.maxParts(), Limits.MAX_RELEASED));
        boolean more = ReclaimQueue.moveReleases(tx, stamp.nowMillis()) != null;
        while (more && round.left > 0) {
            // Tasks that these bring about are due now, and so in the next search.
            for (byte[] row : ReclaimQueue.releases(tx, stamp.nowMillis(), round.left)) {
                if (round.left > 0 && round.run(Keys.releaseTask(row))) {
                    tx.delete(Tables.DUE_RELEASES, row);
                }
            }
            more = ReclaimQueue.moveReleases(tx, stamp.nowMillis()) != null;
        }
        return new Reply.ReleasedReply(round.released, more);
    }

    /** What one command may do. */
    private final class Round {
        private final Transaction tx;
        private final Stamp stamp;
        private int left;
        private int released;

        Round(Transaction tx, Stamp stamp, int left) {
            this.tx = tx;
            this.stamp = stamp;
            this.left = left;
        }

        /** Whether the task is finished. */
        boolean run(ReleaseTask task) {
            return switch (task) {
                case ReleaseTask.RetiredContent(long id) -> releaseRetired(id);
                case ReleaseTask.UploadParts(UploadId upload) -> releaseParts(upload);
                case ReleaseTask.ClientTokenRow(long high, long low) -> forgetToken(high, low);
                case ReleaseTask.ChainEnd(long chain, long end) -> releaseEnd(chain, end);
                case ReleaseTask.AssemblyParts(UploadId upload) -> releaseAssembly(upload);
                case ReleaseTask.PartitionUploads(PartitionId partition) -> abortUploads(partition);
            };
        }

        private void done(int cost) {
            left -= cost;
            released++;
        }

        private boolean releaseRetired(long id) {
            Retired retired = tx.get(Tables.RETIRED, Keys.number(id));
            if (retired == null) {
                throw new InvariantViolation("retired content " + id + " is missing");
            }
            tx.delete(Tables.RETIRED, Keys.number(id));
            release(retired.content());
            return true;
        }

        private void release(Content content) {
            switch (content) {
                case Content.Runs runs -> {
                    contents.release(tx, runs, stamp.nowMillis());
                    done(Math.max(1, runs.runs().size()));
                }
                case Content.Assembly(UploadId upload) -> {
                    if (ContentRules.countAssembly(tx, upload, -1) == 0) {
                        ContentRules.later(tx, new ReleaseTask.AssemblyParts(upload), stamp.nowMillis());
                    }
                    done(1);
                }
                case Content.Chain chain -> {
                    ChainRules.count(tx, chain, -1);
                    if (ChainRules.unused(tx, chain.id(), chain.length()) != null) {
                        ContentRules.later(tx, new ReleaseTask.ChainEnd(chain.id(), chain.length()), stamp.nowMillis());
                    }
                    done(1);
                }
            }
        }

        private boolean forgetToken(long high, long low) {
            tx.delete(Tables.CLIENT_TOKENS, Keys.clientToken(high, low));
            done(1);
            return true;
        }

        /** What can't be done now is left to a task of its own: the piece by which this one is named is gone. */
        private boolean releaseEnd(long chain, long end) {
            long last = end;
            while (last > 0) {
                StoredPiece piece = ChainRules.unused(tx, chain, last);
                if (piece == null) {
                    return true;
                }
                if (left <= 0) {
                    ContentRules.later(tx, new ReleaseTask.ChainEnd(chain, last), stamp.nowMillis());
                    return true;
                }
                tx.delete(Tables.PIECES, Keys.piece(chain, last));
                release(piece.content());
                last = piece.offset();
            }
            return true;
        }

        private boolean releaseAssembly(UploadId upload) {
            if (!releaseParts(upload)) {
                return false;
            }
            tx.delete(Tables.ASSEMBLIES, Keys.assembly(upload));
            return true;
        }

        private boolean releaseParts(UploadId upload) {
            List<Integer> numbers = new ArrayList<>();
            List<Content.Runs> parts = new ArrayList<>();
            boolean finished;
            try (Rows<StoredPart> rows = tx.scanPrefix(Tables.PARTS, Keys.assembly(upload))) {
                for (int cost = 0; rows.valid() && cost < left; rows.next()) {
                    Content.Runs content = rows.value().content();
                    numbers.add(Keys.partNumber(rows.key()));
                    parts.add(content);
                    cost += Math.max(1, content.runs().size());
                }
                finished = !rows.valid();
            }
            for (int i = 0; i < numbers.size(); i++) {
                contents.release(tx, parts.get(i), stamp.nowMillis());
                tx.delete(Tables.PARTS, Keys.part(upload, numbers.get(i)));
                done(Math.max(1, parts.get(i).runs().size()));
            }
            return finished;
        }

        /** The uploads that a closed partition left, which a reopened one doesn't show any more. */
        private boolean abortUploads(PartitionId id) {
            StoredPartition stored = tx.get(Tables.PARTITIONS, Keys.partition(id));
            if (stored == null) {
                throw new InvariantViolation("partition " + id.value() + " is missing");
            }
            Partition range = stored.partition();
            byte[] from = Keys.escapedPrefix(stored.bucket(), Keys.utf8(range.startKey()));
            byte[] to = range.endKey().isEmpty()
                    ? Keys.successor(Keys.bucket(stored.bucket()))
                    : Keys.escapedPrefix(stored.bucket(), Keys.utf8(range.endKey()));
            List<byte[]> gone = new ArrayList<>();
            List<StoredUpload> uploads = new ArrayList<>();
            boolean finished;
            try (Rows<StoredUpload> rows = tx.scan(Tables.UPLOADS, from, to)) {
                for (; rows.valid() && gone.size() < left; rows.next()) {
                    StoredUpload upload = rows.value();
                    if (upload.sequence() < stored.uploadsAfter()) {
                        gone.add(rows.key());
                        uploads.add(upload);
                    }
                }
                finished = !rows.valid();
            }
            for (int i = 0; i < gone.size(); i++) {
                tx.delete(Tables.UPLOADS, gone.get(i));
                UploadRules.discardParts(tx, stamp, Keys.uploadId(gone.get(i)), uploads.get(i));
                done(1);
            }
            return finished;
        }
    }
}
