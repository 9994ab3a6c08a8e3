package io.coffer.metaserver.query;

import io.coffer.common.id.UploadId;
import io.coffer.common.metadata.BucketQuery;
import io.coffer.common.metadata.BucketQuery.GetUpload;
import io.coffer.common.metadata.BucketQuery.ListObjectParts;
import io.coffer.common.metadata.BucketQuery.ListParts;
import io.coffer.common.metadata.ObjectPart;
import io.coffer.common.metadata.PartitionRef;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.Upload;
import io.coffer.metaserver.model.Content;
import io.coffer.metaserver.model.StoredPart;
import io.coffer.metaserver.model.StoredPartition;
import io.coffer.metaserver.model.StoredUpload;
import io.coffer.metaserver.model.StoredVersion;
import io.coffer.metaserver.store.Keys;
import io.coffer.metaserver.store.Partitions;
import io.coffer.metaserver.store.Reader;
import io.coffer.metaserver.store.Rows;
import io.coffer.metaserver.store.Tables;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Uploads, and the parts of uploads and objects. */
final class PartQueries {
    private PartQueries() {}

    static Reply upload(Reader reader, GetUpload q) throws RefusedException {
        return new Reply.UploadReply(
                require(reader, q.partition(), q.key(), q.upload()).toUpload(q.key(), q.upload()));
    }

    static Reply parts(Reader reader, ListParts q) throws RefusedException {
        StoredUpload upload = require(reader, q.partition(), q.key(), q.upload());
        return page(reader, q.upload(), upload.toUpload(q.key(), q.upload()), upload.parts(), q.after(), q.limit());
    }

    static Reply objectParts(Reader reader, ListObjectParts q) throws RefusedException {
        StoredVersion version =
                ObjectQueries.find(reader, q.partition(), q.key(), q.version()).version();
        if (version.deleteMarker()) {
            throw ObjectQueries.missing(q.version());
        }
        return version.content() instanceof Content.Assembly assembly
                ? page(reader, assembly.upload(), null, version.parts(), q.after(), q.limit())
                : new Reply.PartsPage(null, List.of(), false, 0);
    }

    private static StoredUpload require(Reader reader, PartitionRef ref, String key, UploadId id)
            throws RefusedException {
        StoredPartition partition = Partitions.require(reader, ref, key);
        StoredUpload upload = reader.get(Tables.UPLOADS, Keys.upload(partition.bucket(), Keys.utf8(key), id));
        if (upload == null || upload.sequence() < partition.uploadsAfter()) {
            throw new RefusedException(Refusal.NO_SUCH_UPLOAD);
        }
        return upload;
    }

    private static Reply page(Reader reader, UploadId id, @Nullable Upload upload, int total, int after, int limit)
            throws RefusedException {
        if (limit < 0 || limit > BucketQuery.MAX_PAGE || after < 0) {
            throw new RefusedException(Refusal.INVALID_ARGUMENT, "a page of " + limit + " behind " + after);
        }
        List<ObjectPart> parts = new ArrayList<>();
        try (Rows<StoredPart> rows = reader.scanPrefix(Tables.PARTS, Keys.assembly(id))) {
            rows.seek(Keys.after(Keys.part(id, after)));
            for (; rows.valid() && parts.size() < limit; rows.next()) {
                parts.add(rows.value().toObjectPart(Keys.partNumber(rows.key())));
            }
            return new Reply.PartsPage(upload, parts, rows.valid() && limit > 0, total);
        }
    }
}
