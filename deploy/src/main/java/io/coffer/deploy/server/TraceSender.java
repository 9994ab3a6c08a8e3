package io.coffer.deploy.server;

import io.coffer.common.trace.Tracing;
import io.coffer.common.trace.otlp.OtlpTracer;
import java.net.URI;

/** The traces of a process, if its configuration wants them, until it is closed. */
public final class TraceSender implements AutoCloseable {
    private final Runnable stop;

    private TraceSender(Runnable stop) {
        this.stop = stop;
    }

    /**
     * Traces from here on, or does nothing.
     *
     * @param service what kind of process this is
     * @param instance which one
     */
    public static TraceSender start(ServerConfig.Tracing config, String service, String instance) {
        if (config.endpoint().isEmpty()) {
            return new TraceSender(() -> {});
        }
        OtlpTracer tracer = new OtlpTracer(new OtlpTracer.Settings(
                URI.create(config.endpoint()), config.sample(), service, instance, CofferServer.version()));
        Tracing.install(tracer);
        return new TraceSender(() -> {
            Tracing.remove(tracer);
            tracer.close();
        });
    }

    @Override
    public void close() {
        stop.run();
    }
}
