package io.coffer.gateway.s3.operation;

import io.coffer.common.metadata.Bucket;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.xml.XmlWriter;
import java.nio.ByteBuffer;
import java.util.function.Function;

/** What a read of a configuration that nobody can set (yet) answers: what S3 answers when nobody has. */
public sealed interface Configuration {
    /** The code that says there is none. */
    record Absent(S3Error error) implements Configuration {}

    /** What holds by default. */
    record Default(Function<Bucket, ByteBuffer> document) implements Configuration {}

    /** An empty root element. */
    static Configuration empty(String root) {
        return new Default(bucket -> new XmlWriter().rootElement(root, "").document());
    }

    /** A list of configurations, of which there are none. */
    static Configuration emptyList(String root) {
        return new Default(bucket -> new XmlWriter()
                .root(root)
                .element("IsTruncated", false)
                .close(root)
                .document());
    }

    /** The answer for a bucket or something in it. */
    default S3Response answer(Bucket bucket, Headers headers) throws S3Exception {
        return switch (this) {
            case Absent(S3Error error) -> throw new S3Exception(error).with("BucketName", bucket.name());
            case Default(Function<Bucket, ByteBuffer> document) -> S3Response.xml(200, headers, document.apply(bucket));
        };
    }
}
