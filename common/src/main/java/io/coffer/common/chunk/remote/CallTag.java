package io.coffer.common.chunk.remote;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.coffer.common.chunk.ChunkAddress;
import io.coffer.common.trace.Span;
import io.coffer.common.trace.TraceParent;
import io.coffer.common.trace.Tracing;
import io.coffer.common.trace.Work;

/**
 * What goes along with a request to a dataserver.
 *
 * @param request whose it is, for the log there
 * @param trace the span, for spans there; empty if the request isn't traced
 * @param span of the call here; whoever made this ends it
 */
record CallTag(String request, ByteString trace, Span span) {
    static CallTag of(String call, Peer peer, ChunkAddress chunk, long bytes) {
        String request = Work.current().request();
        if (!Tracing.isOn()) {
            return new CallTag(request, ByteString.EMPTY, Span.NONE);
        }
        Span span = Tracing.call(call);
        TraceParent link = span.link();
        if (link == null) {
            return new CallTag(request, ByteString.EMPTY, span);
        }
        span.put("server.address", peer.host());
        span.put("server.port", peer.port());
        span.put("coffer.disk", chunk.disk().toString());
        span.put("coffer.bytes", bytes);
        return new CallTag(request, UnsafeByteOperations.unsafeWrap(link.toBytes()), span);
    }
}
