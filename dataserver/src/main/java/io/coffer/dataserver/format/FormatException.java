package io.coffer.dataserver.format;

import java.io.IOException;

/** Bytes that aren't what they should be, or of a newer version than this one. */
public final class FormatException extends IOException {
    private static final long serialVersionUID = 1L;

    public FormatException(String message) {
        super(message);
    }
}
