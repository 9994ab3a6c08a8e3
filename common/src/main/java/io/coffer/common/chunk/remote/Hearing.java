package io.coffer.common.chunk.remote;

/**
 * Whether a peer is silent, for somebody who looks at every tick: not when it was this process that was away, stopped or starved, because then
 * what the peer said waits to be read. For one thread.
 */
final class Hearing {
    private long heardNanos;
    private long lookedNanos;

    Hearing(long nowNanos) {
        this.heardNanos = nowNanos;
        this.lookedNanos = nowNanos;
    }

    void heard(long nowNanos) {
        heardNanos = nowNanos;
    }

    /** To be asked once per {@link Limits#TICK}. */
    boolean isSilent(long nowNanos) {
        boolean away = nowNanos - lookedNanos > 2 * Limits.TICK.toNanos();
        lookedNanos = nowNanos;
        if (away) {
            heardNanos = nowNanos;
        }
        return nowNanos - heardNanos > Limits.SILENCE.toNanos();
    }
}
