package io.coffer.common.config;

import io.coffer.common.unit.Durations;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** One value, from text. */
final class ValueParser {
    private ValueParser() {}

    /** Whether the type is a value of its own rather than a section. */
    static boolean canParse(Class<?> type) {
        return type == String.class
                || type == Duration.class
                || type == boolean.class
                || type == Boolean.class
                || type == int.class
                || type == Integer.class
                || type == long.class
                || type == Long.class
                || type == double.class
                || type == Double.class
                || type.isEnum()
                || hasParse(type);
    }

    /** @throws IllegalArgumentException with a message that says what would have been right */
    static Object parse(Class<?> type, String text) {
        if (type == String.class) {
            return text;
        }
        if (type == Duration.class) {
            return Durations.parse(text);
        }
        if (type == boolean.class || type == Boolean.class) {
            return bool(text);
        }
        if (type.isEnum()) {
            return constant(type, text);
        }
        return type.isPrimitive() || Number.class.isAssignableFrom(type) ? number(type, text) : byParse(type, text);
    }

    private static boolean bool(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("'" + text + "' is neither true nor false");
        };
    }

    private static Object number(Class<?> type, String text) {
        try {
            if (type == int.class || type == Integer.class) {
                return Integer.valueOf(text);
            }
            if (type == long.class || type == Long.class) {
                return Long.valueOf(text);
            }
            if (type == double.class || type == Double.class) {
                return Double.valueOf(text);
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is not a number, or too large", e);
        }
        throw new IllegalArgumentException("a configuration can't hold a " + type);
    }

    private static Object constant(Class<?> type, String text) {
        for (Object constant : type.getEnumConstants()) {
            if (nameOf((Enum<?>) constant).equals(text)) {
                return constant;
            }
        }
        String known = Arrays.stream(type.getEnumConstants())
                .map(constant -> nameOf((Enum<?>) constant))
                .collect(Collectors.joining(", "));
        throw new IllegalArgumentException("'" + text + "' is none of " + known);
    }

    /** {@code READ_ONLY} is {@code read-only}. */
    static String nameOf(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static boolean hasParse(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods()).anyMatch(method -> isParse(type, method));
    }

    private static boolean isParse(Class<?> type, Method method) {
        return method.getName().equals("parse")
                && Modifier.isStatic(method.getModifiers())
                && Modifier.isPublic(method.getModifiers())
                && method.getReturnType() == type
                && Arrays.equals(method.getParameterTypes(), new Class<?>[] {String.class});
    }

    private static Object byParse(Class<?> type, String text) {
        try {
            Method parse = type.getDeclaredMethod("parse", String.class);
            parse.setAccessible(true);
            return parse.invoke(null, text);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException refused) {
                throw refused;
            }
            throw new IllegalArgumentException("'" + text + "' can't be read", e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("a configuration can't hold a " + type, e);
        }
    }
}
