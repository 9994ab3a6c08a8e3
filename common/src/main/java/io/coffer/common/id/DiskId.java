package io.coffer.common.id;

import java.util.UUID;

/** A disk, named by the identity file at its root. */
public record DiskId(UUID value) {
    /** Parses the canonical text form of a UUID. */
    public static DiskId parse(String text) {
        return new DiskId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
