package io.coffer.gateway.http;

/**
 * A request's head and what its framing headers say.
 *
 * @param minorVersion of HTTP/1: 0 or 1
 * @param length of the body; 0 for none, -1 for chunked transfer coding
 * @param keepAlive whether the client would use the connection again
 * @param expectContinue whether the client waits for 100 before it sends the body
 */
record ParsedHead(
        String method,
        String target,
        int minorVersion,
        Headers headers,
        long length,
        boolean keepAlive,
        boolean expectContinue) {
    String protocol() {
        return minorVersion == 0 ? "HTTP/1.0" : "HTTP/1.1";
    }
}
