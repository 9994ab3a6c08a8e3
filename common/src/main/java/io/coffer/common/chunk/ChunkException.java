package io.coffer.common.chunk;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A chunk operation that did not happen, or whose outcome is unknown ({@link ChunkError#UNAVAILABLE}). */
public final class ChunkException extends IOException {
    private static final long serialVersionUID = 1L;

    private final ChunkError error;

    public ChunkException(ChunkError error, String message) {
        this(error, message, null);
    }

    public ChunkException(ChunkError error, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.error = error;
    }

    public ChunkError error() {
        return error;
    }
}
