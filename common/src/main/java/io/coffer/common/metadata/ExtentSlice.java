package io.coffer.common.metadata;

import io.coffer.common.id.ExtentId;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.VolumeId;

/**
 * A run of bytes inside an extent.
 *
 * @param owner the bucket group that keeps the extent's reference count: the one that first committed it
 * @param extentLength bytes of the whole extent
 * @param offset of the first byte inside the extent
 * @param length bytes, at least 1
 * @param seal of the extent; an encrypted one is longer than the bytes in it, whose tags follow them
 */
public record ExtentSlice(
        ExtentId extent, VolumeId volume, GroupId owner, long extentLength, long offset, long length, Seal seal) {
    public ExtentSlice {
        if (offset < 0 || length < 1 || offset > extentLength - length) {
            throw new IllegalArgumentException("slice " + offset + "+" + length + " of " + extentLength);
        }
    }

    /** Bytes that aren't encrypted. */
    public ExtentSlice(ExtentId extent, VolumeId volume, GroupId owner, long extentLength, long offset, long length) {
        this(extent, volume, owner, extentLength, offset, length, Seal.NONE);
    }

    public ExtentSlice withSeal(Seal now) {
        return new ExtentSlice(extent, volume, owner, extentLength, offset, length, now);
    }

    /** The part of this slice that starts {@code skip} bytes in and has {@code take} bytes. */
    public ExtentSlice cut(long skip, long take) {
        return new ExtentSlice(extent, volume, owner, extentLength, offset + skip, take, seal);
    }
}
