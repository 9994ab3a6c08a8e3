package io.coffer.gateway.s3.operation;

import io.coffer.common.lifecycle.LifecycleRules;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.DocumentKind;
import io.coffer.common.metadata.wire.LifecycleCodec;
import io.coffer.gateway.client.BucketDocuments;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The lifecycle rules of buckets as they are kept. */
public final class LifecycleDocument {
    /** What the metadata keep of one document. 1,000 rules of ordinary length take a tenth of it. */
    private static final int MAX_BYTES = 1 << 20;

    private LifecycleDocument() {}

    /** The bucket's rules; null when it has none, which costs nothing. */
    public static @Nullable LifecycleRules find(BucketDocuments documents, Bucket bucket) throws S3Exception {
        return documents.find(bucket, DocumentKind.LIFECYCLE, LifecycleRules.class, LifecycleCodec::decode);
    }

    /** MaxMessageLengthExceeded for more than is kept. */
    public static ByteBuffer write(LifecycleRules rules) throws S3Exception {
        ByteBuffer document = LifecycleCodec.encode(rules);
        if (document.remaining() > MAX_BYTES) {
            throw new S3Exception(S3Error.MAX_MESSAGE_LENGTH_EXCEEDED)
                    .with("MaxMessageLengthBytes", Integer.toString(MAX_BYTES));
        }
        return document;
    }
}
