package io.coffer.metaserver.query;

import io.coffer.common.metadata.BucketQuery;
import io.coffer.common.metadata.Query;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.metaserver.store.GroupStore;
import io.coffer.metaserver.store.NotInMemoryException;
import io.coffer.metaserver.store.Reader;
import io.coffer.metaserver.store.Snapshot;
import java.util.Optional;

/** Answers from a bucket group. Stateless. */
public final class BucketQueries implements GroupQueries {
    @Override
    public Reply answer(GroupStore store, Query<?> query) throws RefusedException {
        if (!(query instanceof BucketQuery<?> bucket)) {
            throw new RefusedException(Refusal.INVALID_ARGUMENT, "not a query of a bucket group");
        }
        try (Snapshot snapshot = store.snapshot()) {
            return answer(store, snapshot, bucket);
        }
    }

    @Override
    public Optional<Reply> answerFromMemory(GroupStore store, Query<?> query) throws RefusedException {
        if (!(query instanceof BucketQuery.GetObject object)) {
            return Optional.empty();
        }
        try (Snapshot memory = store.memory()) {
            return Optional.of(ObjectQueries.get(memory, object));
        } catch (NotInMemoryException e) {
            return Optional.empty();
        }
    }

    private static Reply answer(GroupStore store, Reader reader, BucketQuery<?> query) throws RefusedException {
        return switch (query) {
            case BucketQuery.GetObject q -> ObjectQueries.get(reader, q);
            case BucketQuery.ReadRuns q -> ObjectQueries.readRuns(reader, q);
            case BucketQuery.ListObjects q -> Listings.objects(reader, q);
            case BucketQuery.ListVersions q -> Listings.versions(reader, q);
            case BucketQuery.ListUploads q -> Listings.uploads(reader, q);
            case BucketQuery.GetUpload q -> PartQueries.upload(reader, q);
            case BucketQuery.ListParts q -> PartQueries.parts(reader, q);
            case BucketQuery.ListObjectParts q -> PartQueries.objectParts(reader, q);
            case BucketQuery.FindUnreferenced q -> ReclaimQueries.unreferenced(reader, q);
            case BucketQuery.DueExtents q -> ReclaimQueries.due(reader, q);
            case BucketQuery.GetUsage q -> ReclaimQueries.usage(reader, q);
            case BucketQuery.FindSeals q -> SealQueries.find(reader, q, SealQueries.estimate(store));
        };
    }
}
