package io.coffer.common.unit;

/** A run of bytes within something longer; may be empty. */
public record ByteRange(long offset, long length) {
    public ByteRange {
        if (offset < 0 || length < 0 || offset > Long.MAX_VALUE - length) {
            throw new IllegalArgumentException("range of " + length + " bytes at " + offset);
        }
    }

    /** @param end the first byte behind it */
    public static ByteRange between(long offset, long end) {
        return new ByteRange(offset, end - offset);
    }

    /** @param last the last byte in it, as HTTP counts */
    public static ByteRange inclusive(long first, long last) {
        return new ByteRange(first, last - first + 1);
    }

    /** The first byte behind it. */
    public long end() {
        return offset + length;
    }

    /** The last byte in it, as HTTP counts; it must not be empty. */
    public long last() {
        if (length == 0) {
            throw new IllegalStateException("an empty range has no last byte");
        }
        return end() - 1;
    }

    public boolean isEmpty() {
        return length == 0;
    }

    public boolean contains(ByteRange other) {
        return other.offset >= offset && other.end() <= end();
    }

    /** What both have; empty, at the later of the two offsets, where they don't overlap. */
    public ByteRange intersection(ByteRange other) {
        long from = Math.max(offset, other.offset);
        return new ByteRange(from, Math.max(0, Math.min(end(), other.end()) - from));
    }

    /** The same bytes counted from another origin, which must not lie behind the offset. */
    public ByteRange relativeTo(long origin) {
        return new ByteRange(offset - origin, length);
    }
}
