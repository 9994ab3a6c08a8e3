package io.coffer.metaserver.model;

import io.coffer.common.id.VolumeId;

/**
 * An extent that this group was the first to commit.
 *
 * @param length bytes of the whole extent
 * @param references runs that lie in it; at 0 it is on the reclaim queue
 * @param dueMillis where on the queue; 0 while it is referenced
 */
public record StoredExtent(VolumeId volume, long length, long references, long dueMillis) {
    public StoredExtent {
        if (references < 0 || references > 0 && dueMillis != 0) {
            throw new IllegalArgumentException("an extent with " + references + " references, due " + dueMillis);
        }
    }
}
