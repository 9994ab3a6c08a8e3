package io.coffer.deploy.bench;

import java.util.Formatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What a run found.
 *
 * @param seconds from the first operation that counts to the end of the last
 * @param clientCpuSeconds of this process in that time
 * @param serverCpuSeconds of the watched process in that time; negative when none was watched
 */
record BenchResult(
        Workload workload,
        int concurrency,
        long size,
        double seconds,
        Tally tally,
        double clientCpuSeconds,
        double serverCpuSeconds,
        long serverResidentBytes) {
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double MEGA = 1e6;
    private static final double GIGA = 1e9;

    double operationsPerSecond() {
        return tally.operations() / seconds;
    }

    double megabytesPerSecond() {
        return tally.bytes() / seconds / MEGA;
    }

    boolean failed() {
        return tally.lied() || tally.operations() == 0;
    }

    Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("workload", workload.name().toLowerCase(Locale.ROOT));
        map.put("concurrency", concurrency);
        map.put("size", size);
        map.put("seconds", round(seconds));
        map.put("operations", tally.operations());
        map.put("bytes", tally.bytes());
        map.put("opsPerSecond", round(operationsPerSecond()));
        map.put("mbPerSecond", round(megabytesPerSecond()));
        map.put("p50Millis", millis(tally.latencies().quantile(0.5)));
        map.put("p90Millis", millis(tally.latencies().quantile(0.9)));
        map.put("p99Millis", millis(tally.latencies().quantile(0.99)));
        map.put("p999Millis", millis(tally.latencies().quantile(0.999)));
        map.put("maxMillis", millis(tally.latencies().max()));
        map.put("failures", tally.failures());
        map.put("errors", tally.errors());
        map.put("clientCpuMicrosPerOp", perOperation(clientCpuSeconds));
        if (serverCpuSeconds >= 0) {
            map.put("serverCpuMicrosPerOp", perOperation(serverCpuSeconds));
            map.put("serverCpuSecondsPerGb", perGigabyte(serverCpuSeconds));
            map.put("serverResidentBytes", serverResidentBytes);
        }
        return map;
    }

    String toText() {
        Formatter out = new Formatter(Locale.ROOT);
        out.format("%s, %d connections, %.1f s%n", workload.name().toLowerCase(Locale.ROOT), concurrency, seconds);
        out.format(
                "  %,d operations, %.0f/s, %.1f MB/s%n",
                tally.operations(), operationsPerSecond(), megabytesPerSecond());
        out.format(
                "  p50 %.2f ms, p90 %.2f ms, p99 %.2f ms, p99.9 %.2f ms, max %.2f ms%n",
                millis(tally.latencies().quantile(0.5)),
                millis(tally.latencies().quantile(0.9)),
                millis(tally.latencies().quantile(0.99)),
                millis(tally.latencies().quantile(0.999)),
                millis(tally.latencies().max()));
        out.format("  client CPU %.1f us per operation%n", perOperation(clientCpuSeconds));
        if (serverCpuSeconds >= 0) {
            out.format(
                    "  server CPU %.1f us per operation, %.2f s per GB; resident %.0f MiB%n",
                    perOperation(serverCpuSeconds),
                    perGigabyte(serverCpuSeconds),
                    serverResidentBytes / (double) (1 << 20));
        }
        tally.errors().forEach((code, count) -> out.format("  %,d x %s%n", count, code));
        return out.toString();
    }

    private double perOperation(double cpuSeconds) {
        return round(cpuSeconds * MEGA / Math.max(1, tally.operations()));
    }

    private double perGigabyte(double cpuSeconds) {
        return tally.bytes() == 0 ? 0 : round(cpuSeconds / (tally.bytes() / GIGA));
    }

    private static double millis(long nanos) {
        return Math.round(nanos / NANOS_PER_MILLI * 1000) / 1000.0;
    }

    private static double round(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
