package io.coffer.deploy.server;

import org.jspecify.annotations.Nullable;

/** A server that can't start, with the one line that tells an operator why. */
public final class StartException extends Exception {
    private static final long serialVersionUID = 1L;

    public StartException(String message) {
        this(message, null);
    }

    public StartException(String message, @Nullable Throwable cause) {
        super(message, cause, false, false);
    }
}
