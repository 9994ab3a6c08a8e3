package io.coffer.common.config;

import java.util.List;
import java.util.Map;

/** A piece of a configuration file, with the line it is on. */
sealed interface ConfigNode {
    int line();

    record Scalar(int line, String text) implements ConfigNode {}

    /** A key with nothing behind it. */
    record Nothing(int line) implements ConfigNode {}

    record Sequence(int line, List<ConfigNode> items) implements ConfigNode {}

    record Mapping(int line, Map<String, ConfigNode> entries) implements ConfigNode {}
}
