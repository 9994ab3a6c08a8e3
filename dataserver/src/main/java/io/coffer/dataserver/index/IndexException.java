package io.coffer.dataserver.index;

import java.io.IOException;

/** The index can't answer or take a change. Nothing is lost: it can be rebuilt from the segments. */
public final class IndexException extends IOException {
    private static final long serialVersionUID = 1L;

    /** What is the matter. */
    public enum Reason {
        /** What it has stored isn't what it wrote: it has to be rebuilt. */
        DAMAGED,
        /** The disk is full; the same call may succeed later. */
        NO_SPACE,
        /** The disk failed. */
        FAILED
    }

    private final Reason reason;

    public IndexException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
