package io.coffer.gateway.s3;

import io.coffer.common.trace.Work;
import io.coffer.gateway.http.Exchange;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.http.ResponseHead;
import io.coffer.gateway.http.ResponseSink;
import io.coffer.gateway.s3.operation.S3Response;
import io.coffer.gateway.s3.operation.S3Response.Content;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Sends what an operation answered, with the headers that every answer has. Thread-safe. */
final class Responder {
    private static final byte[] PROLOGUE =
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SPACE = {' '};

    private final String serverName;
    private final Duration slowInterval;

    Responder(S3Settings settings) {
        this.serverName = settings.serverName();
        this.slowInterval = settings.slowInterval();
    }

    /** What was sent. */
    record Sent(int status, long bytes) {}

    /** @throws IOException if the client is gone, or a body that had begun couldn't be finished */
    Sent send(Exchange exchange, S3Response response, Call call) throws IOException {
        boolean head = exchange.head().method().equals("HEAD");
        int status = response.status();
        switch (response.content()) {
            case Content.Empty() -> {
                if (head || status == 204 || status == 304) {
                    exchange.respondHead(head(response, call, false), -1);
                } else {
                    exchange.respond(head(response, call, false), ByteBuffer.allocate(0));
                }
                return new Sent(status, 0);
            }
            case Content.Length(long length) -> {
                exchange.respondHead(head(response, call, false), length);
                return new Sent(status, 0);
            }
            case Content.Xml(ByteBuffer document) -> {
                if (head) {
                    // A HEAD request has no room for a document; neither has its length.
                    exchange.respondHead(head(response, call, true), -1);
                    return new Sent(status, 0);
                }
                long length = document.remaining();
                exchange.respond(head(response, call, true), document);
                return new Sent(status, length);
            }
            case Content.Stream(long length, S3Response.Body body) -> {
                try (ResponseSink sink = exchange.begin(head(response, call, false), length)) {
                    body.writeTo(sink);
                }
                return new Sent(status, Math.max(0, length));
            }
            case Content.Slow(S3Response.SlowDocument document) -> {
                return sendSlow(exchange, response, document, call);
            }
        }
    }

    private ResponseHead head(S3Response response, Call call, boolean xml) {
        Headers.Builder headers = call.ids().onto(new Headers.Builder()).add("Server", serverName);
        headers.addAll(call.answerHeaders());
        headers.addAll(response.headers());
        if (xml && !response.headers().contains("Content-Type")) {
            headers.add("Content-Type", "application/xml");
        }
        return new ResponseHead(response.status(), headers.build());
    }

    /**
     * The work runs beside the request's thread, which keeps the client waiting with white space. It is waited for even when the client
     * is gone, because a request that is still worked on counts as one.
     */
    private Sent sendSlow(Exchange exchange, S3Response response, S3Response.SlowDocument document, Call call)
            throws IOException {
        CompletableFuture<S3Response> work = new CompletableFuture<>();
        Work caller = Work.current();
        Thread worker = Thread.ofVirtual().start(() -> {
            try (Work.Scope scope = caller.enter()) {
                work.complete(document.make());
            } catch (Exception e) {
                work.complete(ErrorAnswers.of(e, call));
            } catch (Error e) {
                work.completeExceptionally(e);
                throw e;
            }
        });
        try {
            S3Response early = await(work);
            if (early != null) {
                return send(exchange, early, call);
            }
            try (ResponseSink sink = exchange.begin(head(response, call, true), -1)) {
                sink.write(ByteBuffer.wrap(PROLOGUE));
                sink.flush();
                S3Response late = await(work);
                while (late == null) {
                    sink.write(ByteBuffer.wrap(SPACE));
                    sink.flush();
                    late = await(work);
                }
                ByteBuffer rest = afterPrologue(late);
                long length = (long) PROLOGUE.length + rest.remaining();
                sink.write(rest);
                sink.finish();
                return new Sent(response.status(), length);
            }
        } finally {
            join(worker);
        }
    }

    private @org.jspecify.annotations.Nullable S3Response await(CompletableFuture<S3Response> work) throws IOException {
        try {
            return work.get(slowInterval.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return null;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a slow answer failed with an error", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a slow answer was made", e);
        }
    }

    private static void join(Thread worker) {
        try {
            worker.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The document without its XML declaration, which was sent with the first bytes. */
    private static ByteBuffer afterPrologue(S3Response made) {
        if (!(made.content() instanceof Content.Xml(ByteBuffer document))) {
            throw new IllegalStateException("a slow answer must be a document");
        }
        ByteBuffer rest = document.slice();
        if (rest.remaining() >= PROLOGUE.length
                && rest.slice(0, PROLOGUE.length).equals(ByteBuffer.wrap(PROLOGUE))) {
            rest.position(PROLOGUE.length);
        }
        return rest;
    }
}
