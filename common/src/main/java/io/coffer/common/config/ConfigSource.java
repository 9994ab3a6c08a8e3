package io.coffer.common.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.coffer.common.io.RealFileSystem;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Map;
import java.util.Set;

/**
 * Where configuration comes from.
 *
 * @param name of the file, for messages
 * @param yaml its content; empty for no file
 * @param environment the variables; those that begin with {@link #VARIABLE_PREFIX} count, and override the file
 * @param otherVariables those with the prefix that mean something else
 */
public record ConfigSource(String name, String yaml, Map<String, String> environment, Set<String> otherVariables) {
    public static final String VARIABLE_PREFIX = "COFFER_";

    /** No configuration people write is longer, and what is longer isn't configuration. */
    private static final int MAX_FILE_BYTES = 1024 * 1024;

    public ConfigSource {
        environment = Map.copyOf(environment);
        otherVariables = Set.copyOf(otherVariables);
    }

    public static ConfigSource ofEnvironment(Map<String, String> environment, Set<String> otherVariables) {
        return new ConfigSource("configuration", "", environment, otherVariables);
    }

    public static ConfigSource ofFile(String path, Map<String, String> environment, Set<String> otherVariables)
            throws ConfigException {
        File file = new File(path).getAbsoluteFile();
        String directory = file.getParent();
        if (directory == null) {
            throw new ConfigException(path + " is no file");
        }
        try {
            byte[] content = RealFileSystem.at(directory).readSmall(file.getName(), MAX_FILE_BYTES);
            return new ConfigSource(path, new String(content, UTF_8), environment, otherVariables);
        } catch (FileNotFoundException e) {
            throw new ConfigException("no configuration file " + path);
        } catch (IOException e) {
            throw new ConfigException("can't read the configuration: " + e.getMessage());
        }
    }
}
