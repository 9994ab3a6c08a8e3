package io.coffer.common.rpc;

import org.jspecify.annotations.Nullable;

/** A node could not join; the message is for an operator. */
public final class JoinException extends Exception {
    private static final long serialVersionUID = 1L;

    JoinException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
