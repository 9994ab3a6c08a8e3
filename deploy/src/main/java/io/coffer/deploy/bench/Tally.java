package io.coffer.deploy.bench;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** What one worker did while it was measured. Written by its thread; read by others only after that ended, but for the sums. */
final class Tally {
    private final LatencyHistogram latencies = new LatencyHistogram();
    private final Map<String, Long> errors = new TreeMap<>();
    private boolean lied;
    private long lastNanos = Long.MIN_VALUE;
    private final LongAdder operations = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final LongAdder failures = new LongAdder();

    void succeeded(long nanos, long bodyBytes, long now) {
        latencies.add(nanos);
        lastNanos = now;
        bytes.add(bodyBytes);
        operations.increment();
    }

    void failed(String code, boolean lie, long now) {
        errors.merge(code, 1L, Long::sum);
        lied |= lie;
        lastNanos = now;
        failures.increment();
    }

    void merge(Tally other) {
        latencies.merge(other.latencies);
        other.errors.forEach((code, count) -> errors.merge(code, count, Long::sum));
        lied |= other.lied;
        lastNanos = Math.max(lastNanos, other.lastNanos);
        operations.add(other.operations());
        bytes.add(other.bytes());
        failures.add(other.failures());
    }

    LatencyHistogram latencies() {
        return latencies;
    }

    Map<String, Long> errors() {
        return errors;
    }

    /** Whether the server gave something wrong for right. */
    boolean lied() {
        return lied;
    }

    /** When the last operation ended. */
    long lastNanos() {
        return lastNanos;
    }

    long operations() {
        return operations.sum();
    }

    long bytes() {
        return bytes.sum();
    }

    long failures() {
        return failures.sum();
    }
}
