package io.coffer.dataserver;

import io.coffer.common.id.DiskId;
import java.util.Optional;

/**
 * A directory to use as a disk.
 *
 * @param expected the disk that is known to be there; without it, an empty or absent directory becomes a new disk
 */
public record DiskConfig(String path, Optional<DiskId> expected) {
    public static DiskConfig of(String path) {
        return new DiskConfig(path, Optional.empty());
    }
}
