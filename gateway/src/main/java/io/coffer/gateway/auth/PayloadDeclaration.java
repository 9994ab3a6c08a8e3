package io.coffer.gateway.auth;

import io.coffer.gateway.http.Headers;
import io.coffer.gateway.payload.ChunkSigner;
import io.coffer.gateway.payload.PayloadCheck;
import io.coffer.gateway.s3.error.S3Exception;
import java.util.Locale;
import java.util.function.Supplier;

/** The values of {@code x-amz-content-sha256}. */
final class PayloadDeclaration {
    static final String HEADER = "x-amz-content-sha256";
    static final String UNSIGNED = "UNSIGNED-PAYLOAD";
    static final String UNSIGNED_TRAILER = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";
    static final String SIGNED_CHUNKS = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
    static final String SIGNED_CHUNKS_TRAILER = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER";

    private static final int HEX_DIGITS = 64;

    private PayloadDeclaration() {}

    /** Refuses what isn't one of the values. */
    static void require(String value) throws S3Exception {
        switch (value) {
            case UNSIGNED, UNSIGNED_TRAILER, SIGNED_CHUNKS, SIGNED_CHUNKS_TRAILER -> {}
            default -> {
                if (!isSha256(value)) {
                    throw AuthErrors.invalidArgument(
                            "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, or a valid sha256 value.",
                            HEADER,
                            value);
                }
            }
        }
    }

    /**
     * What a value that passed {@link #require} means.
     *
     * @param signer makes the signer of chunks, when the value asks for one
     */
    static PayloadCheck check(String value, Supplier<ChunkSigner> signer) {
        return switch (value) {
            case UNSIGNED -> PayloadCheck.UNSIGNED;
            case UNSIGNED_TRAILER -> PayloadCheck.UNSIGNED_TRAILER;
            case SIGNED_CHUNKS -> new PayloadCheck.SignedChunks(signer.get(), false);
            case SIGNED_CHUNKS_TRAILER -> new PayloadCheck.SignedChunks(signer.get(), true);
            default -> new PayloadCheck.Sha256(value.toLowerCase(Locale.ROOT));
        };
    }

    /** The declaration of a request that has no key of version 4, and so can't have signed its chunks. */
    static PayloadCheck withoutKey(Headers headers) throws S3Exception {
        String value = headers.first(HEADER);
        if (value == null) {
            return PayloadCheck.UNSIGNED;
        }
        require(value);
        if (value.equals(SIGNED_CHUNKS) || value.equals(SIGNED_CHUNKS_TRAILER)) {
            throw AuthErrors.mechanismNotSupported();
        }
        return check(value, () -> {
            throw new IllegalStateException("signed chunks were refused above");
        });
    }

    private static boolean isSha256(String value) {
        if (value.length() != HEX_DIGITS) {
            return false;
        }
        for (int i = 0; i < HEX_DIGITS; i++) {
            char c = value.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f') && (c < 'A' || c > 'F')) {
                return false;
            }
        }
        return true;
    }
}
