package io.coffer.gateway.rewrap;

import io.coffer.common.metadata.KeyRewrap;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.SystemCommand;
import io.coffer.common.metadata.SystemQuery;
import io.coffer.common.metadata.wire.RewrapCodec;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.client.Refusals;
import io.coffer.gateway.kms.KeyStoreException;
import io.coffer.gateway.s3.error.S3Exception;
import java.util.List;

/**
 * How far rewraps are, as it is kept: one document of the cluster in the system group, changed by compare and set. Layout: {@code
 * docs/formats/key-store.md}. Thread-safe.
 */
final class RewrapDocument {
    private static final String NAME = "key-rewraps";

    private final MetadataService metadata;

    private record Found(long revision, List<KeyRewrap> rewraps) {}

    /** A change of the rewraps. */
    @FunctionalInterface
    interface Change {
        List<KeyRewrap> of(List<KeyRewrap> rewraps) throws KeyStoreException;
    }

    RewrapDocument(MetadataService metadata) {
        this.metadata = metadata;
    }

    List<KeyRewrap> read() throws S3Exception {
        return find().rewraps;
    }

    private Found find() throws S3Exception {
        try {
            Reply.DocumentReply reply = metadata.ask(new SystemQuery.GetDocument(NAME));
            return new Found(reply.revision(), RewrapCodec.decode(reply.value()));
        } catch (RefusedException e) {
            if (e.refusal() == Refusal.NO_SUCH_DOCUMENT) {
                return new Found(0, List.of());
            }
            throw Refusals.toS3(e);
        }
    }

    void change(Change change) throws S3Exception, KeyStoreException {
        for (int attempt = 1; ; attempt++) {
            Found found = find();
            List<KeyRewrap> changed = change.of(found.rewraps);
            if (changed.equals(found.rewraps)) {
                return;
            }
            try {
                metadata.tell(new SystemCommand.SetDocument(NAME, found.revision, RewrapCodec.encode(changed)));
                return;
            } catch (RefusedException e) {
                if (e.refusal() != Refusal.STALE_EPOCH || attempt == Limits.MAX_ATTEMPTS) {
                    throw Refusals.toS3(e);
                }
            }
        }
    }
}
