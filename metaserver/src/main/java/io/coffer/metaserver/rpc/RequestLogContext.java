package io.coffer.metaserver.rpc;

import io.coffer.common.metadata.remote.RequestTag;
import io.grpc.ForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import org.slf4j.MDC;

/** Puts the id of the request that a call was made for into the log lines of its handling. */
final class RequestLogContext implements ServerInterceptor {
    private static final int MAX_LENGTH = 64;

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        ServerCall.Listener<Q> listener = next.startCall(call, headers);
        String request = headers.get(RequestTag.HEADER);
        if (request == null || request.length() > MAX_LENGTH) {
            return listener;
        }
        return new ForwardingServerCallListener.SimpleForwardingServerCallListener<>(listener) {
            @Override
            public void onHalfClose() {
                try (MDC.MDCCloseable tagged = MDC.putCloseable(RequestTag.MDC_KEY, request)) {
                    super.onHalfClose();
                }
            }
        };
    }
}
