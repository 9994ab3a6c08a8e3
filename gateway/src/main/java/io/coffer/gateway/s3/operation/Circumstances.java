package io.coffer.gateway.s3.operation;

import io.coffer.gateway.http.Headers;
import java.net.InetSocketAddress;

/**
 * What of a request conditions of policies may ask for.
 *
 * @param remote the socket's peer; never taken from a header
 * @param nowMillis the gateway's clock at arrival
 */
public record Circumstances(
        String method,
        QueryParameters query,
        Headers headers,
        InetSocketAddress remote,
        boolean secure,
        long nowMillis) {}
