package io.coffer.common.trace.otlp;

import io.coffer.common.trace.Span;
import io.coffer.common.trace.TraceParent;
import io.coffer.common.trace.Tracer;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanLimits;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.net.URI;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sends spans to a collector over OTLP (protobuf over HTTP). They wait in a bounded queue, from which one thread sends them; when it is
 * full they are dropped, so that a slow collector, or none, costs requests nothing. Thread-safe.
 */
public final class OtlpTracer implements Tracer, AutoCloseable {
    /** Waiting spans; each takes about a kilobyte. */
    private static final int QUEUE_SPANS = 4096;

    /** Sent at once. */
    private static final int BATCH_SPANS = 512;

    /** Of what a client named; the rest is cut off. */
    private static final int VALUE_CHARS = 256;

    private static final Duration DELAY = Duration.ofSeconds(1);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final String PATH = "/v1/traces";

    private final SdkTracerProvider provider;
    private final io.opentelemetry.api.trace.Tracer tracer;

    /**
     * Where spans go, and who sends them.
     *
     * @param endpoint of the collector, such as {@code http://collector:4318}; without a path, OTLP's own is added
     * @param sample the part of the traces that begin here, 0 to 1; a trace that a client began is as the client wants it
     * @param service what kind of process this is
     * @param instance which one
     */
    public record Settings(URI endpoint, double sample, String service, String instance, String version) {}

    public OtlpTracer(Settings settings) {
        Resource resource = Resource.create(Attributes.of(
                AttributeKey.stringKey("service.name"), settings.service(),
                AttributeKey.stringKey("service.instance.id"), settings.instance(),
                AttributeKey.stringKey("service.version"), settings.version()));
        OtlpHttpSpanExporter exporter = OtlpHttpSpanExporter.builder()
                .setEndpoint(withPath(settings.endpoint()))
                .setTimeout(TIMEOUT)
                .setConnectTimeout(TIMEOUT)
                .build();
        this.provider = SdkTracerProvider.builder()
                .setResource(resource)
                .setSpanLimits(SpanLimits.builder()
                        .setMaxAttributeValueLength(VALUE_CHARS)
                        .build())
                .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(settings.sample())))
                .addSpanProcessor(BatchSpanProcessor.builder(exporter)
                        .setMaxQueueSize(QUEUE_SPANS)
                        .setMaxExportBatchSize(BATCH_SPANS)
                        .setScheduleDelay(DELAY)
                        .setExporterTimeout(TIMEOUT)
                        .build())
                .build();
        this.tracer = provider.get("io.coffer");
    }

    private static String withPath(URI endpoint) {
        String path = endpoint.getPath();
        return path == null || path.isEmpty() || path.equals("/")
                ? endpoint.resolve(PATH).toString()
                : endpoint.toString();
    }

    @Override
    public Span begin(Span.Kind kind, String name, @Nullable TraceParent parent) {
        SpanBuilder builder = tracer.spanBuilder(name).setSpanKind(kind(kind));
        if (parent == null) {
            builder.setNoParent();
        } else {
            builder.setParent(Context.root().with(io.opentelemetry.api.trace.Span.wrap(context(parent))));
        }
        io.opentelemetry.api.trace.Span begun = builder.startSpan();
        return begun.isRecording() ? new Recorded(begun) : Span.NONE;
    }

    private static SpanKind kind(Span.Kind kind) {
        return switch (kind) {
            case CLIENT -> SpanKind.CLIENT;
            case SERVER -> SpanKind.SERVER;
        };
    }

    private static SpanContext context(TraceParent parent) {
        return SpanContext.createFromRemoteParent(
                parent.traceId(),
                parent.spanId(),
                parent.sampled() ? TraceFlags.getSampled() : TraceFlags.getDefault(),
                TraceState.getDefault());
    }

    /** A span that will be sent. */
    private record Recorded(io.opentelemetry.api.trace.Span span) implements Span {
        @Override
        public TraceParent link() {
            SpanContext context = span.getSpanContext();
            String trace = context.getTraceId();
            int half = trace.length() / 2;
            return new TraceParent(
                    HexFormat.fromHexDigitsToLong(trace, 0, half),
                    HexFormat.fromHexDigitsToLong(trace, half, trace.length()),
                    HexFormat.fromHexDigitsToLong(context.getSpanId()),
                    context.isSampled());
        }

        @Override
        public void rename(String name) {
            span.updateName(name);
        }

        @Override
        public void put(String key, String value) {
            span.setAttribute(key, value);
        }

        @Override
        public void put(String key, long value) {
            span.setAttribute(key, value);
        }

        @Override
        public void fail(String why) {
            span.setStatus(StatusCode.ERROR, why);
        }

        @Override
        public void end() {
            span.end();
        }
    }

    /** Sends what waits, unless that takes too long. */
    @Override
    public void close() {
        provider.shutdown().join(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    }
}
