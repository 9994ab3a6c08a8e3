package io.coffer.metaserver.rpc;

import io.coffer.common.time.Ticker;
import java.time.Duration;
import java.util.concurrent.Semaphore;

/**
 * How many strangers may ask at once and per second: they are not authenticated, and each costs the system group a command. Thread-safe.
 */
final class AdmissionLimit {
    /** Requests that are answered at one time. */
    static final int CONCURRENT = 16;

    /** Requests that may come at once after a quiet time: a rack that is switched on. */
    static final int BURST = 64;

    /** Requests per second in the long run. */
    static final int RATE = 16;

    private static final long NANOS_PER_REQUEST = Duration.ofSeconds(1).toNanos() / RATE;

    private final Ticker ticker;
    private final Semaphore running = new Semaphore(CONCURRENT);

    /** When, in the ticker's time, all requests so far would have been answered at {@link #RATE}. */
    private long paidUntil;

    AdmissionLimit(Ticker ticker) {
        this.ticker = ticker;
        this.paidUntil = ticker.nanos();
    }

    /** Whether another request may be answered; if so, {@link #leave} must follow. */
    boolean tryEnter() {
        if (!running.tryAcquire()) {
            return false;
        }
        if (!tryPay()) {
            running.release();
            return false;
        }
        return true;
    }

    private synchronized boolean tryPay() {
        long now = ticker.nanos();
        if (paidUntil - now < 0) {
            paidUntil = now;
        }
        if (paidUntil - now > (BURST - 1) * NANOS_PER_REQUEST) {
            return false;
        }
        paidUntil += NANOS_PER_REQUEST;
        return true;
    }

    void leave() {
        running.release();
    }
}
