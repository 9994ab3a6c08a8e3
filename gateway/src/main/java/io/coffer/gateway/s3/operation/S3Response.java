package io.coffer.gateway.s3.operation;

import io.coffer.gateway.http.Headers;
import io.coffer.gateway.http.ResponseSink;
import io.coffer.gateway.s3.error.S3Exception;
import java.io.IOException;
import java.nio.ByteBuffer;

/** What an operation answers; the pipeline adds request ids, Server and Date. */
public record S3Response(int status, Headers headers, Content content) {
    /** A response without a body. */
    public static S3Response empty(int status, Headers headers) {
        return new S3Response(status, headers, new Content.Empty());
    }

    /** A whole XML document, {@code <?xml …?>} included. */
    public static S3Response xml(int status, Headers headers, ByteBuffer document) {
        return new S3Response(status, headers, new Content.Xml(document));
    }

    /** A body. */
    public sealed interface Content {
        record Empty() implements Content {}

        record Xml(ByteBuffer document) implements Content {}

        /** The length a GET would have, for HEAD. */
        record Length(long length) implements Content {}

        /** Bytes that are produced while they are sent. */
        record Stream(long length, Body body) implements Content {}

        /**
         * An XML document whose making takes long (CompleteMultipartUpload, CopyObject): the head goes out with 200 and white
         * space at intervals, unless the document is there within the first interval; an error is then sent as a document.
         */
        record Slow(SlowDocument document) implements Content {}
    }

    /**
     * Writes exactly the announced length and finishes the sink; what it throws closes the connection. Whoever has a body closes
     * it, sent or not.
     */
    @FunctionalInterface
    public interface Body extends AutoCloseable {
        void writeTo(ResponseSink sink) throws IOException;

        /** Gives back what was read ahead. */
        @Override
        default void close() {}
    }

    /** The work behind a slow answer; returns the response it would be if it had been fast (status, headers and XML). */
    @FunctionalInterface
    public interface SlowDocument {
        S3Response make() throws S3Exception, IOException;
    }
}
