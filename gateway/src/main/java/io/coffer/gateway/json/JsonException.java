package io.coffer.gateway.json;

import org.jspecify.annotations.Nullable;

/** What was read isn't JSON, or says something twice. Carries no stack trace. */
public final class JsonException extends Exception {
    private static final long serialVersionUID = 1L;

    private final @Nullable String duplicate;

    JsonException(@Nullable String duplicate) {
        super(duplicate == null ? "not JSON" : "comes twice: " + duplicate, null, false, false);
        this.duplicate = duplicate;
    }

    /** The name that comes twice; null when that isn't what is wrong. */
    public @Nullable String duplicate() {
        return duplicate;
    }
}
