package io.coffer.gateway.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/**
 * A server to measure from outside (wrk) what running the handler costs, by the kind of thread: GET /N answers N bytes, PUT
 * takes a body and answers its length. Not a JMH benchmark: the client and the kernel are most of it.
 *
 * <p>Arguments: {@code virtual | platform | inline}, the number of event loops, the port.
 */
final class ThreadsBench {
    private static final int MAX_BODY_BYTES = 1 << 20;

    private ThreadsBench() {}

    public static void main(String[] args) throws Exception {
        int loops = Integer.parseInt(args[1]);
        Executor requests = switch (args[0]) {
            case "virtual" -> Thread::startVirtualThread;
            case "platform" -> Executors.newFixedThreadPool(64);
            case "inline" -> Runnable::run;
            default -> throw new IllegalArgumentException(args[0]);
        };
        ByteBuffer content = ByteBuffer.allocate(MAX_BODY_BYTES);
        Headers headers = Headers.of(
                "x-amz-request-id",
                "0123456789ABCDEF",
                "ETag",
                "\"d41d8cd98f00b204e9800998ecf8427e\"",
                "Server",
                "bench");
        ExchangeHandler handler = exchange -> {
            try {
                if (exchange.head().method().equals("GET")) {
                    int length = Integer.parseInt(exchange.head().target().substring(1));
                    exchange.respond(new ResponseHead(200, headers), content.slice(0, length));
                } else {
                    long received = 0;
                    for (ByteBuffer bytes = exchange.body().read();
                            bytes != null;
                            bytes = exchange.body().read()) {
                        received += bytes.remaining();
                    }
                    exchange.respond(
                            new ResponseHead(200, headers),
                            ByteBuffer.wrap(
                                    Long.toString(received).getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
                }
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        };
        HttpServer server = new HttpServer(
                new HttpServer.Settings(
                        "bench",
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[2])),
                        Optional.empty(),
                        HttpLimits.DEFAULT),
                handler,
                HttpErrorRenderer.PLAIN_TEXT,
                InstantSource.system(),
                requests,
                new EventLoops("bench", loops, Transport.best()),
                true);
        System.out.println("ready " + server.address());
        Thread.currentThread().join();
    }
}
