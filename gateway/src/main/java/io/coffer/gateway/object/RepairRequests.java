package io.coffer.gateway.object;

import io.coffer.common.cluster.Volume;
import io.coffer.common.id.ExtentId;

/** Where readers and writers report a chunk that is missing or damaged on one member, to have it rebuilt from the others. */
@FunctionalInterface
public interface RepairRequests {
    /** @param index the member's position in the volume */
    void report(Volume volume, ExtentId extent, int index);
}
