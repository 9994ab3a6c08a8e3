package io.coffer.common.metadata;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row that has runs with certain seals.
 *
 * @param row its key; only metaservers look inside
 * @param encryption of the version; null for parts and pieces, which belong to versions and uploads of equal encryption
 * @param seals without repeats
 */
public record SealedRow(ByteBuffer row, @Nullable Encryption encryption, List<Seal> seals) {
    public SealedRow {
        row = row.asReadOnlyBuffer();
        seals = List.copyOf(seals);
    }
}
