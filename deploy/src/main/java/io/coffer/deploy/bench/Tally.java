package io.coffer.deploy.bench;

import java.util.Map;
import java.util.TreeMap;

/** What one worker did while it was measured. Written by its thread; read by others only after that ended, but for the sums. */
final class Tally {
    private final LatencyHistogram latencies = new LatencyHistogram();
    private final Map<String, Long> errors = new TreeMap<>();
    private boolean lied;
    private long lastNanos = Long.MIN_VALUE;
    private volatile long operations;
    private volatile long bytes;
    private volatile long failures;

    void succeeded(long nanos, long bodyBytes, long now) {
        latencies.add(nanos);
        lastNanos = now;
        bytes = bytes + bodyBytes;
        operations = operations + 1;
    }

    void failed(String code, boolean lie, long now) {
        errors.merge(code, 1L, Long::sum);
        lied |= lie;
        lastNanos = now;
        failures = failures + 1;
    }

    void merge(Tally other) {
        latencies.merge(other.latencies);
        other.errors.forEach((code, count) -> errors.merge(code, count, Long::sum));
        lied |= other.lied;
        lastNanos = Math.max(lastNanos, other.lastNanos);
        operations = operations + other.operations;
        bytes = bytes + other.bytes;
        failures = failures + other.failures;
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
        return operations;
    }

    long bytes() {
        return bytes;
    }

    long failures() {
        return failures;
    }
}
