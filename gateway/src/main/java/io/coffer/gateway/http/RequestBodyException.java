package io.coffer.gateway.http;

import java.io.IOException;

/** A request's body that can't be read to its end. */
public final class RequestBodyException extends IOException {
    private static final long serialVersionUID = 1L;

    /** What went wrong. */
    public enum Reason {
        /** The connection ended before the body did. */
        INCOMPLETE,
        /** No byte arrived for the idle limit, or fewer than the least rate. */
        TIMEOUT,
        /** Transfer coding that isn't. */
        MALFORMED
    }

    private final Reason reason;

    public RequestBodyException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
