package io.coffer.common.time;

/** Time that only goes forward, from an arbitrary start: for durations and deadlines. Compare by difference only. */
@FunctionalInterface
public interface Ticker {
    Ticker SYSTEM = System::nanoTime;

    long nanos();
}
