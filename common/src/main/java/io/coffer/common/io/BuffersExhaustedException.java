package io.coffer.common.io;

import java.io.IOException;

/** No buffer came free in time: the process carries as many bytes as it may. Ends as {@code SlowDown}. */
public final class BuffersExhaustedException extends IOException {
    private static final long serialVersionUID = 1L;

    BuffersExhaustedException(int count, long waitedMillis) {
        super("all " + count + " buffers in use for " + waitedMillis + " ms");
    }
}
