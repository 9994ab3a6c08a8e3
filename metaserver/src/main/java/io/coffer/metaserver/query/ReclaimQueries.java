package io.coffer.metaserver.query;

import io.coffer.common.id.ExtentId;
import io.coffer.common.metadata.BucketQuery.DueExtents;
import io.coffer.common.metadata.BucketQuery.FindUnreferenced;
import io.coffer.common.metadata.BucketQuery.GetUsage;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.metaserver.model.Limits;
import io.coffer.metaserver.model.Usage;
import io.coffer.metaserver.store.Keys;
import io.coffer.metaserver.store.Partitions;
import io.coffer.metaserver.store.Reader;
import io.coffer.metaserver.store.ReclaimQueue;
import io.coffer.metaserver.store.Tables;
import java.util.ArrayList;
import java.util.List;

/** What background jobs ask. */
final class ReclaimQueries {
    private ReclaimQueries() {}

    static Reply unreferenced(Reader reader, FindUnreferenced q) throws RefusedException {
        checkCount(q.extents().size());
        List<ExtentId> unreferenced = new ArrayList<>();
        for (ExtentId id : q.extents()) {
            if (reader.get(Tables.EXTENTS, Keys.extent(id)) == null) {
                unreferenced.add(id);
            }
        }
        return new Reply.ExtentsReply(unreferenced);
    }

    static Reply due(Reader reader, DueExtents q) throws RefusedException {
        checkCount(q.limit());
        return new Reply.ReclaimReply(ReclaimQueue.extents(reader, q.nowMillis(), q.limit()));
    }

    private static void checkCount(int count) throws RefusedException {
        if (count < 0 || count > Limits.MAX_EXTENTS) {
            throw new RefusedException(Refusal.INVALID_ARGUMENT, count + " extents");
        }
    }

    static Reply usage(Reader reader, GetUsage q) throws RefusedException {
        Partitions.require(reader, q.partition());
        Usage usage = reader.get(Tables.COUNTERS, Keys.partition(q.partition().partition()));
        Usage known = usage == null ? Usage.NONE : usage;
        return new Reply.UsageReply(
                known.objects(),
                known.versions(),
                known.deleteMarkers(),
                known.uploads(),
                known.versionBytes() + known.uploadBytes());
    }
}
