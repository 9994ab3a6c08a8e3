package io.coffer.gateway.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request on one connection. {@link #run} is the handler's thread; the connection's event loop sends what it produces.
 * The exchange is over when the handler has returned and the response has been handed to the network.
 */
final class HttpExchange implements Exchange, Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpExchange.class);

    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;

    private final HttpConnection connection;
    private final RequestHead head;
    private final ParsedHead parsed;
    private final InboundBody body;

    // The handler's thread only.
    private boolean answered;
    private @Nullable OutboundSink sink;

    /** The handler, and the response's way to the network; whoever ends last ends the exchange. */
    private final AtomicInteger parts = new AtomicInteger(2);

    /** The event loop only. */
    private boolean wireDone;

    HttpExchange(HttpConnection connection, RequestHead head, ParsedHead parsed, InboundBody body) {
        this.connection = connection;
        this.head = head;
        this.parsed = parsed;
        this.body = body;
    }

    @Override
    public void run() {
        try {
            connection.context().handler().handle(this);
            if (!answered) {
                LOG.error("no answer to {} {}", head.method(), head.target());
                abort();
            }
        } catch (Throwable bug) {
            LOG.error("handler failed on {} {}", head.method(), head.target(), bug);
            abort();
        } finally {
            OutboundSink open = sink;
            if (open != null) {
                open.close(); // does nothing if finished
            }
            body.close();
            if (parts.decrementAndGet() == 0) {
                connection.execute(() -> connection.exchangeOver(this));
            }
        }
    }

    /**
     * The event loop has handed the whole response to the network, or there is no network any more. Returns whether that ended
     * the exchange.
     */
    boolean wireDone() {
        if (wireDone) {
            return false;
        }
        wireDone = true;
        return parts.decrementAndGet() == 0;
    }

    ParsedHead parsed() {
        return parsed;
    }

    InboundBody inbound() {
        return body;
    }

    @Override
    public RequestHead head() {
        return head;
    }

    @Override
    public RequestBody body() {
        return body;
    }

    @Override
    public void respond(ResponseHead response, ByteBuffer content) throws IOException {
        answer();
        int length = content.remaining();
        if (hasNoContent(response)) {
            submit(encodeBodiless(response, length), List.of(), true);
        } else {
            EncodedHead encoded = EncodedHead.of(response, EncodedHead.Framing.LENGTH, length);
            List<OutboundPiece> pieces = isHead() || length == 0 ? List.of() : List.of(OutboundPiece.of(content, null));
            submit(encoded, pieces, true);
        }
    }

    @Override
    public void respondHead(ResponseHead response, long length) throws IOException {
        if (!isHead() && !hasNoContent(response) && length > 0) {
            throw new IllegalStateException("a body was announced to " + head.method() + ", which gets one");
        }
        answer();
        if (hasNoContent(response)) {
            submit(encodeBodiless(response, length), List.of(), true);
        } else if (isHead() && length < 0) {
            submit(EncodedHead.of(response, EncodedHead.Framing.NOTHING, 0), List.of(), true);
        } else {
            submit(EncodedHead.of(response, EncodedHead.Framing.LENGTH, Math.max(0, length)), List.of(), true);
        }
    }

    @Override
    public ResponseSink begin(ResponseHead response, long length) throws IOException {
        answer();
        boolean noContent = hasNoContent(response);
        boolean chunked = length < 0 && parsed.minorVersion() > 0 && !noContent;
        EncodedHead encoded;
        if (noContent) {
            encoded = encodeBodiless(response, length);
        } else if (length >= 0) {
            encoded = EncodedHead.of(response, EncodedHead.Framing.LENGTH, length);
        } else {
            encoded = EncodedHead.of(
                    response, chunked ? EncodedHead.Framing.CHUNKED : EncodedHead.Framing.NOTHING, length);
        }
        boolean bodiless = noContent || isHead();
        OutboundSink opened = new OutboundSink(
                this,
                encoded,
                length,
                chunked && !bodiless,
                bodiless,
                connection.context().limits().response().bytesPerConnection());
        sink = opened;
        return opened;
    }

    private void answer() {
        if (answered) {
            throw new IllegalStateException("answered twice");
        }
        answered = true;
    }

    private boolean isHead() {
        return head.method().equals("HEAD");
    }

    private static boolean hasNoContent(ResponseHead response) {
        return response.status() == NO_CONTENT || response.status() == NOT_MODIFIED;
    }

    private static EncodedHead encodeBodiless(ResponseHead response, long length) {
        // A 304 may tell the length that a 200 would have; a 204 must not tell any.
        return response.status() == NOT_MODIFIED && length > 0
                ? EncodedHead.of(response, EncodedHead.Framing.LENGTH, length)
                : EncodedHead.of(response, EncodedHead.Framing.NOTHING, 0);
    }

    /** Whether only the connection's end tells where this response ends. */
    private boolean endsWithConnection() {
        OutboundSink open = sink;
        return open != null && open.endsWithConnection();
    }

    /** Hands bytes to the event loop. */
    void submit(@Nullable EncodedHead first, List<OutboundPiece> pieces, boolean last) {
        boolean untold = endsWithConnection();
        if (!connection.execute(() -> connection.send(this, first, pieces, last, untold))) {
            pieces.forEach(OutboundPiece::drop);
        }
    }

    /** Closes the connection, so that the client can't take a part for the whole. */
    void abort() {
        connection.execute(connection::abort);
    }
}
