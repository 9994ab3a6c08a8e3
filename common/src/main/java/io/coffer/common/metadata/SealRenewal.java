package io.coffer.common.metadata;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Other seals for one row's runs: of the same data keys, wrapped anew.
 *
 * @param row its key, as {@link SealedRow} names it
 * @param seals at least one
 */
public record SealRenewal(SealTable table, ByteBuffer row, List<Pair> seals) {
    public SealRenewal {
        row = row.asReadOnlyBuffer();
        seals = List.copyOf(seals);
    }

    /**
     * A seal and what takes its place.
     *
     * @param before all of its bytes must be what is there
     */
    public record Pair(Seal before, Seal after) {}
}
