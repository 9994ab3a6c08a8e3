package io.coffer.common.config;

import io.coffer.common.config.ConfigNode.Mapping;
import io.coffer.common.config.ConfigNode.Nothing;
import io.coffer.common.config.ConfigNode.Scalar;
import io.coffer.common.config.ConfigNode.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.dataformat.yaml.YAMLFactory;

/** YAML text to nodes. Scalars stay text: what they mean is up to the record they go into. */
final class YamlReader {
    private final String name;
    private final JsonParser parser;

    private YamlReader(String name, JsonParser parser) {
        this.name = name;
        this.parser = parser;
    }

    static Mapping read(String name, String yaml) throws ConfigException {
        if (yaml.isBlank()) {
            return new Mapping(1, Map.of());
        }
        try (JsonParser parser = YAMLFactory.builder().build().createParser(ObjectReadContext.empty(), yaml)) {
            return new YamlReader(name, parser).document();
        } catch (JacksonException e) {
            int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
            String problem = e.getOriginalMessage().lines().findFirst().orElse("");
            throw new ConfigException(name + ":" + line + ": not YAML: " + problem);
        }
    }

    private Mapping document() throws ConfigException {
        JsonToken first = parser.nextToken();
        if (first == null) {
            return new Mapping(1, Map.of()); // comments only
        }
        ConfigNode root = node(first);
        if (parser.nextToken() != null) {
            throw new ConfigException(name + ":" + line() + ": more than one document");
        }
        return switch (root) {
            case Mapping mapping -> mapping;
            case Nothing nothing -> new Mapping(nothing.line(), Map.of());
            case Scalar scalar -> throw notMapping(scalar.line());
            case Sequence sequence -> throw notMapping(sequence.line());
        };
    }

    private ConfigException notMapping(int line) {
        return new ConfigException(name + ":" + line + ": not a list of 'key: value' lines");
    }

    private ConfigNode node(JsonToken token) throws ConfigException {
        int line = line();
        return switch (token) {
            case START_OBJECT -> mapping(line);
            case START_ARRAY -> sequence(line);
            case VALUE_NULL -> new Nothing(line);
            default -> new Scalar(line, parser.getString());
        };
    }

    private Mapping mapping(int line) throws ConfigException {
        Map<String, ConfigNode> entries = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            int keyLine = line();
            if (entries.put(key, node(parser.nextToken())) != null) {
                throw new ConfigException(name + ":" + keyLine + ": '" + key + "' is there twice");
            }
        }
        return new Mapping(line, entries);
    }

    private Sequence sequence(int line) throws ConfigException {
        List<ConfigNode> items = new ArrayList<>();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            items.add(node(token));
        }
        return new Sequence(line, items);
    }

    private int line() {
        return parser.currentTokenLocation().getLineNr();
    }
}
