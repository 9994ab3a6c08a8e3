package io.coffer.gateway.client;

import io.coffer.common.id.BucketId;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.DocumentKind;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.SystemQuery;
import io.coffer.gateway.s3.error.S3Exception;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Documents of buckets, fetched and parsed once for each revision. A bucket without one costs no call. Of each document the newest
 * revision that anybody asked for is kept, also for who still knows of an older one. Thread-safe.
 */
public final class BucketDocuments {
    /** Documents kept. */
    static final int MAX_DOCUMENTS = 10_000;

    /** Bytes of the documents that are kept, as they are stored; what is parsed takes some times more. */
    static final long MAX_BYTES = 32L << 20;

    private final MetadataService metadata;
    private final ConcurrentHashMap<Name, Kept> kept = new ConcurrentHashMap<>();
    private final AtomicLong bytes = new AtomicLong();

    private record Name(BucketId bucket, DocumentKind kind) {}

    private record Kept(long revision, int bytes, Object parsed) {}

    public BucketDocuments(MetadataService metadata) {
        this.metadata = metadata;
    }

    /** Makes of a document what its users work with. */
    @FunctionalInterface
    public interface Parser<T> {
        /** @throws S3Exception never, for a document that was checked before it was stored */
        T parse(ByteBuffer content) throws S3Exception;
    }

    /**
     * The bucket's document of a kind, parsed; null when it has none.
     *
     * @param parser always the same for a kind
     */
    public <T> @Nullable T find(Bucket bucket, DocumentKind kind, Class<T> type, Parser<? extends T> parser)
            throws S3Exception {
        long revision = bucket.settings().revisionOf(kind);
        if (revision == 0) {
            return null;
        }
        Name name = new Name(bucket.id(), kind);
        Kept found = kept.get(name);
        if (found == null || found.revision < revision) {
            found = fetch(name, parser);
        }
        return found == null ? null : type.cast(found.parsed);
    }

    private @Nullable Kept fetch(Name name, Parser<?> parser) throws S3Exception {
        Reply.BucketDocumentReply reply;
        try {
            reply = metadata.ask(new SystemQuery.GetBucketDocument(name.bucket, name.kind));
        } catch (RefusedException e) {
            if (e.refusal() == Refusal.NO_SUCH_DOCUMENT) {
                return null;
            }
            throw Refusals.toS3(e);
        }
        Kept fetched = new Kept(reply.revision(), reply.content().remaining(), parser.parse(reply.content()));
        keep(name, fetched);
        return fetched;
    }

    private void keep(Name name, Kept fetched) {
        kept.compute(name, (key, known) -> {
            if (known != null && known.revision >= fetched.revision) {
                return known;
            }
            bytes.addAndGet(fetched.bytes - (known == null ? 0 : known.bytes));
            return fetched;
        });
        // Whatever comes first goes first: who is asked often is soon back.
        Iterator<Name> names = kept.keySet().iterator();
        while ((kept.size() > MAX_DOCUMENTS || bytes.get() > MAX_BYTES) && names.hasNext()) {
            Kept removed = kept.remove(names.next());
            if (removed != null) {
                bytes.addAndGet(-removed.bytes);
            }
        }
    }
}
