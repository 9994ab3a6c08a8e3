package io.coffer.it.store;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** An HTML form as a browser sends it, with the policy and the signature that boto3's generate_presigned_post makes for it. */
public final class SignedForm {
    private static final String BOUNDARY = "----CofferFormBoundary7MA4YWxk";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final Store store;
    private final String bucket;
    private final Map<String, String> fields = new LinkedHashMap<>();
    private final List<String> conditions = new ArrayList<>();
    private final Map<String, String> changes = new LinkedHashMap<>();
    private final Map<String, String> after = new LinkedHashMap<>();
    private Instant expires = Instant.now().plus(Duration.ofHours(1)).truncatedTo(ChronoUnit.SECONDS);
    private boolean signed = true;
    private String filename = "upload.txt";
    private byte[] file = "content".getBytes(StandardCharsets.UTF_8);

    SignedForm(Store store, String bucket, String key) {
        this.store = store;
        this.bucket = bucket;
        fields.put("key", key);
    }

    /** A field that the policy allows to have any value. */
    public SignedForm field(String name, String value) {
        fields.put(name, value);
        return this;
    }

    /** A further condition, as JSON. */
    public SignedForm condition(String json) {
        conditions.add(json);
        return this;
    }

    /** A field that gets another value when all is signed, or one that the policy doesn't know. */
    public SignedForm change(String name, String value) {
        changes.put(name, value);
        return this;
    }

    /** A field behind the file. */
    public SignedForm after(String name, String value) {
        after.put(name, value);
        return this;
    }

    public SignedForm file(String name, byte[] content) {
        filename = name;
        file = content;
        return this;
    }

    public SignedForm file(String content) {
        return file(filename, content.getBytes(StandardCharsets.UTF_8));
    }

    public SignedForm expires(Instant time) {
        expires = time;
        return this;
    }

    public SignedForm anonymous() {
        signed = false;
        return this;
    }

    /** As a request that can still get headers. */
    public RawRequest request() {
        return request(body());
    }

    /** With another body in place of the form. */
    public RawRequest request(byte[] body) {
        return store.request("POST", "/" + bucket)
                .anonymous()
                .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                .body(body);
    }

    public byte[] body() {
        Map<String, String> all = new LinkedHashMap<>(fields);
        if (signed) {
            sign(all);
        }
        all.putAll(changes);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        all.forEach((name, value) -> body.writeBytes(part(name, value)));
        body.writeBytes(("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + filename
                        + "\"\r\nContent-Type: application/octet-stream\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8));
        body.writeBytes(file);
        body.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
        after.forEach((name, value) -> body.writeBytes(part(name, value)));
        body.writeBytes(("--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
        return body.toByteArray();
    }

    public RawResponse send() {
        return request().send();
    }

    private static byte[] part(String name, String value) {
        return ("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    private void sign(Map<String, String> all) {
        String time = TIME.format(Instant.now());
        String scope = time.substring(0, 8) + "/us-east-1/s3/aws4_request";
        all.put("x-amz-algorithm", "AWS4-HMAC-SHA256");
        all.put("x-amz-credential", store.accessKey() + "/" + scope);
        all.put("x-amz-date", time);
        List<String> whole = new ArrayList<>(conditions);
        whole.add("{\"bucket\": \"" + bucket + "\"}");
        all.keySet().forEach(name -> whole.add("[\"starts-with\", \"$" + name + "\", \"\"]"));
        String policy = "{\"expiration\": \"" + expires + "\", \"conditions\": ["
                + whole.stream().collect(Collectors.joining(", ")) + "]}";
        String encoded = Base64.getEncoder().encodeToString(policy.getBytes(StandardCharsets.UTF_8));
        byte[] key = hmac(("AWS4" + store.secretKey()).getBytes(StandardCharsets.UTF_8), time.substring(0, 8));
        for (String part : List.of("us-east-1", "s3", "aws4_request")) {
            key = hmac(key, part);
        }
        all.put("policy", encoded);
        all.put("x-amz-signature", HexFormat.of().formatHex(hmac(key, encoded)));
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
