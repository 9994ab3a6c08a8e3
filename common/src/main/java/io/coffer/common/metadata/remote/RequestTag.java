package io.coffer.common.metadata.remote;

import io.coffer.common.trace.TraceParent;
import io.coffer.common.trace.Work;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;

/** Carries what a call is for to the other process: the id of the request, for log lines, and the span of the call. */
public final class RequestTag implements ClientInterceptor {
    public static final Metadata.Key<String> HEADER =
            Metadata.Key.of("coffer-request", Metadata.ASCII_STRING_MARSHALLER);

    public static final Metadata.Key<String> TRACE =
            Metadata.Key.of(TraceParent.HEADER, Metadata.ASCII_STRING_MARSHALLER);

    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
        ClientCall<Q, A> call = next.newCall(method, options);
        Work work = Work.current();
        if (work.equals(Work.NONE)) {
            return call;
        }
        return new ForwardingClientCall.SimpleForwardingClientCall<>(call) {
            @Override
            public void start(Listener<A> listener, Metadata headers) {
                headers.put(HEADER, work.request());
                TraceParent span = work.span();
                if (span != null) {
                    headers.put(TRACE, span.header());
                }
                super.start(listener, headers);
            }
        };
    }
}
