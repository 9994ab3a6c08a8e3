package io.coffer.gateway.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Damaged requests in random pieces: the server never answers 5xx for its own sake, never hangs, and loses no buffer. */
class HttpFuzzSeededTest {
    private static final int ROUNDS = 1500;

    private static final String[] PARTS = {
        "GET / HTTP/1.1\r\n",
        "PUT /a HTTP/1.1\r\n",
        "HEAD /b HTTP/1.0\r\n",
        "Host: x\r\n",
        "Host: x\r\n",
        "\r\n",
        "\r\n",
        "Content-Length: 5\r\n",
        "Content-Length: 0\r\n",
        "Transfer-Encoding: chunked\r\n",
        "Expect: 100-continue\r\n",
        "Connection: close\r\n",
        "Connection: keep-alive\r\n",
        "A: b\r\n",
        "hello",
        "5\r\nhello\r\n",
        "0\r\n\r\n",
        "\r",
        "\n",
        " ",
        ":",
        "\t",
        "\0",
        "\u00ff",
        "HTTP/1.1",
        "http://x/",
        "%00",
        "A:" + "b".repeat(500) + "\r\n"
    };

    private final long seed = Long.getLong("seed", System.nanoTime());

    private static byte[] request(SplittableRandom random) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (random.nextInt(3) > 0) {
            out.writeBytes(("PUT /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"
                            + "PUT /b HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")
                    .getBytes(ISO_8859_1));
        }
        int parts = random.nextInt(12);
        for (int i = 0; i < parts; i++) {
            out.writeBytes(PARTS[random.nextInt(PARTS.length)].getBytes(ISO_8859_1));
        }
        byte[] bytes = out.toByteArray();
        for (int changes = random.nextInt(3); changes > 0 && bytes.length > 0; changes--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    @Test
    void damagedRequestsAreRefusedOrServed() throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        HttpLimits limits = HttpLimits.DEFAULT
                .withHead(new HttpLimits.Head(400, 800, 20, Duration.ofSeconds(2)))
                .withBody(new HttpLimits.Body(
                        64 * 1024,
                        1 << 20,
                        Duration.ofSeconds(2),
                        0,
                        Duration.ofSeconds(2),
                        new HttpLimits.Leftover(1000, Duration.ofSeconds(2), Duration.ofSeconds(2))));
        ExchangeHandler handler = exchange ->
                (exchange.head().headers().size() % 2 == 0 ? Handlers.ECHO : Handlers.DEAF).handle(exchange);
        try (RunningServer server = RunningServer.of(limits, handler)) {
            for (int round = 0; round < ROUNDS; round++) {
                byte[] request = request(random);
                try (RawClient client = server.connect()) {
                    client.socket().setSoTimeout(5000);
                    int cut = random.nextInt(request.length + 1);
                    client.send(Arrays.copyOf(request, cut));
                    if (random.nextInt(4) > 0) {
                        client.send(Arrays.copyOfRange(request, cut, request.length))
                                .endOutput();
                        check(client, "seed " + seed + ", round " + round);
                    }
                } catch (java.net.SocketTimeoutException e) {
                    throw new AssertionError("hangs: seed " + seed + ", round " + round, e);
                } catch (IOException e) {
                    // closed while we were still sending
                }
            }
            try (RawClient client = server.connect()) {
                assertThat(client.get("/").status()).isIn(200, 403);
            }
        }
    }

    /** Reads to the end; every status line must be a refusal of the client's fault or an answer. */
    private static void check(RawClient client, String round) throws IOException {
        StringBuilder all = new StringBuilder();
        for (int b = client.readByte(); b >= 0; b = client.readByte()) {
            all.append((char) b);
        }
        var statuses = java.util.regex.Pattern.compile("HTTP/1\\.1 (\\d+) ").matcher(all);
        while (statuses.find()) {
            assertThat(Integer.parseInt(statuses.group(1))).as(round).isIn(100, 200, 400, 403, 414, 417, 505);
        }
    }
}
