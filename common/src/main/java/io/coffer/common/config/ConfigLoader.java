package io.coffer.common.config;

import io.coffer.common.config.ConfigNode.Mapping;
import java.util.List;
import java.util.Map;

/**
 * Loads configuration into a record.
 *
 * <p>A component {@code maxHeadBytes} is the key {@code max-head-bytes}, and in a section {@code s3} the variable
 * {@code COFFER_S3_MAX_HEAD_BYTES}. A component may be a string, boolean, number, enum, {@link java.time.Duration}, a type
 * with a static {@code parse(String)} (such as {@link io.coffer.common.unit.DataSize} and {@link HostPort}), another record (a
 * section), and a list or optional of those. Variables override the file; in them, a list is separated by commas, and lists
 * of sections can't be given.
 *
 * <p>Defaults are what a record's constructor without parameters sets. Without one, every key must be given except lists and
 * optionals. A record's canonical constructor checks the values: its {@link IllegalArgumentException} becomes the message.
 *
 * <p>What it doesn't know it refuses, with one line that names the key and the nearest it knows.
 */
public final class ConfigLoader {

    private ConfigLoader() {}

    public static <R extends Record> R load(Class<R> type, ConfigSource source) throws ConfigException {
        List<ConfigKey> keys = ConfigSchema.of(type).keys();
        refuseUnknownVariables(keys, source);
        Mapping file = YamlReader.read(source.name(), source.yaml());
        return new RecordBinder(source.name(), source.environment()).bind(type, file);
    }

    private static void refuseUnknownVariables(List<ConfigKey> keys, ConfigSource source) throws ConfigException {
        List<String> known = keys.stream().map(ConfigKey::variable).toList();
        for (Map.Entry<String, String> variable : source.environment().entrySet()) {
            String name = variable.getKey();
            if (name.startsWith(ConfigSource.VARIABLE_PREFIX)
                    && !known.contains(name)
                    && !source.otherVariables().contains(name)) {
                throw new ConfigException("unknown variable " + name + Nearest.hint(name, known));
            }
        }
    }
}
