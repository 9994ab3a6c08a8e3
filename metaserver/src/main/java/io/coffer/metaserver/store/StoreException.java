package io.coffer.metaserver.store;

/** The store can't be read or written: the disk failed or is full, or a file is damaged. The group must stop. */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StoreException(String message, Throwable cause) {
        super(message, cause);
    }

    public StoreException(String message) {
        super(message);
    }
}
