package io.coffer.metaserver.state;

import io.coffer.common.id.ClusterId;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.SystemCommand.InitializeCluster;
import io.coffer.common.metadata.SystemCommand.SetDocument;
import io.coffer.metaserver.model.Limits;
import io.coffer.metaserver.store.Keys;
import io.coffer.metaserver.store.Tables;
import io.coffer.metaserver.store.Transaction;

/** The cluster's name and its named values. */
final class ClusterRules {
    private ClusterRules() {}

    static Reply initialize(Transaction tx, InitializeCluster c) throws RefusedException {
        ClusterId existing = tx.get(Tables.CLUSTER_ID, Tables.CLUSTER_ID_ROW);
        if (existing == null) {
            tx.put(Tables.CLUSTER_ID, Tables.CLUSTER_ID_ROW, c.cluster());
        } else if (!existing.equals(c.cluster())) {
            throw new RefusedException(Refusal.INVALID_ARGUMENT, "the cluster has another name already");
        }
        return Reply.DONE;
    }

    static Reply setDocument(Transaction tx, SetDocument c) throws RefusedException {
        if (c.name().isEmpty() || c.value().remaining() > Limits.MAX_DOCUMENT_BYTES) {
            throw new RefusedException(Refusal.INVALID_ARGUMENT, "a value needs a name, and has bounds");
        }
        Reply.DocumentReply existing = tx.get(Tables.DOCUMENTS, Keys.document(c.name()));
        long revision = existing == null ? 0 : existing.revision();
        if (revision != c.expectedRevision()) {
            throw new RefusedException(Refusal.STALE_EPOCH, Long.toString(revision));
        }
        Reply.DocumentReply document = new Reply.DocumentReply(c.name(), revision + 1, c.value());
        tx.put(Tables.DOCUMENTS, Keys.document(c.name()), document);
        return document;
    }
}
