package io.coffer.common.config;

import io.coffer.common.config.ConfigNode.Mapping;
import io.coffer.common.config.ConfigNode.Nothing;
import io.coffer.common.config.ConfigNode.Scalar;
import io.coffer.common.config.ConfigNode.Sequence;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Puts nodes and variables into records. */
final class RecordBinder {
    private final String file;
    private final Map<String, String> environment;

    RecordBinder(String file, Map<String, String> environment) {
        this.file = file;
        this.environment = environment;
    }

    /**
     * Where a component is.
     *
     * @param path of its section, with a dot at the end unless it is the root
     * @param variable the beginning of its variables; empty where none can set it
     */
    private record Section(String path, String variable) {
        Section inner(RecordComponent component) {
            return new Section(path(component) + ".", variable.isEmpty() ? "" : variable(component) + "_");
        }

        String path(RecordComponent component) {
            return path + ConfigSchema.keyOf(component);
        }

        String variable(RecordComponent component) {
            return variable.isEmpty() ? "" : variable + ConfigSchema.variableOf(component);
        }
    }

    <R extends Record> R bind(Class<R> type, Mapping root) throws ConfigException {
        return type.cast(
                record(type, root, new Section("", ConfigSource.VARIABLE_PREFIX), ConfigSchema.defaultsOf(type)));
    }

    private Object record(Class<?> type, @Nullable ConfigNode node, Section section, @Nullable Object defaults)
            throws ConfigException {
        Map<String, ConfigNode> entries = entries(node, section);
        refuseUnknown(type, entries, section);
        RecordComponent[] components = type.getRecordComponents();
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            Object fallback = defaults == null ? null : ConfigSchema.valueOf(components[i], defaults);
            values[i] = component(components[i], entries.get(ConfigSchema.keyOf(components[i])), section, fallback);
        }
        return construct(type, values, node, section);
    }

    private Map<String, ConfigNode> entries(@Nullable ConfigNode node, Section section) throws ConfigException {
        return switch (node) {
            case null -> Map.of();
            case Nothing nothing -> Map.of();
            case Mapping mapping -> mapping.entries();
            case Scalar scalar -> throw refusal(scalar, name(section) + " is a section of keys, not one value");
            case Sequence list -> throw refusal(list, name(section) + " is a section of keys, not a list");
        };
    }

    private static String name(Section section) {
        return section.path.substring(0, Math.max(0, section.path.length() - 1));
    }

    private void refuseUnknown(Class<?> type, Map<String, ConfigNode> entries, Section section) throws ConfigException {
        List<String> known =
                Arrays.stream(type.getRecordComponents()).map(section::path).toList();
        for (Map.Entry<String, ConfigNode> entry : entries.entrySet()) {
            String path = section.path + entry.getKey();
            if (!known.contains(path)) {
                throw refusal(entry.getValue(), "unknown key " + path + Nearest.hint(path, known));
            }
        }
    }

    private Object component(
            RecordComponent component, @Nullable ConfigNode node, Section section, @Nullable Object fallback)
            throws ConfigException {
        Class<?> element = ConfigSchema.elementOf(component.getGenericType());
        boolean isValue = ValueParser.canParse(element);
        if (component.getType() == List.class) {
            return list(component, element, node, section, fallback);
        }
        if (component.getType() == Optional.class) {
            boolean given = node != null || isSetByVariable(component, section, isValue);
            Optional<?> otherwise = fallback instanceof Optional<?> value ? value : Optional.empty();
            return given ? Optional.of(single(component, element, node, section, otherwise.orElse(null))) : otherwise;
        }
        return single(component, element, node, section, fallback);
    }

    private boolean isSetByVariable(RecordComponent component, Section section, boolean isValue) {
        String variable = section.variable(component);
        return isValue
                ? environment.containsKey(variable)
                : !variable.isEmpty()
                        && environment.keySet().stream().anyMatch(name -> name.startsWith(variable + "_"));
    }

    private Object single(
            RecordComponent component,
            Class<?> type,
            @Nullable ConfigNode node,
            Section section,
            @Nullable Object fallback)
            throws ConfigException {
        if (!ValueParser.canParse(type)) {
            Object defaults = fallback == null ? ConfigSchema.defaultsOf(type) : fallback;
            return record(type, node, section.inner(component), defaults);
        }
        String variable = section.variable(component);
        String fromEnvironment = environment.get(variable);
        if (fromEnvironment != null) {
            return fromVariable(type, variable, fromEnvironment);
        }
        if (node != null) {
            return value(type, node, section.path(component));
        }
        if (fallback == null) {
            throw new ConfigException(file + ": " + section.path(component) + " is missing"
                    + (variable.isEmpty() ? "" : " (or the variable " + variable + ")"));
        }
        return fallback;
    }

    private List<Object> list(
            RecordComponent component,
            Class<?> element,
            @Nullable ConfigNode node,
            Section section,
            @Nullable Object fallback)
            throws ConfigException {
        List<Object> values = new ArrayList<>();
        String variable = section.variable(component);
        String fromEnvironment = ValueParser.canParse(element) ? environment.get(variable) : null;
        String path = section.path(component);
        if (fromEnvironment != null) {
            for (String item : fromEnvironment.isBlank() ? new String[0] : fromEnvironment.split(",", -1)) {
                values.add(fromVariable(element, variable, item.strip()));
            }
        } else if (node instanceof Sequence sequence) {
            for (ConfigNode item : sequence.items()) {
                values.add(item(element, item, path));
            }
        } else if (node != null) {
            throw refusal(node, path + " is a list: each item on a line of its own behind '- '");
        } else if (fallback instanceof List<?> defaults) {
            values.addAll(defaults);
        }
        return List.copyOf(values);
    }

    private Object item(Class<?> element, ConfigNode item, String path) throws ConfigException {
        return ValueParser.canParse(element)
                ? value(element, item, path)
                : record(element, item, new Section(path + "[].", ""), ConfigSchema.defaultsOf(element));
    }

    private Object value(Class<?> type, ConfigNode node, String path) throws ConfigException {
        if (!(node instanceof Scalar scalar)) {
            throw refusal(node, path + (node instanceof Nothing ? " has no value" : " is one value"));
        }
        try {
            return ValueParser.parse(type, scalar.text());
        } catch (IllegalArgumentException e) {
            throw refusal(node, path + ": " + e.getMessage());
        }
    }

    private static Object fromVariable(Class<?> type, String variable, String text) throws ConfigException {
        try {
            return ValueParser.parse(type, text);
        } catch (IllegalArgumentException e) {
            throw new ConfigException("variable " + variable + ": " + e.getMessage());
        }
    }

    private Object construct(Class<?> type, Object[] values, @Nullable ConfigNode node, Section section)
            throws ConfigException {
        Class<?>[] parameters = Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        try {
            var constructor = type.getDeclaredConstructor(parameters);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException refused) {
                String where = section.path.isEmpty() ? "" : name(section) + ": ";
                throw node == null
                        ? new ConfigException(file + ": " + where + refused.getMessage())
                        : refusal(node, where + refused.getMessage());
            }
            throw new IllegalStateException("can't make a " + type, e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("can't make a " + type, e);
        }
    }

    private ConfigException refusal(ConfigNode node, String problem) {
        return new ConfigException(file + ":" + node.line() + ": " + problem);
    }
}
