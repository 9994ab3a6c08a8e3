package io.coffer.gateway.placement;

import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.cluster.Disk;
import io.coffer.common.cluster.Member;
import io.coffer.common.cluster.ProtectionScheme;
import io.coffer.common.cluster.Volume;
import io.coffer.common.id.DiskId;
import java.util.HashSet;
import java.util.Set;

/**
 * How many bytes of objects a protection policy has room for: those of the disks that its volumes are on, divided by what the scheme
 * stores of each byte.
 *
 * @param total of disks that work
 * @param free of those that take writes
 */
public record UsableSpace(long total, long free) {

    public static UsableSpace of(ClusterMap map, String policy) {
        long total = 0;
        long free = 0;
        ProtectionScheme scheme = null;
        Set<DiskId> counted = new HashSet<>();
        for (Volume volume : map.volumes().values()) {
            if (!volume.policy().equals(policy)) {
                continue;
            }
            scheme = volume.scheme();
            for (Member member : volume.members()) {
                Disk disk = map.disks().get(member.disk());
                if (disk == null || disk.state() == Disk.State.FAILED || !counted.add(disk.id())) {
                    continue;
                }
                total += disk.totalBytes();
                free += disk.state() == Disk.State.HEALTHY ? disk.freeBytes() : 0;
            }
        }
        return scheme == null ? new UsableSpace(0, 0) : new UsableSpace(objects(total, scheme), objects(free, scheme));
    }

    /** Bytes of objects that so many bytes of disks hold. */
    private static long objects(long bytes, ProtectionScheme scheme) {
        return switch (scheme) {
            case ProtectionScheme.Replicated(int copies) -> bytes / copies;
            case ProtectionScheme.ErasureCoded(int data, int parity) -> bytes / (data + parity) * data;
        };
    }

    public long used() {
        return total - free;
    }
}
