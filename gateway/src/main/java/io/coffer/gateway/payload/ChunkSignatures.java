package io.coffer.gateway.payload;

import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** The chain of signatures over one request's chunks: each builds on the one before. */
final class ChunkSignatures {
    private final ChunkSigner signer;
    private final boolean trailer;
    private final RunningSha256 sha256 = new RunningSha256();
    private String previous;

    ChunkSignatures(ChunkSigner signer, boolean trailer) {
        this.signer = signer;
        this.trailer = trailer;
        this.previous = signer.seed();
    }

    boolean hasTrailer() {
        return trailer;
    }

    /** Takes bytes of the current chunk. */
    void update(ByteBuffer bytes) {
        sha256.update(bytes);
    }

    /** The current chunk has ended. */
    void verifyChunk(String claimed) throws S3Exception {
        previous = verified(signer.sign(previous, sha256.digest()), claimed);
    }

    /** @param lines {@code name:value\n} for each line, in the order they were sent */
    void verifyTrailer(String lines, String claimed) throws S3Exception {
        sha256.update(ByteBuffer.wrap(lines.getBytes(StandardCharsets.ISO_8859_1)));
        previous = verified(signer.signTrailer(previous, sha256.digest()), claimed);
    }

    private static String verified(String computed, String claimed) throws S3Exception {
        // In constant time: how much of a guess was right must not show.
        if (!MessageDigest.isEqual(
                computed.getBytes(StandardCharsets.US_ASCII), claimed.getBytes(StandardCharsets.US_ASCII))) {
            throw new S3Exception(S3Error.SIGNATURE_DOES_NOT_MATCH);
        }
        return computed;
    }
}
