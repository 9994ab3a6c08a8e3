package io.coffer.common.id;

import java.util.regex.Pattern;

/** An account: twelve decimal digits, as S3 writes them. */
public record AccountId(String value) {
    private static final Pattern FORM = Pattern.compile("[0-9]{12}");

    public AccountId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("an account id has twelve digits");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
