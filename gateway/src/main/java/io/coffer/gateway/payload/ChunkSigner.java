package io.coffer.gateway.payload;

/**
 * Knows the key and scope of one request and computes the signatures of its aws-chunked chain; made by authentication. Used by
 * the request's own thread. All signatures are 64 lower-case hexadecimal digits.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html">S3: chunked upload</a>
 */
public interface ChunkSigner {
    /** The verified signature of the request's head: what the first chunk's signature builds on. */
    String seed();

    /** The signature of a chunk (string to sign {@code AWS4-HMAC-SHA256-PAYLOAD}). */
    String sign(String previousSignature, byte[] chunkSha256);

    /** The signature of the trailer (string to sign {@code AWS4-HMAC-SHA256-TRAILER}). */
    String signTrailer(String previousSignature, byte[] trailerSha256);
}
