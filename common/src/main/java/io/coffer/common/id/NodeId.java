package io.coffer.common.id;

import java.util.UUID;

/** A node: one dataserver, gateway or metaserver host identity, made at its first start. */
public record NodeId(UUID value) {
    /** Parses the canonical text form of a UUID. */
    public static NodeId parse(String text) {
        return new NodeId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
