package io.coffer.gateway.payload;

import io.coffer.gateway.http.Headers;
import io.coffer.gateway.http.RequestBody;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;

/** Opens a request's body as the bytes that the client means. */
public final class ObjectBodies {
    static final String DECODED_LENGTH = "x-amz-decoded-content-length";

    /** More digits than any length has, and few enough for a long. */
    private static final int MAX_LENGTH_DIGITS = 18;

    private ObjectBodies() {}

    /**
     * Nothing is read yet, so that {@code Expect: 100-continue} isn't answered.
     *
     * <p>Whether a body is framed is told by {@code x-amz-content-sha256}, which {@code check} comes from, and by nothing else:
     * several clients don't name aws-chunked in Content-Encoding.
     *
     * @throws S3Exception if the head of an aws-chunked request doesn't say what it must
     */
    public static ObjectBody open(RequestBody body, PayloadCheck check, Headers headers) throws S3Exception {
        return switch (check) {
            case PayloadCheck.Unsigned() -> new PlainBody(body, null);
            case PayloadCheck.Sha256(String hex) -> new PlainBody(body, hex);
            case PayloadCheck.UnsignedTrailer() ->
                new ChunkedBody(body, decodedLength(headers), null, AnnouncedTrailers.from(headers));
            case PayloadCheck.SignedChunks(ChunkSigner signer, boolean trailer) ->
                new ChunkedBody(
                        body,
                        decodedLength(headers),
                        new ChunkSignatures(signer, trailer),
                        trailer ? AnnouncedTrailers.from(headers) : AnnouncedTrailers.NONE);
        };
    }

    private static long decodedLength(Headers headers) throws S3Exception {
        String value = headers.first(DECODED_LENGTH);
        if (value == null || value.isEmpty() || value.length() > MAX_LENGTH_DIGITS) {
            throw new S3Exception(S3Error.MISSING_CONTENT_LENGTH);
        }
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) < '0' || value.charAt(i) > '9') {
                throw new S3Exception(S3Error.MISSING_CONTENT_LENGTH);
            }
        }
        return Long.parseLong(value);
    }
}
