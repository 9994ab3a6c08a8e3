package io.coffer.gateway.kms;

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

/** A system group in memory that keeps documents, as its rules do. */
final class MemoryDocuments implements MetadataClient {
    private final Map<String, Reply.DocumentReply> documents = new HashMap<>();
    int asked;

    /** Whether somebody else changes the document before each of the next changes. */
    int races;

    @Override
    @SuppressWarnings("unchecked")
    public <R extends Reply> CompletableFuture<R> submit(GroupId group, RequestId request, Command<R> command) {
        SetDocument set = (SetDocument) command;
        Reply.DocumentReply known = documents.get(set.name());
        if (races > 0 && known != null) {
            races--;
            known = new Reply.DocumentReply(known.name(), known.revision() + 1, known.value());
            documents.put(set.name(), known);
        }
        long revision = known == null ? 0 : known.revision();
        if (revision != set.expectedRevision()) {
            return CompletableFuture.failedFuture(new RefusedException(Refusal.STALE_EPOCH));
        }
        Reply.DocumentReply changed = new Reply.DocumentReply(set.name(), revision + 1, set.value());
        documents.put(set.name(), changed);
        return CompletableFuture.completedFuture((R) changed);
    }

    @Override
    @SuppressWarnings("unchecked")
    public <R extends Reply> CompletableFuture<R> query(GroupId group, Query<R> query) {
        asked++;
        Reply.DocumentReply found = documents.get(((GetDocument) query).name());
        return found == null
                ? CompletableFuture.failedFuture(new RefusedException(Refusal.NO_SUCH_DOCUMENT))
                : CompletableFuture.completedFuture((R) found);
    }
}
