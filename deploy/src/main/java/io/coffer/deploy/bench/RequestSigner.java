package io.coffer.deploy.bench;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs requests with version 4. Used by one thread.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html">S3: signature version 4</a>
 */
final class RequestSigner {
    static final String UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD";

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final String SIGNED_HEADERS = "host;x-amz-content-sha256;x-amz-date";
    private static final HexFormat HEX = HexFormat.of();

    private final BenchSettings.Credentials credentials;
    private final String region;
    private final String host;
    private final Mac mac;
    private final MessageDigest sha256;

    private long second = Long.MIN_VALUE;
    private String time = "";
    private String scope = "";

    RequestSigner(BenchSettings.Credentials credentials, String region, String host) {
        this.credentials = credentials;
        this.region = region;
        this.host = host;
        try {
            this.mac = Mac.getInstance("HmacSHA256");
            this.sha256 = MessageDigest.getInstance("SHA-256");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK can't sign", e);
        }
    }

    /**
     * The headers that sign a request, each with its CRLF, Host included.
     *
     * @param path percent-encoded
     * @param query canonical: sorted and percent-encoded
     * @param contentMd5 empty for none; S3 wants it signed where it is sent
     */
    String headers(String method, String path, String query, String payloadSha256, String contentMd5, Instant now) {
        if (now.getEpochSecond() != second) {
            second = now.getEpochSecond();
            String before = scope;
            time = TIME.format(now);
            scope = time.substring(0, 8) + '/' + region + "/s3/aws4_request";
            if (!scope.equals(before)) {
                deriveKey();
            }
        }
        boolean plain = contentMd5.isEmpty();
        String names = plain ? SIGNED_HEADERS : "content-md5;" + SIGNED_HEADERS;
        String canonical =
                method + '\n' + path + '\n' + query + '\n' + (plain ? "" : "content-md5:" + contentMd5 + '\n')
                        + "host:" + host + "\nx-amz-content-sha256:" + payloadSha256 + "\nx-amz-date:" + time + "\n\n"
                        + names + '\n'
                        + payloadSha256;
        String toSign =
                "AWS4-HMAC-SHA256\n" + time + '\n' + scope + '\n' + HEX.formatHex(sha256.digest(ascii(canonical)));
        return "Host: " + host + "\r\nx-amz-content-sha256: " + payloadSha256 + "\r\nx-amz-date: " + time
                + (plain ? "" : "\r\nContent-MD5: " + contentMd5)
                + "\r\nAuthorization: AWS4-HMAC-SHA256 Credential=" + credentials.accessKey() + '/' + scope
                + ", SignedHeaders=" + names + ", Signature=" + HEX.formatHex(mac.doFinal(ascii(toSign))) + "\r\n";
    }

    private void deriveKey() {
        byte[] key = ("AWS4" + credentials.secretKey()).getBytes(StandardCharsets.UTF_8);
        for (String part : scope.split("/")) {
            initialise(key);
            key = mac.doFinal(ascii(part));
        }
        initialise(key);
    }

    private void initialise(byte[] key) {
        try {
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK can't sign", e);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Percent-encodes as signatures want it. */
    static String encode(String text, boolean keepSlashes) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain =
                    c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || "-._~".indexOf(c) >= 0;
            if (plain || c == '/' && keepSlashes) {
                out.append(c);
            } else {
                out.append('%').append(HEX.withUpperCase().toHexDigits(b));
            }
        }
        return out.toString();
    }
}
