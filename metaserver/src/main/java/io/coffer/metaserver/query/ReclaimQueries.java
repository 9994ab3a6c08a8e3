package io.coffer.metaserver.query;

import io.coffer.common.id.ExtentId;
import io.coffer.common.metadata.BucketQuery.DueExtents;
import io.coffer.common.metadata.BucketQuery.FindUnreferenced;
import io.coffer.common.metadata.BucketQuery.GetUsage;
import io.coffer.common.metadata.ExtentSlice;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.metaserver.model.Limits;
import io.coffer.metaserver.model.Usage;
import io.coffer.metaserver.store.Keys;
import io.coffer.metaserver.store.Partitions;
import io.coffer.metaserver.store.Reader;
import io.coffer.metaserver.store.Rows;
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
        List<ExtentSlice> due = new ArrayList<>();
        byte[] from = Keys.extentsDueFrom(0);
        byte[] to = Keys.extentsDueFrom(Math.clamp(q.nowMillis(), 0, Long.MAX_VALUE - 1) + 1);
        try (Rows<ExtentSlice> rows = reader.scan(Tables.DUE_EXTENTS, from, to)) {
            for (; rows.valid() && due.size() < q.limit(); rows.next()) {
                due.add(rows.value());
            }
        }
        return new Reply.ReclaimReply(due);
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
