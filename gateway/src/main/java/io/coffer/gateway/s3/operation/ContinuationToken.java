package io.coffer.gateway.s3.operation;

import io.coffer.gateway.s3.error.S3Exception;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Where a listing goes on, as a text that clients take for opaque: a version byte and the name to continue after. Any gateway
 * understands it, and nothing is remembered for it. It grants nothing that a start wouldn't, so that it needs no signature.
 */
public final class ContinuationToken {
    private static final byte FORMAT = 1;

    private ContinuationToken() {}

    public static String of(String after) {
        byte[] name = after.getBytes(StandardCharsets.UTF_8);
        byte[] token =
                ByteBuffer.allocate(1 + name.length).put(FORMAT).put(name).array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
    }

    /** The name to continue after; InvalidArgument for what was never a token. */
    public static String parse(String token) throws S3Exception {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(token));
            if (bytes.hasRemaining() && bytes.get() == FORMAT) {
                return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
            }
        } catch (IllegalArgumentException | CharacterCodingException e) {
            // refused below
        }
        throw ListParameters.invalid("continuation-token", token, "The continuation token provided is incorrect");
    }
}
