package io.coffer.gateway.json;

import java.util.List;
import java.util.Map;

/** A value of a JSON document. */
public sealed interface Json {
    /** @param members in the order they were written */
    record Members(Map<String, Json> members) implements Json {}

    record Items(List<Json> items) implements Json {}

    record Text(String value) implements Json {}

    /** @param literal as it was written */
    record Numeral(String literal) implements Json {}

    record Flag(boolean value) implements Json {}

    record Nothing() implements Json {}
}
