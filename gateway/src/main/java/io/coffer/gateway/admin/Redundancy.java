package io.coffer.gateway.admin;

import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.cluster.MetadataGroup;
import io.coffer.common.cluster.Node;
import io.coffer.common.cluster.RepairStatus;
import io.coffer.common.id.GroupId;
import java.util.Set;

/** Whether another loss can be borne, in one word. */
enum Redundancy {
    /** Everything has all its copies. */
    WHOLE,
    /** Copies are missing; everything goes on, and is being brought back. */
    DEGRADED,
    /** So many are missing that some volumes or metadata groups take no writes; they can be read once their members are back, if not now. */
    AT_RISK,
    /** Something that was stored can't be read now. */
    UNAVAILABLE;

    /**
     * Of volumes and metadata groups, whichever is worse.
     *
     * @param silent metadata groups that don't answer now
     */
    static Redundancy of(ClusterMap map, RepairStatus volumes, Set<GroupId> silent) {
        if (!silent.isEmpty()) {
            return UNAVAILABLE;
        }
        Redundancy worst = ofVolumes(volumes);
        long metaservers = map.nodes().values().stream()
                .filter(node -> node.role() == Node.Role.METASERVER)
                .count();
        for (MetadataGroup group : map.groups().values()) {
            Redundancy one = ofGroup(map, group, metaservers);
            worst = one.compareTo(worst) > 0 ? one : worst;
        }
        return worst;
    }

    static Redundancy ofVolumes(RepairStatus status) {
        if (status.unavailable() > 0) {
            return UNAVAILABLE;
        }
        if (status.atRisk() > 0) {
            return AT_RISK;
        }
        return status.isWhole() ? WHOLE : DEGRADED;
    }

    private static Redundancy ofGroup(ClusterMap map, MetadataGroup group, long metaservers) {
        int members = group.members().size();
        long up = group.members().stream()
                .filter(id -> {
                    Node node = map.nodes().get(id);
                    return node != null && node.state() == Node.State.UP;
                })
                .count();
        if (up < members / 2 + 1) {
            return AT_RISK;
        }
        // Who isn't taken in yet has no vote that would be missing, and most of those who vote have all that was
        // committed.
        return up == members && group.behind().isEmpty() && members >= Math.min(MetadataGroup.FULL_SIZE, metaservers)
                ? WHOLE
                : DEGRADED;
    }
}
