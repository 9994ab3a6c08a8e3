package io.coffer.common.id;

import java.util.HexFormat;

/**
 * A version of an object by its place in time: the hybrid logical clock of its bucket group, in microseconds since 1970,
 * strictly ascending per key. The text form, 32 characters, is what S3's answers carry for a version that is not the null
 * version; whether a version is the null version is a property of {@code ObjectVersion}.
 */
public record VersionId(long sequence) implements Comparable<VersionId> {
    private static final String PREFIX = "cv10000000000000";

    public VersionId {
        if (sequence <= 0) {
            throw new IllegalArgumentException("version sequence must be positive: " + sequence);
        }
    }

    /**
     * Parses the text form.
     *
     * @throws IllegalArgumentException if {@code text} was never made by {@link #toString}
     */
    public static VersionId parse(String text) {
        if (text.length() != 32 || !text.startsWith(PREFIX)) {
            throw new IllegalArgumentException("not a version id");
        }
        VersionId id = new VersionId(HexFormat.fromHexDigitsToLong(text, 16, 32));
        if (!id.toString().equals(text)) {
            throw new IllegalArgumentException("not a version id");
        }
        return id;
    }

    @Override
    public int compareTo(VersionId other) {
        return Long.compare(sequence, other.sequence);
    }

    @Override
    public String toString() {
        return PREFIX + HexFormat.of().toHexDigits(sequence);
    }
}
