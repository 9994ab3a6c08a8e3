package io.coffer.gateway.http;

/** Answers requests. Called on a virtual thread of the request's own; a connection's requests come one after another. */
@FunctionalInterface
public interface ExchangeHandler {
    /** Must answer, and never throws; what it throws is a bug, logged, and closes the connection. */
    void handle(Exchange exchange);
}
