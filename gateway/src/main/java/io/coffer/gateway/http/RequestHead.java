package io.coffer.gateway.http;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A request's first line and headers, as they were on the wire. Header values have one character per byte (ISO 8859-1), so that
 * nothing is lost of what isn't ASCII; the same holds for the values of a response.
 *
 * @param target origin form in visible ASCII, percent-encoding untouched ({@code /bucket/key?versionId=x})
 * @param remote the socket's peer; never taken from a header
 * @param tls the version of TLS that it came over, as in {@code 1.3}; null when it came without
 */
public record RequestHead(
        String method,
        String target,
        String protocol,
        Headers headers,
        InetSocketAddress remote,
        @Nullable String tls) {
    public boolean secure() {
        return tls != null;
    }
}
