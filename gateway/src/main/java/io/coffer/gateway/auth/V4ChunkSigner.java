package io.coffer.gateway.auth;

import io.coffer.gateway.payload.ChunkSigner;
import java.util.HexFormat;

/** The chain of signatures that an aws-chunked body of version 4 carries. */
final class V4ChunkSigner implements ChunkSigner {
    private static final HexFormat HEX = HexFormat.of();

    private final HmacKey key;
    private final String chunkPrefix;
    private final String trailerPrefix;
    private final String seed;

    /** @param time the request's time as its string to sign has it */
    V4ChunkSigner(HmacKey key, String time, CredentialScope scope, String seed) {
        this.key = key;
        String where = time + '\n' + scope.text() + '\n';
        this.chunkPrefix = "AWS4-HMAC-SHA256-PAYLOAD\n" + where;
        this.trailerPrefix = "AWS4-HMAC-SHA256-TRAILER\n" + where;
        this.seed = seed;
    }

    @Override
    public String seed() {
        return seed;
    }

    @Override
    public String sign(String previousSignature, byte[] chunkSha256) {
        return HEX.formatHex(key.sign(
                chunkPrefix + previousSignature + '\n' + Sha256.OF_NOTHING + '\n' + HEX.formatHex(chunkSha256)));
    }

    @Override
    public String signTrailer(String previousSignature, byte[] trailerSha256) {
        return HEX.formatHex(key.sign(trailerPrefix + previousSignature + '\n' + HEX.formatHex(trailerSha256)));
    }
}
