package io.coffer.metaserver.model;

/** Stored values contradict one another: a bug of ours, or damage. The group must stop rather than make it worse. */
public final class InvariantViolation extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InvariantViolation(String message) {
        super(message);
    }
}
