package io.coffer.metaserver.store;

/** What {@link GroupStore#memory} was asked for is on disk, or may be. */
public final class NotInMemoryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotInMemoryException() {
        // Common, and caught by whoever asked.
        super("not in memory", null, false, false);
    }
}
