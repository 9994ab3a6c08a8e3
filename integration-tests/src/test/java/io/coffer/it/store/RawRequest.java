package io.coffer.it.store;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** A request written byte for byte, for what no SDK sends; signed with signature version 4 unless told otherwise. */
public final class RawRequest {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final int TIMEOUT_MILLIS = 60_000;

    private final Store store;
    private final URI endpoint;
    private final String method;
    private final String target;
    private final List<Map.Entry<String, String>> headers = new ArrayList<>();
    private byte[] body = {};
    private boolean signed = true;
    private boolean contentLength = true;
    private @Nullable String payloadHash;

    RawRequest(Store store, URI endpoint, String method, String target) {
        this.store = store;
        this.endpoint = endpoint;
        this.method = method;
        this.target = target;
    }

    /** A header whose value is sent as UTF-8. */
    public RawRequest header(String name, String value) {
        headers.add(Map.entry(name, value));
        return this;
    }

    public RawRequest body(byte[] bytes) {
        body = bytes;
        return this;
    }

    public RawRequest body(String text) {
        return body(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The body with its Content-MD5. */
    public RawRequest document(String text) {
        body(text);
        return header("Content-MD5", Base64.getEncoder().encodeToString(digest("MD5", body)));
    }

    public RawRequest anonymous() {
        signed = false;
        return this;
    }

    public RawRequest withoutContentLength() {
        contentLength = false;
        return this;
    }

    /** The value of {@code x-amz-content-sha256} in place of the body's hash. */
    public RawRequest payloadHash(String value) {
        payloadHash = value;
        return this;
    }

    public RawResponse send() {
        return send(answer -> RawResponse.read(answer, method));
    }

    /** What becomes of an answer while it arrives. */
    @FunctionalInterface
    public interface Reader<T> {
        T read(InputStream answer) throws IOException;
    }

    /** The same, where it matters when which byte of the answer arrives. */
    public <T> T send(Reader<T> reader) {
        try (Socket socket = new Socket(endpoint.getHost(), endpoint.getPort())) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            OutputStream out = socket.getOutputStream();
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            bytes.write(head().getBytes(StandardCharsets.UTF_8));
            bytes.write(body);
            try {
                out.write(bytes.toByteArray());
                out.flush();
            } catch (IOException e) {
                // The server may answer and close before it has read everything.
            }
            return reader.read(socket.getInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + target, e);
        }
    }

    private String head() {
        String host = endpoint.getHost() + ":" + endpoint.getPort();
        List<Map.Entry<String, String>> all = new ArrayList<>(headers);
        if (all.stream().noneMatch(header -> header.getKey().equalsIgnoreCase("Host"))) {
            all.addFirst(Map.entry("Host", host));
        }
        if (contentLength) {
            all.add(Map.entry("Content-Length", Integer.toString(body.length)));
        }
        all.add(Map.entry("Connection", "close"));
        if (signed) {
            sign(all);
        }
        return method + " " + target + " HTTP/1.1\r\n"
                + all.stream()
                        .map(header -> header.getKey() + ": " + header.getValue() + "\r\n")
                        .collect(Collectors.joining())
                + "\r\n";
    }

    private void sign(List<Map.Entry<String, String>> all) {
        String time = TIME.format(Instant.now());
        String hash = payloadHash != null ? payloadHash : HexFormat.of().formatHex(digest("SHA-256", body));
        all.add(Map.entry("x-amz-date", time));
        all.add(Map.entry("x-amz-content-sha256", hash));
        TreeMap<String, String> signedHeaders = new TreeMap<>();
        for (Map.Entry<String, String> header : all) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            if (name.equals("host") || name.startsWith("x-amz-") || name.equals("content-md5")) {
                signedHeaders.merge(name, header.getValue().strip().replaceAll(" +", " "), (a, b) -> a + "," + b);
            }
        }
        String names = String.join(";", signedHeaders.keySet());
        URI uri = URI.create("http://h" + target);
        String canonical = method + "\n" + encoded(uri.getPath()) + "\n" + canonicalQuery(uri.getRawQuery()) + "\n"
                + signedHeaders.entrySet().stream()
                        .map(header -> header.getKey() + ":" + header.getValue() + "\n")
                        .collect(Collectors.joining())
                + "\n" + names + "\n" + hash;
        String scope = time.substring(0, 8) + "/us-east-1/s3/aws4_request";
        String toSign = "AWS4-HMAC-SHA256\n" + time + "\n" + scope + "\n"
                + HexFormat.of().formatHex(digest("SHA-256", canonical.getBytes(StandardCharsets.UTF_8)));
        byte[] key = hmac(("AWS4" + store.secretKey()).getBytes(StandardCharsets.UTF_8), time.substring(0, 8));
        for (String part : List.of("us-east-1", "s3", "aws4_request")) {
            key = hmac(key, part);
        }
        all.add(Map.entry(
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=" + store.accessKey() + "/" + scope + ", SignedHeaders=" + names
                        + ", Signature=" + HexFormat.of().formatHex(hmac(key, toSign))));
    }

    /** S3 signs the path decoded and encoded once again. */
    private static String encoded(String path) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (c < 0x80 && (Character.isLetterOrDigit(c) || "-._~/".indexOf(c) >= 0)) {
                encoded.append(c);
            } else {
                encoded.append("%%%02X".formatted((int) c));
            }
        }
        return encoded.toString();
    }

    /** Parameters are taken as they are written, so write them percent-encoded. */
    private static String canonicalQuery(@Nullable String query) {
        if (query == null) {
            return "";
        }
        return Stream.of(query.split("&", -1))
                .filter(parameter -> !parameter.isEmpty())
                .map(parameter -> parameter.contains("=") ? parameter : parameter + "=")
                .sorted()
                .collect(Collectors.joining("&"));
    }

    static byte[] digest(String algorithm, byte[] bytes) {
        try {
            return MessageDigest.getInstance(algorithm).digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
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
