package io.coffer.gateway.payload;

/** What a request's signature promises about its body, and how the body is framed: the meaning of {@code x-amz-content-sha256}. */
public sealed interface PayloadCheck {
    PayloadCheck UNSIGNED = new Unsigned();
    PayloadCheck UNSIGNED_TRAILER = new UnsignedTrailer();

    /** {@code UNSIGNED-PAYLOAD}, signature version 2, or nobody signed: the body is as it comes. */
    record Unsigned() implements PayloadCheck {}

    /** @param hex the body's SHA-256 in lower-case hexadecimal digits */
    record Sha256(String hex) implements PayloadCheck {}

    /**
     * {@code STREAMING-AWS4-HMAC-SHA256-PAYLOAD}: aws-chunked, each chunk signed.
     *
     * @param trailer whether a signed trailer follows ({@code …-PAYLOAD-TRAILER})
     */
    record SignedChunks(ChunkSigner signer, boolean trailer) implements PayloadCheck {}

    /** {@code STREAMING-UNSIGNED-PAYLOAD-TRAILER}: aws-chunked without signatures. */
    record UnsignedTrailer() implements PayloadCheck {}
}
