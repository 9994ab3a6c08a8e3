package io.coffer.gateway.s3.operation;

import io.coffer.gateway.http.Headers;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What of a request conditions of policies may ask for.
 *
 * @param remote the socket's peer; never taken from a header
 * @param tls the version of TLS; null without
 * @param nowMillis the gateway's clock at arrival
 */
public record Circumstances(
        String method,
        QueryParameters query,
        Headers headers,
        InetSocketAddress remote,
        @Nullable String tls,
        long nowMillis) {
    public boolean secure() {
        return tls != null;
    }
}
