package io.coffer.gateway.kms;

/** A change of the key store that can't be made. */
public final class KeyStoreException extends Exception {
    private static final long serialVersionUID = 1;

    private final Reason reason;

    /** Why. */
    public enum Reason {
        NO_ROOT_KEY,
        NO_SUCH_KEY,
        ALIAS_EXISTS,
        BUILT_IN,
        FULL,
        INVALID,
        UNAVAILABLE
    }

    public KeyStoreException(Reason reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
