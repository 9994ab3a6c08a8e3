package io.coffer.common.cluster;

import io.coffer.common.id.VolumeId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A member of a volume that something has to happen to before the volume is as it should be.
 *
 * @param index its slot
 * @param spare of its volume, see {@link Exposure}
 */
public record UnsettledMember(VolumeId volume, int index, Member member, State state, int spare) {
    /** What is the matter with it. */
    public enum State {
        /** Its node or disk isn't expected back: the slot waits for another disk. */
        GONE,
        /** Its node doesn't answer; it may come back at any moment. */
        AWAY,
        /** It is there and starts from nothing: everything of the slot is being copied to it. */
        REBUILDING,
        /** It is there and misses what was written while it was not: that is being copied to it. */
        CATCHING_UP
    }

    private static final Comparator<UnsettledMember> MOST_EXPOSED_FIRST = Comparator.comparingInt(
                    UnsettledMember::spare)
            .thenComparing(UnsettledMember::volume)
            .thenComparingInt(UnsettledMember::index);

    /** All of a map, those of the most exposed volumes first. */
    public static List<UnsettledMember> of(ClusterMap map) {
        List<UnsettledMember> unsettled = new ArrayList<>();
        for (Volume volume : map.volumes().values()) {
            int spare = Exposure.of(map, volume).spare();
            for (int index = 0; index < volume.members().size(); index++) {
                Member member = volume.members().get(index);
                if (!member.isCurrent() || !RepairStatus.answers(map, member.place())) {
                    unsettled.add(new UnsettledMember(volume.id(), index, member, state(map, member), spare));
                }
            }
        }
        unsettled.sort(MOST_EXPOSED_FIRST);
        return unsettled;
    }

    private static State state(ClusterMap map, Member member) {
        if (RepairStatus.isGone(map, member.place())) {
            return State.GONE;
        }
        if (!RepairStatus.answers(map, member.place())) {
            return State.AWAY;
        }
        return member.isBehindFromTheStart() ? State.REBUILDING : State.CATCHING_UP;
    }
}
