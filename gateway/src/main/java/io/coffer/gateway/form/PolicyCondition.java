package io.coffer.gateway.form;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One condition of a policy. */
sealed interface PolicyCondition {
    /** As refusals repeat it. */
    String text();

    /** Whether the fields meet it, which have lower-case names. */
    boolean holds(Map<String, String> fields);

    /** The lower-case name of the field that it is about; null for none. */
    @Nullable
    String field();

    /** @param operand {@code $} and a name without case; without the {@code $} nothing meets it */
    record Exact(String operand, String value) implements PolicyCondition {
        @Override
        public String text() {
            return list("eq", operand, value);
        }

        @Override
        public boolean holds(Map<String, String> fields) {
            String name = field();
            return name != null && value.equals(fields.get(name));
        }

        @Override
        public @Nullable String field() {
            return nameOf(operand);
        }
    }

    /** A field that isn't there begins with nothing. */
    record StartsWith(String operand, String prefix) implements PolicyCondition {
        private static final String LIST = "content-type";

        @Override
        public String text() {
            return list("starts-with", operand, prefix);
        }

        @Override
        public boolean holds(Map<String, String> fields) {
            String name = field();
            if (name == null) {
                return false;
            }
            String value = fields.getOrDefault(name, "");
            if (!name.equals(LIST)) {
                return value.startsWith(prefix);
            }
            for (String one : value.split(",", -1)) {
                if (!one.strip().startsWith(prefix)) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public @Nullable String field() {
            return nameOf(operand);
        }
    }

    /** {@code content-length-range}: held against the file when that is read. */
    record Length(SizeRange sizes) implements PolicyCondition {
        @Override
        public String text() {
            return "[\"content-length-range\", " + sizes.min() + ", " + sizes.max() + "]";
        }

        @Override
        public boolean holds(Map<String, String> fields) {
            return true;
        }

        @Override
        public @Nullable String field() {
            return null;
        }
    }

    /** What nothing meets. */
    record Never(String text) implements PolicyCondition {
        @Override
        public boolean holds(Map<String, String> fields) {
            return false;
        }

        @Override
        public @Nullable String field() {
            return null;
        }
    }

    private static @Nullable String nameOf(String operand) {
        return operand.startsWith("$") ? operand.substring(1).toLowerCase(Locale.ROOT) : null;
    }

    static String list(String... texts) {
        StringBuilder list = new StringBuilder("[");
        for (String text : texts) {
            list.append(list.length() == 1 ? "\"" : ", \"");
            list.append(text.replace("\\", "\\\\").replace("\"", "\\\"")).append('"');
        }
        return list.append(']').toString();
    }
}
