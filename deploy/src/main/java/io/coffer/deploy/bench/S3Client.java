package io.coffer.deploy.bench;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/** The S3 requests of the load generator, over one connection. Used by one thread. */
final class S3Client implements Closeable {
    private static final String EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    /** The most of an answer that is kept to be looked at: a page of 1,000 keys with all their elements fits. */
    private static final int MAX_TEXT_BYTES = 4 << 20;

    private static final S3Connection.BodySource NO_BODY = (_, _) -> {};

    private final BenchSettings settings;
    private final S3Connection connection;
    private final RequestSigner signer;
    private final InstantSource clock;
    private final BodyPattern.Verifier verifier = new BodyPattern.Verifier();
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(BodyPattern.BLOCK_BYTES * 16);
    private final MessageDigest md5;
    private final MessageDigest sha256;
    private byte[] text = new byte[64 * 1024];
    private int textSize;

    S3Client(BenchSettings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
        this.connection = new S3Connection(settings.endpoint(), settings.insecure(), settings.keepAlive());
        this.signer = new RequestSigner(
                settings.credentials(), settings.region(), settings.endpoint().authority());
        try {
            this.md5 = MessageDigest.getInstance("MD5");
            this.sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK lacks a digest", e);
        }
    }

    /** Makes the bucket unless it is there. */
    void createBucket() throws IOException, FailedException {
        String path = path("");
        if (send("HEAD", path, "", "", 0, NO_BODY, EMPTY_SHA256, true).ok()) {
            return;
        }
        require(send("PUT", path, "", "", 0, NO_BODY, EMPTY_SHA256, false));
    }

    /** Whether there is such an object of the run's size. */
    boolean exists(String key) throws IOException {
        S3Connection.Response response = send("HEAD", path(key), "", "", 0, NO_BODY, EMPTY_SHA256, true);
        return response.ok() && response.length() == settings.size();
    }

    /** Writes a body that proves itself. */
    void put(String key, long sequence) throws IOException, FailedException {
        long hash = BodyPattern.hash(key);
        long size = settings.size();
        S3Connection.BodySource body = (target, offset) -> BodyPattern.fill(target, hash, sequence, size, offset);
        String payload = settings.signPayload()
                ? HexFormat.of().formatHex(digest(sha256, body, size))
                : RequestSigner.UNSIGNED_PAYLOAD;
        S3Connection.Response response = send("PUT", path(key), "", "", size, body, payload, false);
        require(response);
        if (settings.verify()) {
            String expected = HexFormat.of().formatHex(digest(md5, body, size));
            if (!response.etag().equals(expected)) {
                throw new FailedException("WrongETag");
            }
        }
    }

    private byte[] digest(MessageDigest digest, S3Connection.BodySource body, long size) {
        for (long offset = 0; offset < size; offset += scratch.capacity()) {
            scratch.clear().limit((int) Math.min(scratch.capacity(), size - offset));
            body.fill(scratch, offset);
            digest.update(scratch.flip());
        }
        return digest.digest();
    }

    /** Reads an object; returns the sequence of the write that made it when verifying, else -1. */
    long get(String key) throws IOException, FailedException {
        if (!settings.verify()) {
            S3Connection.Response response = sendKeeping("GET", path(key), "", _ -> {});
            require(response);
            if (response.length() != settings.size()) {
                throw new FailedException("WrongLength");
            }
            return -1;
        }
        verifier.begin(key, settings.size());
        S3Connection.Response response = sendKeeping("GET", path(key), "", verifier::accept);
        require(response);
        if (!verifier.ended()) {
            throw new FailedException("WrongBytes");
        }
        return verifier.sequence();
    }

    void delete(String key) throws IOException, FailedException {
        require(send("DELETE", path(key), "", "", 0, NO_BODY, EMPTY_SHA256, false));
    }

    /** DeleteObjects. */
    void delete(List<String> keys) throws IOException, FailedException {
        StringBuilder document = new StringBuilder("<Delete><Quiet>true</Quiet>");
        keys.forEach(key -> document.append("<Object><Key>").append(key).append("</Key></Object>"));
        byte[] bytes = document.append("</Delete>").toString().getBytes(StandardCharsets.UTF_8);
        String contentMd5 = Base64.getEncoder().encodeToString(md5.digest(bytes));
        S3Connection.BodySource body = (target, offset) -> target.put(bytes, (int) offset, target.remaining());
        String payload = HexFormat.of().formatHex(sha256.digest(bytes));
        require(send("POST", path(""), "delete=", contentMd5, bytes.length, body, payload, false));
        if (answer().contains("<Error>")) {
            throw new FailedException("DeleteObjectsError");
        }
    }

    /**
     * A page of keys.
     *
     * @param token where the last page ended, or empty
     *
     * @return where this one ends, or empty at the last
     */
    String list(String token) throws IOException, FailedException {
        StringBuilder query = new StringBuilder();
        if (!token.isEmpty()) {
            query.append("continuation-token=")
                    .append(RequestSigner.encode(token, false))
                    .append('&');
        }
        if (!settings.delimiter().isEmpty()) {
            query.append("delimiter=")
                    .append(RequestSigner.encode(settings.delimiter(), false))
                    .append('&');
        }
        query.append("list-type=2&max-keys=").append(settings.pageSize());
        query.append("&prefix=").append(RequestSigner.encode(settings.prefix(), false));
        require(send("GET", path(""), query.toString(), "", 0, NO_BODY, EMPTY_SHA256, false));
        String page = answer();
        return element(page, "IsTruncated").equals("true") ? element(page, "NextContinuationToken") : "";
    }

    private String path(String key) {
        String bucket = '/' + settings.bucket();
        return key.isEmpty() ? bucket : bucket + '/' + RequestSigner.encode(key, true);
    }

    private S3Connection.Response sendKeeping(String method, String path, String query, S3Connection.BodySink sink)
            throws IOException {
        textSize = 0;
        String head = head(method, path, query, "", 0, EMPTY_SHA256);
        return connection.exchange(
                head,
                0,
                NO_BODY,
                bytes -> {
                    keep(bytes);
                    sink.accept(bytes);
                },
                false);
    }

    private S3Connection.Response send(
            String method,
            String path,
            String query,
            String contentMd5,
            long length,
            S3Connection.BodySource body,
            String payload,
            boolean headOnly)
            throws IOException {
        textSize = 0;
        return connection.exchange(
                head(method, path, query, contentMd5, length, payload), length, body, this::keepAll, headOnly);
    }

    private String head(String method, String path, String query, String contentMd5, long length, String payload) {
        return method + ' ' + path + (query.isEmpty() ? "" : '?' + query) + " HTTP/1.1\r\n"
                + signer.headers(method, path, query, payload, contentMd5, clock.instant())
                + (length > 0 || method.startsWith("P") ? "Content-Length: " + length + "\r\n" : "");
    }

    /** Of an object only what an error document would fill. */
    private void keep(ByteBuffer bytes) {
        if (textSize < text.length / 16) {
            keepAll(bytes.slice(bytes.position(), Math.min(bytes.remaining(), text.length / 16)));
        }
    }

    private void keepAll(ByteBuffer bytes) {
        int take = Math.min(bytes.remaining(), MAX_TEXT_BYTES - textSize);
        if (textSize + take > text.length) {
            text = java.util.Arrays.copyOf(text, Math.max(2 * text.length, textSize + take));
        }
        bytes.get(bytes.position(), text, textSize, take);
        textSize += take;
    }

    private String answer() {
        return new String(text, 0, textSize, StandardCharsets.UTF_8);
    }

    private void require(S3Connection.Response response) throws FailedException {
        if (!response.ok()) {
            String code = element(answer(), "Code");
            throw new FailedException(code.isEmpty() ? "HTTP " + response.status() : code);
        }
    }

    private static String element(String document, String name) {
        int start = document.indexOf('<' + name + '>');
        int end = document.indexOf("</" + name + '>', Math.max(0, start));
        return start < 0 || end < 0 ? "" : document.substring(start + name.length() + 2, end);
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }

    /** The server answered something else than success, or something wrong. */
    static final class FailedException extends Exception {
        private static final long serialVersionUID = 1L;

        /** @param code S3's, or one of ours: WrongBytes, WrongLength, WrongETag, StaleRead */
        FailedException(String code) {
            super(code, null, false, false);
        }

        String code() {
            return String.valueOf(getMessage());
        }

        /** Whether the server said success and it wasn't. */
        boolean isLie() {
            return code().startsWith("Wrong") || code().startsWith("Stale");
        }
    }
}
