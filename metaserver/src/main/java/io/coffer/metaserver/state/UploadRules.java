package io.coffer.metaserver.state;

import io.coffer.common.id.UploadId;
import io.coffer.common.metadata.BucketCommand.AbortUpload;
import io.coffer.common.metadata.BucketCommand.CreateUpload;
import io.coffer.common.metadata.BucketCommand.PutPart;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.StoredChecksum;
import io.coffer.metaserver.model.Content;
import io.coffer.metaserver.model.Limits;
import io.coffer.metaserver.model.ReleaseTask;
import io.coffer.metaserver.model.StoredPart;
import io.coffer.metaserver.model.StoredUpload;
import io.coffer.metaserver.store.Keys;
import io.coffer.metaserver.store.Tables;
import io.coffer.metaserver.store.Transaction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Multipart uploads until they are completed. */
final class UploadRules {
    private static final Pattern MD5 = Pattern.compile("[0-9a-f]{32}");

    private final ContentRules contents;

    UploadRules(ContentRules contents) {
        this.contents = contents;
    }

    static Reply create(Transaction tx, Stamp stamp, CreateUpload c) throws RefusedException {
        Scope scope = Scope.enter(tx, stamp, c.partition(), c.key());
        checkChecksum(c);
        LockRules.requirePossible(scope, c.attributes().lock());
        byte[] row = row(scope, c.key(), c.upload());
        if (tx.get(Tables.UPLOADS, row) != null || tx.get(Tables.ASSEMBLIES, Keys.assembly(c.upload())) != null) {
            throw new RefusedException(Refusal.INVALID_ARGUMENT, "the upload exists");
        }
        StoredUpload upload = new StoredUpload(
                stamp.tick(), c.owner(), c.initiator(), c.attributes(), c.checksumAlgorithm(), c.checksumType(), 0, 0);
        tx.put(Tables.UPLOADS, row, upload);
        scope.count(usage -> usage.plusUploads(1, 0));
        return Reply.DONE;
    }

    private static void checkChecksum(CreateUpload c) throws RefusedException {
        boolean possible = c.checksumAlgorithm() == null
                ? c.checksumType() == null
                : switch (c.checksumType()) {
                    case FULL_OBJECT -> c.checksumAlgorithm().supportsFullObject();
                    case COMPOSITE -> c.checksumAlgorithm().supportsComposite();
                    case null -> false;
                };
        if (!possible) {
            throw new RefusedException(
                    Refusal.INVALID_ARGUMENT, "no " + c.checksumType() + " checksum of " + c.checksumAlgorithm());
        }
    }

    Reply putPart(Transaction tx, Stamp stamp, PutPart c) throws RefusedException {
        Scope scope = Scope.enter(tx, stamp, c.partition(), c.key());
        StoredUpload upload = require(scope, c.key(), c.upload());
        checkPart(c, upload);
        byte[] row = Keys.part(c.upload(), c.number());
        StoredPart replaced = tx.get(Tables.PARTS, row);
        Content content = contents.take(scope, c.payload(), c.size(), false);
        StoredPart part = new StoredPart(c.etag(), c.size(), stamp.nowMillis(), c.checksum(), (Content.Runs) content);
        SealRules.moved(tx, content);
        tx.put(Tables.PARTS, row, part);
        long bytes = c.size();
        if (replaced != null) {
            ContentRules.retirePart(scope, replaced.content());
            bytes -= replaced.size();
        }
        long added = bytes;
        scope.count(usage -> usage.plusUploads(0, added));
        tx.put(
                Tables.UPLOADS,
                row(scope, c.key(), c.upload()),
                upload.withParts(upload.parts() + (replaced == null ? 1 : 0), upload.bytes() + added));
        return new Reply.PartReply(part.modifiedMillis());
    }

    private static void checkPart(PutPart c, StoredUpload upload) throws RefusedException {
        if (c.number() < 1 || c.number() > Limits.MAX_PARTS) {
            throw new RefusedException(Refusal.INVALID_ARGUMENT, "part number " + c.number());
        }
        if (c.size() > Limits.MAX_PART_BYTES) {
            throw new RefusedException(Refusal.ENTITY_TOO_LARGE);
        }
        if (!MD5.matcher(c.etag()).matches()) {
            throw new RefusedException(Refusal.INVALID_ARGUMENT, "a part's ETag is an MD5");
        }
        StoredChecksum checksum = c.checksum();
        ObjectRules.checkChecksum(checksum);
        if (checksum != null
                && upload.checksumAlgorithm() != null
                && checksum.algorithm() != upload.checksumAlgorithm()) {
            throw new RefusedException(
                    Refusal.INVALID_ARGUMENT, "the upload's checksums are " + upload.checksumAlgorithm());
        }
    }

    static Reply abort(Transaction tx, Stamp stamp, AbortUpload c) throws RefusedException {
        Scope scope = Scope.enter(tx, stamp, c.partition(), c.key());
        StoredUpload upload = require(scope, c.key(), c.upload());
        tx.delete(Tables.UPLOADS, row(scope, c.key(), c.upload()));
        scope.count(usage -> usage.plusUploads(-1, -upload.bytes()));
        discardParts(tx, stamp, c.upload(), upload);
        return Reply.DONE;
    }

    /** Leaves the parts of an upload that is gone to be released bit by bit. */
    static void discardParts(Transaction tx, Stamp stamp, UploadId id, StoredUpload upload) {
        if (upload.parts() > 0) {
            ContentRules.later(tx, new ReleaseTask.UploadParts(id), stamp.nowMillis());
        }
    }

    static byte[] row(Scope scope, String key, UploadId upload) {
        return Keys.upload(scope.bucket(), Keys.utf8(key), upload);
    }

    /** The upload in progress; null when there is none, or it was aborted with its partition. */
    static @Nullable StoredUpload find(Scope scope, String key, UploadId id) {
        StoredUpload upload = scope.tx().get(Tables.UPLOADS, row(scope, key, id));
        return upload == null || upload.sequence() < scope.partition().uploadsAfter() ? null : upload;
    }

    private static StoredUpload require(Scope scope, String key, UploadId id) throws RefusedException {
        StoredUpload upload = find(scope, key, id);
        if (upload == null) {
            throw new RefusedException(Refusal.NO_SUCH_UPLOAD);
        }
        return upload;
    }
}
