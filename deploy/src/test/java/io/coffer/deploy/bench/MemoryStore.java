package io.coffer.deploy.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.coffer.gateway.http.Exchange;
import io.coffer.gateway.http.ExchangeHandler;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.http.HttpErrorRenderer;
import io.coffer.gateway.http.HttpLimits;
import io.coffer.gateway.http.HttpServer;
import io.coffer.gateway.http.ResponseHead;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.regex.Pattern;

/** As much of S3 as the load generator asks for, in memory and without authentication. */
final class MemoryStore implements ExchangeHandler, AutoCloseable {
    final Map<String, byte[]> objects = new ConcurrentSkipListMap<>();
    final HttpServer server;

    /** Whether answers lie: what is read has a wrong byte. */
    volatile boolean lying;

    volatile boolean bucketExists;

    MemoryStore() throws IOException {
        server = new HttpServer(
                new HttpServer.Settings(
                        "store",
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        Optional.empty(),
                        HttpLimits.DEFAULT),
                this,
                HttpErrorRenderer.PLAIN_TEXT,
                InstantSource.system());
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.address().getPort();
    }

    @Override
    public void handle(Exchange exchange) {
        try {
            byte[] body = readAll(exchange);
            String target = exchange.head().target();
            int query = target.indexOf('?');
            String path = query < 0 ? target : target.substring(0, query);
            if (path.equals("/b")) {
                bucket(exchange, query < 0 ? "" : target.substring(query + 1), body);
            } else {
                object(exchange, path.substring(3), body);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void bucket(Exchange exchange, String query, byte[] body) throws IOException {
        switch (exchange.head().method()) {
            case "HEAD" -> exchange.respondHead(new ResponseHead(bucketExists ? 200 : 404, Headers.EMPTY), 0);
            case "PUT" -> {
                bucketExists = true;
                answer(exchange, 200, "");
            }
            case "POST" -> {
                var keys = Pattern.compile("<Key>(.*?)</Key>").matcher(new String(body, UTF_8));
                while (keys.find()) {
                    objects.remove(keys.group(1));
                }
                answer(exchange, 200, "<DeleteResult/>");
            }
            default -> list(exchange, query);
        }
    }

    private void list(Exchange exchange, String query) throws IOException {
        var token = Pattern.compile("continuation-token=([^&]*)").matcher(query);
        String after = token.find() ? URLDecoder.decode(token.group(1), UTF_8) : "";
        int max = Integer.parseInt(query.replaceAll(".*max-keys=(\\d+).*", "$1"));
        List<String> keys = objects.keySet().stream()
                .filter(key -> key.compareTo(after) > 0)
                .limit(max)
                .toList();
        boolean more = !keys.isEmpty() && objects.keySet().stream().anyMatch(key -> key.compareTo(keys.getLast()) > 0);
        answer(
                exchange,
                200,
                "<ListBucketResult><IsTruncated>" + more + "</IsTruncated>"
                        + (more ? "<NextContinuationToken>" + keys.getLast() + "</NextContinuationToken>" : "")
                        + "</ListBucketResult>");
    }

    private void object(Exchange exchange, String key, byte[] body) throws IOException {
        byte[] stored = objects.get(key);
        switch (exchange.head().method()) {
            case "PUT" -> {
                objects.put(key, body);
                exchange.respond(
                        new ResponseHead(200, Headers.of("ETag", '"' + md5(body) + '"')), ByteBuffer.allocate(0));
            }
            case "DELETE" -> {
                objects.remove(key);
                exchange.respondHead(new ResponseHead(204, Headers.EMPTY), 0);
            }
            case "HEAD" ->
                exchange.respondHead(
                        new ResponseHead(stored == null ? 404 : 200, Headers.EMPTY),
                        stored == null ? 0 : stored.length);
            default -> {
                if (stored == null) {
                    answer(exchange, 404, "<Error><Code>NoSuchKey</Code></Error>");
                    return;
                }
                byte[] read = stored.clone();
                if (lying) {
                    read[read.length - 1] ^= 1;
                }
                exchange.respond(new ResponseHead(200, Headers.EMPTY), ByteBuffer.wrap(read));
            }
        }
    }

    private static void answer(Exchange exchange, int status, String document) throws IOException {
        exchange.respond(new ResponseHead(status, Headers.EMPTY), ByteBuffer.wrap(document.getBytes(UTF_8)));
    }

    private static byte[] readAll(Exchange exchange) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (ByteBuffer bytes = exchange.body().read();
                bytes != null;
                bytes = exchange.body().read()) {
            byte[] piece = new byte[bytes.remaining()];
            bytes.get(piece);
            all.writeBytes(piece);
        }
        return all.toByteArray();
    }

    private static String md5(byte[] body) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(body));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
