package io.coffer.gateway.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/** What the tests' servers do. */
final class Handlers {
    private Handlers() {}

    /** A handler that may fail as connections fail. */
    interface Failing {
        void handle(Exchange exchange) throws IOException;
    }

    /** Answers as {@code failing} does; when the connection fails, gives up without a word. */
    static ExchangeHandler of(Failing failing) {
        return exchange -> {
            try {
                failing.handle(exchange);
            } catch (RequestBodyException e) {
                respond(exchange, 400, e.reason().name());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    static void respond(Exchange exchange, int status, String text) {
        try {
            exchange.respond(
                    new ResponseHead(status, Headers.of("Content-Type", "text/plain")),
                    ByteBuffer.wrap(text.getBytes(ISO_8859_1)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] readAll(RequestBody body) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (ByteBuffer bytes = body.read(); bytes != null; bytes = body.read()) {
            byte[] piece = new byte[bytes.remaining()];
            bytes.get(piece);
            all.writeBytes(piece);
        }
        return all.toByteArray();
    }

    /** Method, target and body of the request. */
    static final ExchangeHandler ECHO = of(exchange -> {
        String body = new String(readAll(exchange.body()), ISO_8859_1);
        respond(exchange, 200, exchange.head().method() + ' ' + exchange.head().target() + ' ' + body);
    });

    /** Answers without a look at the body. */
    static final ExchangeHandler DEAF = exchange -> respond(exchange, 403, "no");
}
