package io.coffer.metaserver.rpc;

import io.coffer.common.metadata.remote.RequestTag;
import io.coffer.common.trace.Work;
import io.grpc.ForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;

/** Puts the id of the request that a call was made for into the log lines of its handling. */
final class RequestLogContext implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        ServerCall.Listener<Q> listener = next.startCall(call, headers);
        Work work = Work.from(headers.get(RequestTag.HEADER));
        if (work.equals(Work.NONE)) {
            return listener;
        }
        return new ForwardingServerCallListener.SimpleForwardingServerCallListener<>(listener) {
            @Override
            public void onHalfClose() {
                try (Work.Scope scope = work.enter()) {
                    super.onHalfClose();
                }
            }
        };
    }
}
