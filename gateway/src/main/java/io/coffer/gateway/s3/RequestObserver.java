package io.coffer.gateway.s3;

import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.operation.Identity;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Hears of every answered request: metrics and audit. Called on the request's thread; must be quick and never throw. */
@FunctionalInterface
public interface RequestObserver {
    void answered(Answered request);

    /**
     * @param operation its S3 name; {@code None} when the request was refused before one was found
     * @param resource path style, decoded
     * @param status of the response, also when the client didn't wait for it
     * @param error null when there was none
     * @param received bytes of the body that were read
     * @param sent bytes of the body that were sent
     * @param complete whether the whole response was handed to the network
     */
    record Answered(
            String requestId,
            String operation,
            String method,
            String resource,
            Identity identity,
            InetSocketAddress remote,
            int status,
            @Nullable S3Error error,
            long received,
            long sent,
            long nanos,
            boolean complete) {}
}
