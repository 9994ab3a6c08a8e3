package io.coffer.common.metadata.remote;

import io.coffer.common.trace.Work;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;

/** Carries the id of the request that is being worked on from one process' log lines to the other's. */
public final class RequestTag implements ClientInterceptor {
    public static final Metadata.Key<String> HEADER =
            Metadata.Key.of("coffer-request", Metadata.ASCII_STRING_MARSHALLER);

    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
        ClientCall<Q, A> call = next.newCall(method, options);
        String request = Work.current().request();
        if (request.isEmpty()) {
            return call;
        }
        return new ForwardingClientCall.SimpleForwardingClientCall<>(call) {
            @Override
            public void start(Listener<A> listener, Metadata headers) {
                headers.put(HEADER, request);
                super.start(listener, headers);
            }
        };
    }
}
