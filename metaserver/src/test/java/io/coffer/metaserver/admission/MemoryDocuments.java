package io.coffer.metaserver.admission;

import io.coffer.common.id.GroupId;
import io.coffer.common.id.RequestId;
import io.coffer.common.metadata.Command;
import io.coffer.common.metadata.MetadataClient;
import io.coffer.common.metadata.Query;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.SystemCommand.SetDocument;
import io.coffer.common.metadata.SystemQuery.GetDocument;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A system group that keeps documents, and nothing else. */
final class MemoryDocuments implements MetadataClient {
    private final Map<String, Reply.DocumentReply> documents = new HashMap<>();

    @Override
    @SuppressWarnings("unchecked")
    public <R extends Reply> CompletableFuture<R> submit(GroupId group, RequestId request, Command<R> command) {
        SetDocument set = (SetDocument) command;
        Reply.DocumentReply old = documents.get(set.name());
        if ((old == null ? 0 : old.revision()) != set.expectedRevision()) {
            return CompletableFuture.failedFuture(new RefusedException(Refusal.STALE_EPOCH));
        }
        var stored = new Reply.DocumentReply(set.name(), set.expectedRevision() + 1, set.value());
        documents.put(set.name(), stored);
        return CompletableFuture.completedFuture((R) stored);
    }

    @Override
    @SuppressWarnings("unchecked")
    public <R extends Reply> CompletableFuture<R> query(GroupId group, Query<R> query) {
        Reply.DocumentReply found = documents.get(((GetDocument) query).name());
        return found == null
                ? CompletableFuture.failedFuture(new RefusedException(Refusal.NO_SUCH_DOCUMENT))
                : CompletableFuture.completedFuture((R) found);
    }
}
