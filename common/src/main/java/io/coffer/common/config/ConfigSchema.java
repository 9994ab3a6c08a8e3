package io.coffer.common.config;

import io.coffer.common.unit.Durations;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The keys of a configuration record and of its sections. */
public final class ConfigSchema {
    private final List<ConfigKey> keys;

    private ConfigSchema(List<ConfigKey> keys) {
        this.keys = List.copyOf(keys);
    }

    /** @throws IllegalArgumentException if two keys would share a variable */
    public static ConfigSchema of(Class<? extends Record> type) {
        List<ConfigKey> keys = new ArrayList<>();
        collect(type, "", ConfigSource.VARIABLE_PREFIX, defaultsOf(type), keys);
        Set<String> variables = new HashSet<>();
        for (ConfigKey key : keys) {
            if (!key.variable().isEmpty() && !variables.add(key.variable())) {
                throw new IllegalArgumentException("two keys have the variable " + key.variable());
            }
        }
        return new ConfigSchema(keys);
    }

    public List<ConfigKey> keys() {
        return keys;
    }

    private static void collect(
            Class<?> type, String path, String variable, @Nullable Object defaults, List<ConfigKey> keys) {
        for (RecordComponent component : type.getRecordComponents()) {
            String key = path + keyOf(component);
            String name = variable.isEmpty() ? "" : variable + variableOf(component);
            Object value = defaults == null ? null : valueOf(component, defaults);
            Class<?> element = elementOf(component.getGenericType());
            if (!element.isRecord() || ValueParser.canParse(element)) {
                keys.add(new ConfigKey(key, name, print(value)));
            } else if (component.getType() == List.class) {
                collect(element, key + "[].", "", defaultsOf(element), keys);
            } else {
                Object inner = value == null || value instanceof Optional ? defaultsOf(element) : value;
                collect(element, key + ".", name.isEmpty() ? "" : name + "_", inner, keys);
            }
        }
    }

    private static String print(@Nullable Object value) {
        return switch (value) {
            case null -> "";
            case Optional<?> optional -> print(optional.orElse(null));
            case List<?> list -> list.stream().map(ConfigSchema::print).collect(Collectors.joining(", "));
            case Duration duration -> Durations.print(duration);
            case Enum<?> constant -> ValueParser.nameOf(constant);
            default -> value.toString();
        };
    }

    /** {@code maxHeadBytes} is {@code max-head-bytes}. */
    static String keyOf(RecordComponent component) {
        StringBuilder key = new StringBuilder();
        for (char c : component.getName().toCharArray()) {
            if (Character.isUpperCase(c)) {
                key.append('-').append(Character.toLowerCase(c));
            } else {
                key.append(c);
            }
        }
        return key.toString();
    }

    static String variableOf(RecordComponent component) {
        return keyOf(component).replace('-', '_').toUpperCase(Locale.ROOT);
    }

    /** What a list or optional holds; anything else is its own element. */
    static Class<?> elementOf(Type type) {
        return switch (type) {
            case Class<?> plain -> plain;
            case ParameterizedType generic
            when isContainer(generic.getRawType()) -> elementOf(generic.getActualTypeArguments()[0]);
            default -> throw new IllegalArgumentException("a configuration can't hold a " + type);
        };
    }

    private static boolean isContainer(Type type) {
        return type == List.class || type == Optional.class;
    }

    /** What the constructor without parameters makes; null when there is none. */
    static @Nullable Object defaultsOf(Class<?> type) {
        try {
            var constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
            return constructor.newInstance();
        } catch (NoSuchMethodException e) {
            return null;
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(type + " has no usable defaults", e);
        }
    }

    static @Nullable Object valueOf(RecordComponent component, Object record) {
        try {
            var accessor = component.getAccessor();
            accessor.setAccessible(true);
            return accessor.invoke(record);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalArgumentException("can't read " + component, e);
        }
    }
}
