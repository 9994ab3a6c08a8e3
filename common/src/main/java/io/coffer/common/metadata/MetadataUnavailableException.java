package io.coffer.common.metadata;

import org.jspecify.annotations.Nullable;

/** No answer from metadata. A command's outcome is unknown; repeat it with the same request id. */
public final class MetadataUnavailableException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Why there is none. */
    public enum Reason {
        /** No leader answered in time, or it couldn't. */
        NO_ANSWER,
        /** Too much is under way: this attempt was turned away and has no outcome. */
        OVERLOADED
    }

    private final Reason reason;

    /** {@link Reason#NO_ANSWER}. */
    public MetadataUnavailableException(String message, @Nullable Throwable cause) {
        this(Reason.NO_ANSWER, message, cause);
    }

    private MetadataUnavailableException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public static MetadataUnavailableException overloaded(String message) {
        return new MetadataUnavailableException(Reason.OVERLOADED, message, null);
    }

    public Reason reason() {
        return reason;
    }
}
