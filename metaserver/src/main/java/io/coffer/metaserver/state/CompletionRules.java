package io.coffer.metaserver.state;

import io.coffer.common.metadata.BucketCommand.CompleteUpload;
import io.coffer.common.metadata.BucketCommand.PartName;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.StoredChecksum;
import io.coffer.common.metadata.Versioning;
import io.coffer.metaserver.model.Content;
import io.coffer.metaserver.model.Limits;
import io.coffer.metaserver.model.PartLayout;
import io.coffer.metaserver.model.StoredAssembly;
import io.coffer.metaserver.model.StoredPart;
import io.coffer.metaserver.model.StoredUpload;
import io.coffer.metaserver.model.StoredVersion;
import io.coffer.metaserver.store.Keys;
import io.coffer.metaserver.store.Rows;
import io.coffer.metaserver.store.Tables;
import io.coffer.metaserver.store.Transaction;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Completing a multipart upload: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html. The parts'
 * rows stay where they are; the version refers to them through a packed layout.
 */
final class CompletionRules {
    private CompletionRules() {}

    static Reply complete(Transaction tx, Stamp stamp, CompleteUpload c) throws RefusedException {
        Scope scope = Scope.enter(tx, stamp, c.partition(), c.key());
        StoredUpload upload = UploadRules.find(scope, c.key(), c.upload());
        if (upload == null) {
            return completedBefore(scope, c);
        }
        checkOrder(c.parts());
        KeyVersions versions = new KeyVersions(scope, c.key());
        Conditions.check(c.condition(), versions.current());
        PartDigest digest = assemble(scope, c, upload);
        PartLayout layout = digest.layout();
        if (layout.size() > Limits.MAX_OBJECT_BYTES) {
            throw new RefusedException(Refusal.ENTITY_TOO_LARGE);
        }
        if (c.expectedSize() >= 0 && c.expectedSize() != layout.size()) {
            throw new RefusedException(Refusal.SIZE_MISMATCH, Long.toString(layout.size()));
        }
        StoredChecksum checksum = digest.checksum();
        if (c.expectedChecksum() != null && !sameValue(c.expectedChecksum(), checksum)) {
            throw new RefusedException(Refusal.CHECKSUM_MISMATCH);
        }
        StoredVersion version = new StoredVersion(
                stamp.tick(),
                scope.versioning(c.versioning()) != Versioning.ENABLED,
                false,
                upload.owner(),
                digest.etag(),
                layout.size(),
                layout.count(),
                checksum,
                LockRules.ofNew(scope, upload.attributes()),
                new Content.Assembly(c.upload()));
        Reply.CompleteReply reply = new Reply.CompleteReply(
                version.id(),
                version.nullVersion(),
                version.etag(),
                version.size(),
                version.modifiedMillis(),
                checksum);
        tx.put(
                Tables.ASSEMBLIES,
                Keys.assembly(c.upload()),
                new StoredAssembly(1, layout, scope.bucket(), c.key(), reply));
        tx.delete(Tables.UPLOADS, UploadRules.row(scope, c.key(), c.upload()));
        scope.count(usage -> usage.plusUploads(-1, -upload.bytes()));
        versions.add(version);
        return reply;
    }

    /** A repeat after success is answered the same for as long as the object's bytes are there. */
    private static Reply completedBefore(Scope scope, CompleteUpload c) throws RefusedException {
        StoredAssembly assembly = scope.tx().get(Tables.ASSEMBLIES, Keys.assembly(c.upload()));
        if (assembly == null
                || !assembly.bucket().equals(scope.bucket())
                || !assembly.key().equals(c.key())) {
            throw new RefusedException(Refusal.NO_SUCH_UPLOAD);
        }
        return assembly.completion();
    }

    private static void checkOrder(List<PartName> parts) throws RefusedException {
        if (parts.isEmpty()) {
            throw new RefusedException(Refusal.INVALID_ARGUMENT, "no parts");
        }
        if (parts.size() > Limits.MAX_PARTS) {
            throw new RefusedException(Refusal.TOO_MANY_PARTS);
        }
        int last = 0;
        for (PartName part : parts) {
            if (part.number() <= last) {
                throw new RefusedException(Refusal.INVALID_PART_ORDER, Integer.toString(part.number()));
            }
            last = part.number();
        }
    }

    /** Checks the named parts and digests them; discards the others. */
    private static PartDigest assemble(Scope scope, CompleteUpload c, StoredUpload upload) throws RefusedException {
        PartDigest digest = new PartDigest(upload);
        List<Integer> unnamed = new ArrayList<>();
        int named = 0;
        try (Rows<StoredPart> rows = scope.tx().scanPrefix(Tables.PARTS, Keys.assembly(c.upload()))) {
            for (; rows.valid(); rows.next()) {
                int number = Keys.partNumber(rows.key());
                if (named == c.parts().size() || number < c.parts().get(named).number()) {
                    unnamed.add(number);
                    continue;
                }
                PartName name = c.parts().get(named);
                StoredPart part = rows.value();
                if (number != name.number() || !matches(part, name)) {
                    throw invalid(name);
                }
                named++;
                if (part.size() < Limits.MIN_PART_BYTES && named < c.parts().size()) {
                    throw new RefusedException(Refusal.ENTITY_TOO_SMALL, Integer.toString(number));
                }
                digest.add(number, part);
            }
        }
        if (named < c.parts().size()) {
            throw invalid(c.parts().get(named));
        }
        for (int number : unnamed) {
            byte[] row = Keys.part(c.upload(), number);
            StoredPart part = scope.tx().get(Tables.PARTS, row);
            if (part != null) {
                ContentRules.retirePart(scope, part.content());
                scope.tx().delete(Tables.PARTS, row);
            }
        }
        return digest;
    }

    private static boolean matches(StoredPart part, PartName name) {
        return part.etag().equals(name.etag())
                && (name.checksum() == null || sameValue(name.checksum(), part.checksum()));
    }

    private static boolean sameValue(StoredChecksum named, @Nullable StoredChecksum stored) {
        return stored != null
                && named.algorithm() == stored.algorithm()
                && named.value().equals(stored.value());
    }

    private static RefusedException invalid(PartName part) {
        return new RefusedException(Refusal.INVALID_PART, Integer.toString(part.number()));
    }
}
