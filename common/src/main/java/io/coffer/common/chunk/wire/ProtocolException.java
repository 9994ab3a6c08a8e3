package io.coffer.common.chunk.wire;

/** The peer said something that isn't the protocol: the connection is of no use any more. */
public final class ProtocolException extends Exception {
    private static final long serialVersionUID = 1L;

    public ProtocolException(String message) {
        super(message);
    }

    ProtocolException(String message, Throwable cause) {
        super(message, cause);
    }
}
