package io.coffer.common.metadata;

import org.jspecify.annotations.Nullable;

/** No leader answered in time, or too much is in flight. A command's outcome is unknown; repeat it with the same request id. */
public final class MetadataUnavailableException extends Exception {
    private static final long serialVersionUID = 1L;

    public MetadataUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
