package io.coffer.gateway.http;

import java.net.InetSocketAddress;

/**
 * A request's first line and headers, as they were on the wire.
 *
 * @param target origin form, percent-encoding untouched ({@code /bucket/key?versionId=x})
 * @param remote the socket's peer; never taken from a header
 * @param secure whether it came over TLS
 */
public record RequestHead(
        String method, String target, String protocol, Headers headers, InetSocketAddress remote, boolean secure) {}
