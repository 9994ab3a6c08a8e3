package io.coffer.gateway.http;

/** A response's status and headers; framing headers (Content-Length, Transfer-Encoding, Connection, Date) are added by the server. */
public record ResponseHead(int status, Headers headers) {}
