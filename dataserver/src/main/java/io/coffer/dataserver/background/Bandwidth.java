package io.coffer.dataserver.background;

import io.coffer.common.time.Ticker;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Bytes that time pays for. What was used beyond is paid back first. Used by one thread. */
final class Bandwidth {
    /** Time that passed unused is worth no more than this. */
    private static final Duration MAX_SAVED = Duration.ofMillis(250);

    private final long bytesPerSecond;
    private final Ticker ticker;
    private long paidNanos;
    private double bytes;

    Bandwidth(long bytesPerSecond, Ticker ticker) {
        if (bytesPerSecond < 1) {
            throw new IllegalArgumentException("bytes per second: " + bytesPerSecond);
        }
        this.bytesPerSecond = bytesPerSecond;
        this.ticker = ticker;
        this.paidNanos = ticker.nanos();
        this.bytes = worth(MAX_SAVED.toNanos());
    }

    private double worth(long nanos) {
        return (double) bytesPerSecond * nanos / TimeUnit.SECONDS.toNanos(1);
    }

    /** What may be used now; not positive while something is owed. */
    long available() {
        long now = ticker.nanos();
        bytes = Math.min(bytes + worth(now - paidNanos), Math.max(1, worth(MAX_SAVED.toNanos())));
        paidNanos = now;
        return (long) Math.floor(bytes);
    }

    void use(long used) {
        bytes -= used;
    }

    /** How long until something is available. */
    Duration untilAvailable() {
        double owed = 1 - bytes;
        return owed <= 0
                ? Duration.ZERO
                : Duration.ofNanos((long) Math.ceil(owed / bytesPerSecond * TimeUnit.SECONDS.toNanos(1)));
    }
}
