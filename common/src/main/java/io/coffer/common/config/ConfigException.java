package io.coffer.common.config;

/** The configuration can't be used; the message is one line for the person who wrote it. */
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1L;

    ConfigException(String message) {
        super(message);
    }
}
