package io.coffer.gateway.form;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of a form that count: those before its file, in the order they were sent. Names have no case. Immutable. */
public final class FormFields {
    public static final String KEY = "key";
    public static final String FILE = "file";
    public static final String POLICY = "policy";
    public static final String SUCCESS_STATUS = "success_action_status";
    public static final String SUCCESS_REDIRECT = "success_action_redirect";

    /** The name of {@link #SUCCESS_REDIRECT} that Amazon gave up. */
    public static final String REDIRECT = "redirect";

    private static final String FILENAME_VARIABLE = "${filename}";

    private final Map<String, String> byName;

    private FormFields(Map<String, String> byName) {
        this.byName = Collections.unmodifiableMap(byName);
    }

    /** The value of a field by its lower-case name; null when there is none. */
    public @Nullable String value(String name) {
        return byName.get(name);
    }

    public boolean contains(String name) {
        return byName.containsKey(name);
    }

    /** Names in lower case, and values. */
    public Collection<Map.Entry<String, String>> all() {
        return byName.entrySet();
    }

    /** Collects fields. */
    static final class Builder {
        private final Map<String, String> byName = new LinkedHashMap<>();

        /** Fields of one name are one, with their values in a list. */
        void add(String name, String value) {
            byName.merge(name.toLowerCase(Locale.ROOT), value, (one, other) -> one + "," + other);
        }

        /**
         * @param filename what the file part says; null when it says nothing, and then the variable for it is kept, as Amazon does
         */
        FormFields build(@Nullable String filename) {
            if (filename != null) {
                String last = filename.substring(Math.max(filename.lastIndexOf('/'), filename.lastIndexOf('\\')) + 1);
                byName.replaceAll((_, value) -> value.replace(FILENAME_VARIABLE, last));
            }
            return new FormFields(byName);
        }
    }
}
