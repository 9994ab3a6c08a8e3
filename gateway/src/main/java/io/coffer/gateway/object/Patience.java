package io.coffer.gateway.object;

import io.coffer.common.chunk.ChunkException;
import java.time.Duration;

/** How long a read or a write goes on trying while nobody can be asked: this node may have been cut off itself. Used by one thread. */
final class Patience {
    private static final Duration WHOLE = Duration.ofSeconds(3);
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final long startNanos = System.nanoTime();

    boolean isOver() {
        return System.nanoTime() - startNanos > WHOLE.toNanos();
    }

    /**
     * Waits a little.
     *
     * @throws ChunkException that one, if the thread is interrupted
     */
    void pause(ChunkException why) throws ChunkException {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw why;
        }
    }
}
