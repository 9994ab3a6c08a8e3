package io.coffer.gateway.s3;

import io.coffer.gateway.s3.error.S3Error;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Counts and times requests by operation. Meters are looked up by a small key, so that a request pays a fraction of a microsecond. */
public final class S3Metrics implements RequestObserver {
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(1),
        Duration.ofMillis(2),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(30)
    };

    private static final int STATUS_CLASSES = 5;

    private final MeterRegistry registry;
    private final Map<String, OperationMeters> operations = new ConcurrentHashMap<>();
    private final Map<S3Error, Counter> errors = new ConcurrentHashMap<>();

    public S3Metrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** @param byStatusClass from 1xx to 5xx */
    private record OperationMeters(List<Timer> byStatusClass, Counter received, Counter sent) {}

    @Override
    public void answered(Answered request) {
        OperationMeters meters = operations.computeIfAbsent(request.operation(), this::meters);
        int statusClass = Math.clamp(request.status() / 100, 1, STATUS_CLASSES);
        meters.byStatusClass.get(statusClass - 1).record(request.nanos(), TimeUnit.NANOSECONDS);
        if (request.received() > 0) {
            meters.received.increment(request.received());
        }
        if (request.sent() > 0) {
            meters.sent.increment(request.sent());
        }
        if (request.error() != null) {
            errors.computeIfAbsent(request.error(), this::counter).increment();
        }
    }

    private OperationMeters meters(String operation) {
        List<Timer> timers = new ArrayList<>(STATUS_CLASSES);
        for (int statusClass = 1; statusClass <= STATUS_CLASSES; statusClass++) {
            timers.add(Timer.builder("coffer.s3.requests")
                    .description("S3 requests, by operation and class of status")
                    .tag("operation", operation)
                    .tag("status", statusClass + "xx")
                    .serviceLevelObjectives(BUCKETS)
                    .register(registry));
        }
        return new OperationMeters(timers, bytes("received", operation), bytes("sent", operation));
    }

    private Counter bytes(String direction, String operation) {
        return Counter.builder("coffer.s3.body." + direction)
                .description("Bytes of bodies " + direction)
                .baseUnit("bytes")
                .tag("operation", operation)
                .register(registry);
    }

    private Counter counter(S3Error error) {
        return Counter.builder("coffer.s3.errors")
                .description("S3 errors answered, by code")
                .tag("code", error.code())
                .register(registry);
    }
}
