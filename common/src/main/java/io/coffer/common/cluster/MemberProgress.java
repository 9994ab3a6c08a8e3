package io.coffer.common.cluster;

import io.coffer.common.id.VolumeId;

/**
 * How far a member that is behind has come.
 *
 * @param copiedBytes by the comparison under way
 * @param leftBytes that it still lacks, or {@link #UNKNOWN}
 */
public record MemberProgress(VolumeId volume, int index, long copiedBytes, long leftBytes) {
    /** Nobody has counted yet. */
    public static final long UNKNOWN = -1;
}
