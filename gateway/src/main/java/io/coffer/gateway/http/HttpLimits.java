package io.coffer.gateway.http;

import java.time.Duration;

/**
 * What a client may make the server hold, and how long it may take. Everything past these is refused or closed.
 *
 * @param maxConnections open at once; the next ones are told 503 and closed
 * @param idle how long a connection may wait between two requests
 */
public record HttpLimits(int maxConnections, Duration idle, Head head, Body body, Response response) {
    /** For a process of 512 MiB heap: at most 64 MiB of request bodies wait in direct memory. */
    public static final HttpLimits DEFAULT = new HttpLimits(
            4096,
            Duration.ofSeconds(75),
            new Head(16 * 1024, 32 * 1024, 200, Duration.ofSeconds(20)),
            new Body(
                    256 * 1024,
                    64L << 20,
                    Duration.ofSeconds(30),
                    1024,
                    Duration.ofSeconds(30),
                    new Leftover(256 * 1024, Duration.ofSeconds(5), Duration.ofSeconds(20))),
            new Response(512 * 1024, Duration.ofSeconds(30), 1024));

    /**
     * @param requestLineBytes a key of 1,024 bytes is 3,072 when percent-encoded, a presigned query some thousand more
     * @param bytes request line and headers together
     * @param headers lines
     * @param timeout from the first byte of a head, or from the connection's start, to the head's end
     */
    public record Head(int requestLineBytes, int bytes, int headers, Duration timeout) {}

    /**
     * @param bytesPerConnection received but not yet taken by the handler
     * @param bytesTotal the same over all connections; many connections get less each
     * @param idle the longest the handler waits for the next byte
     * @param minBytesPerSecond over the time the handler spends waiting
     * @param rateGrace how long a body may be slower than that at its start
     */
    public record Body(
            int bytesPerConnection,
            long bytesTotal,
            Duration idle,
            long minBytesPerSecond,
            Duration rateGrace,
            Leftover leftover) {}

    /**
     * What becomes of a body that its handler didn't read.
     *
     * @param drainBytes the most that is read and thrown away to keep the connection
     * @param drainTimeout the longest that may take
     * @param lingerTimeout how long a connection that ends in the middle of a body is read on, so that the client sees the
     *     answer instead of a reset
     */
    public record Leftover(long drainBytes, Duration drainTimeout, Duration lingerTimeout) {}

    /**
     * @param bytesPerConnection handed over but not yet taken by the network; writers wait beyond
     * @param window in which a client that is behind must take at least
     * @param minBytesPerSecond as many bytes times the window's length
     */
    public record Response(int bytesPerConnection, Duration window, long minBytesPerSecond) {}

    public HttpLimits withMaxConnections(int connections) {
        return new HttpLimits(connections, idle, head, body, response);
    }

    public HttpLimits withIdle(Duration duration) {
        return new HttpLimits(maxConnections, duration, head, body, response);
    }

    public HttpLimits withHead(Head limits) {
        return new HttpLimits(maxConnections, idle, limits, body, response);
    }

    public HttpLimits withBody(Body limits) {
        return new HttpLimits(maxConnections, idle, head, limits, response);
    }

    public HttpLimits withResponse(Response limits) {
        return new HttpLimits(maxConnections, idle, head, body, limits);
    }
}
