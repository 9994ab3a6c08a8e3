package io.coffer.gateway.admin;

import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.cluster.Disk;
import io.coffer.common.cluster.Exposure;
import io.coffer.common.cluster.Member;
import io.coffer.common.cluster.RepairStatus;
import io.coffer.common.cluster.UnsettledMember;
import io.coffer.common.id.DiskId;
import java.util.List;

/**
 * How whole the volumes are, and what is being done about those that aren't.
 *
 * @param redundancy {@link Redundancy} in one word, of the volumes alone
 * @param whole volumes that have all their copies
 * @param degraded volumes that lack copies and take writes all the same
 * @param atRisk volumes that take no writes, and can be read
 * @param unavailable volumes that can't be read, or not all of them
 * @param exposure the volumes by how many members they can still lose, the most exposed first
 * @param membersBehind members that lack something
 * @param membersGone members whose node or disk isn't expected back
 * @param members those that wait for something, of the most exposed volumes first
 * @param moreMembers how many of them the list leaves out
 */
record RepairJson(
        String redundancy,
        int volumes,
        int whole,
        int degraded,
        int atRisk,
        int unavailable,
        int membersBehind,
        int membersGone,
        List<Exposed> exposure,
        List<UnsettledSlot> members,
        int moreMembers) {
    /** More help nobody who reads them; programs that want all have the list of volumes. */
    static final int MAX_MEMBERS = 1000;

    /** @see Exposure */
    record Exposed(int spare, int missing, int volumes) {}

    /**
     * @param node where the slot is now
     * @param from where it was before, while what it had there is still read; else empty
     * @param behindSince from when on it may miss chunks; empty when it has them all, or starts from nothing
     * @param behindSeconds since then; -1 where it is empty
     */
    record UnsettledSlot(
            String volumeId,
            int index,
            int spare,
            String state,
            String node,
            String diskId,
            String path,
            String from,
            String behindSince,
            long behindSeconds) {
        static UnsettledSlot of(ClusterMap map, UnsettledMember unsettled, long nowMillis) {
            Member member = unsettled.member();
            Member.Place previous = member.previous();
            boolean dated = !member.isCurrent() && !member.isBehindFromTheStart();
            return new UnsettledSlot(
                    Long.toString(unsettled.volume().value()),
                    unsettled.index(),
                    unsettled.spare(),
                    unsettled.state().name(),
                    ClusterJson.name(map, member.node()),
                    member.disk().toString(),
                    path(map, member.disk()),
                    previous == null ? "" : ClusterJson.name(map, previous.node()),
                    dated ? ClusterJson.time(member.behindSinceMillis()) : "",
                    dated ? Math.max(0, (nowMillis - member.behindSinceMillis()) / 1000) : -1);
        }

        private static String path(ClusterMap map, DiskId id) {
            Disk disk = map.disks().get(id);
            return disk == null ? "" : disk.path();
        }
    }

    static RepairJson of(ClusterMap map, long nowMillis) {
        // What is left to copy is known to the dataservers alone: each has it among its metrics.
        RepairStatus status = RepairStatus.of(map);
        List<UnsettledMember> unsettled = UnsettledMember.of(map);
        return new RepairJson(
                Redundancy.ofVolumes(status).name(),
                status.volumes(),
                status.healthy(),
                status.degraded(),
                status.atRisk(),
                status.unavailable(),
                status.membersBehind(),
                status.membersGone(),
                Exposure.of(map).stream()
                        .map(alike -> new Exposed(alike.spare(), alike.missing(), alike.volumes()))
                        .toList(),
                unsettled.stream()
                        .limit(MAX_MEMBERS)
                        .map(member -> UnsettledSlot.of(map, member, nowMillis))
                        .toList(),
                Math.max(0, unsettled.size() - MAX_MEMBERS));
    }
}
