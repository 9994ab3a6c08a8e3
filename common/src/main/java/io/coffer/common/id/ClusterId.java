package io.coffer.common.id;

import java.util.UUID;

/** A cluster, named at its first start; a disk or node of another cluster is refused. */
public record ClusterId(UUID value) {
    /** Parses the canonical text form of a UUID. */
    public static ClusterId parse(String text) {
        return new ClusterId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
