package io.coffer.common.trace.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.coffer.common.trace.Span;
import io.coffer.common.trace.TraceParent;
import io.coffer.common.trace.Tracing;
import io.coffer.common.trace.Work;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class OtlpTracerTest {
    private static final TraceParent SAMPLED = new TraceParent(1, 2, 3, true);
    private static final TraceParent UNSAMPLED = new TraceParent(1, 2, 3, false);

    private static OtlpTracer tracer(String endpoint, double sample) {
        return new OtlpTracer(new OtlpTracer.Settings(URI.create(endpoint), sample, "coffer-test", "one", "1"));
    }

    @Test
    void aTraceIsAsItsFirstProcessWantsIt() {
        try (OtlpTracer never = tracer("http://127.0.0.1:1", 0);
                OtlpTracer always = tracer("http://127.0.0.1:1", 1)) {
            assertThat(never.begin(Span.Kind.SERVER, "a", null)).isSameAs(Span.NONE);
            assertThat(always.begin(Span.Kind.SERVER, "a", UNSAMPLED)).isSameAs(Span.NONE);
            assertThat(always.begin(Span.Kind.SERVER, "a", null).link()).isNotNull();
            TraceParent inside = never.begin(Span.Kind.SERVER, "a", SAMPLED).link();
            assertThat(inside).isNotNull();
            assertThat(inside.traceId()).isEqualTo(SAMPLED.traceId());
            assertThat(inside.spanId()).isNotEqualTo(SAMPLED.spanId());
            assertThat(inside.sampled()).isTrue();
        }
    }

    @Test
    void nothingIsTracedUntilATracerIsThereNorOutsideOfATrace() {
        assertThat(Tracing.begin("a", SAMPLED)).isSameAs(Span.NONE);
        try (OtlpTracer tracer = tracer("http://127.0.0.1:1", 1)) {
            Tracing.install(tracer);
            try {
                assertThat(Tracing.call("a")).as("nobody's work").isSameAs(Span.NONE);
                assertThat(Tracing.serve("a", null)).isSameAs(Span.NONE);
                Span first = Tracing.begin("a", null);
                try (Work.Scope scope = new Work("R").in(first).enter()) {
                    Span call = Tracing.call("b");
                    assertThat(call.link()).isNotNull();
                    assertThat(call.link().traceId()).isEqualTo(first.link().traceId());
                }
            } finally {
                Tracing.remove(tracer);
            }
        }
        assertThat(Tracing.isOn()).isFalse();
    }

    /** It takes connections and never answers; ten times as many spans as fit into the queue end meanwhile. */
    @Test
    void aCollectorThatHangsHoldsNobodyUp() throws Exception {
        try (ServerSocket hanging = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            OtlpTracer tracer = tracer("http://127.0.0.1:" + hanging.getLocalPort(), 1);
            assertTimeoutPreemptively(Duration.ofSeconds(4), () -> {
                for (int i = 0; i < 40_960; i++) {
                    tracer.begin(Span.Kind.SERVER, "a", null).end();
                }
            });
            assertTimeoutPreemptively(Duration.ofSeconds(30), tracer::close);
        }
    }
}
