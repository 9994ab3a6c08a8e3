package io.coffer.metaserver.rpc;

import io.coffer.common.metadata.remote.RequestTag;
import io.coffer.common.trace.Span;
import io.coffer.common.trace.TraceParent;
import io.coffer.common.trace.Tracing;
import io.coffer.common.trace.Work;
import io.grpc.ForwardingServerCall;
import io.grpc.ForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;

/** Puts the id of the request that a call was made for into the log lines of its handling, and traces it if its caller does. */
final class RequestLogContext implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        Work asked = Work.from(headers.get(RequestTag.HEADER));
        if (asked.equals(Work.NONE)) {
            return next.startCall(call, headers);
        }
        Span span = Tracing.isOn()
                ? Tracing.serve(
                        "metadata " + call.getMethodDescriptor().getBareMethodName(),
                        TraceParent.parse(headers.get(RequestTag.TRACE)))
                : Span.NONE;
        Work work = asked.in(span);
        ServerCall.Listener<Q> listener =
                next.startCall(span.link() == null ? call : new EndsWithIt<>(call, span), headers);
        return new ForwardingServerCallListener.SimpleForwardingServerCallListener<>(listener) {
            @Override
            public void onHalfClose() {
                try (Work.Scope scope = work.enter()) {
                    super.onHalfClose();
                }
            }

            @Override
            public void onCancel() {
                span.fail("cancelled");
                span.end();
                super.onCancel();
            }
        };
    }

    /** A call whose end is its span's. */
    private static final class EndsWithIt<Q, A> extends ForwardingServerCall.SimpleForwardingServerCall<Q, A> {
        private final Span span;

        EndsWithIt(ServerCall<Q, A> call, Span span) {
            super(call);
            this.span = span;
        }

        @Override
        public void close(Status status, Metadata trailers) {
            if (!status.isOk()) {
                span.fail(status.getCode().name());
            }
            span.end();
            super.close(status, trailers);
        }
    }
}
