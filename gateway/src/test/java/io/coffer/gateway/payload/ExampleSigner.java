package io.coffer.gateway.payload;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs with the key, date and region of the examples in Amazon's pages on chunked uploads. */
final class ExampleSigner implements ChunkSigner {
    private static final String SCOPE = "20130524/us-east-1/s3/aws4_request";
    private static final String TIME = "20130524T000000Z";
    private static final String EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private final String seed;
    private final byte[] key;

    ExampleSigner(String seed) {
        this.seed = seed;
        byte[] derived = "AWS4wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".getBytes(StandardCharsets.US_ASCII);
        for (String part : SCOPE.split("/")) {
            derived = hmac(derived, part);
        }
        this.key = derived;
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String seed() {
        return seed;
    }

    @Override
    public String sign(String previousSignature, byte[] chunkSha256) {
        return hex(hmac(
                key,
                String.join(
                        "\n",
                        "AWS4-HMAC-SHA256-PAYLOAD",
                        TIME,
                        SCOPE,
                        previousSignature,
                        EMPTY_SHA256,
                        hex(chunkSha256))));
    }

    @Override
    public String signTrailer(String previousSignature, byte[] trailerSha256) {
        return hex(hmac(
                key,
                String.join("\n", "AWS4-HMAC-SHA256-TRAILER", TIME, SCOPE, previousSignature, hex(trailerSha256))));
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
