package io.coffer.deploy.admin;

/** A command that failed, and why in one line for the person who gave it. Carries no stack trace. */
public final class AdminFailure extends Exception {
    private static final long serialVersionUID = 1L;

    AdminFailure(String message) {
        super(message, null, false, false);
    }
}
