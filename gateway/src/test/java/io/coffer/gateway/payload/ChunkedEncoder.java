package io.coffer.gateway.payload;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What a client does: puts aws-chunked framing around bytes. */
final class ChunkedEncoder {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final @Nullable ChunkSigner signer;
    private final StringBuilder trailer = new StringBuilder();
    private String previous;

    ChunkedEncoder(@Nullable ChunkSigner signer) {
        this.signer = signer;
        this.previous = signer == null ? "" : signer.seed();
    }

    /** A whole body of chunks of that size, without trailer. */
    static byte[] encode(@Nullable ChunkSigner signer, byte[] data, int chunkSize) {
        return new ChunkedEncoder(signer).chunks(data, chunkSize).raw("\r\n").bytes();
    }

    /** All chunks, the last of zero bytes included. */
    ChunkedEncoder chunks(byte[] data, int chunkSize) {
        for (int from = 0; from < data.length; from += chunkSize) {
            chunk(Arrays.copyOfRange(data, from, Math.min(data.length, from + chunkSize)));
            raw("\r\n");
        }
        return chunk(new byte[0]);
    }

    /** Without the CRLF behind it. */
    ChunkedEncoder chunk(byte[] data) {
        raw(Integer.toHexString(data.length));
        if (signer != null) {
            previous = signer.sign(previous, sha256(data));
            raw(";chunk-signature=" + previous);
        }
        raw("\r\n");
        out.writeBytes(data);
        return this;
    }

    ChunkedEncoder trailer(String name, String value, String end) {
        trailer.append(name).append(':').append(value).append('\n');
        return raw(name + ":" + value + end);
    }

    ChunkedEncoder trailerSignature() {
        if (signer == null) {
            throw new IllegalStateException("nobody signs");
        }
        return raw("x-amz-trailer-signature:"
                + signer.signTrailer(previous, sha256(trailer.toString().getBytes(StandardCharsets.ISO_8859_1)))
                + "\r\n");
    }

    ChunkedEncoder raw(String text) {
        out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    byte[] bytes() {
        return out.toByteArray();
    }

    private static byte[] sha256(byte[] data) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(data);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
