package io.coffer.gateway.http;

import io.netty.channel.ChannelOutboundBuffer;

/** Finds clients that take their answers slower than the least rate, so that nobody holds memory by not reading. */
final class OutboundProgress {
    private final HttpLimits.Response limits;
    private final double minBytesPerWindow;
    private long added;
    private long windowStartNanos;
    private long deliveredAtStart;

    OutboundProgress(HttpLimits.Response limits, long nowNanos) {
        this.limits = limits;
        this.windowStartNanos = nowNanos;
        this.minBytesPerWindow = limits.minBytesPerSecond() * limits.window().toNanos() / 1e9;
    }

    /** So many bytes more are to be sent. */
    void add(int bytes) {
        added += bytes;
    }

    /** Whether something was left to send for a whole window, and less than the least was taken. */
    boolean tooSlow(long nowNanos, ChannelOutboundBuffer out) {
        if (out.isEmpty()) {
            restart(nowNanos, added);
            return false;
        }
        long delivered = added - (out.totalPendingWriteBytes() - out.currentProgress());
        if (nowNanos - windowStartNanos < limits.window().toNanos()) {
            return false;
        }
        boolean tooSlow = delivered - deliveredAtStart < minBytesPerWindow;
        restart(nowNanos, delivered);
        return tooSlow;
    }

    private void restart(long nowNanos, long delivered) {
        windowStartNanos = nowNanos;
        deliveredAtStart = delivered;
    }
}
