package io.coffer.gateway.placement;

import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.cluster.Disk;
import io.coffer.common.cluster.Member;
import io.coffer.common.cluster.Volume;
import io.coffer.common.id.DiskId;
import io.coffer.common.id.VolumeId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Chooses the volume of a new extent. Writers share few volumes at a time, so that one fsync serves many of them, and every
 * disk gets its turn: volumes are grouped by their first disk, groups take turns by extent, and inside a group the volume
 * changes with time.
 */
public final class VolumePlacement {
    /** How long the writers of a group stay with one volume. */
    static final long TURN_MILLIS = 16_000;

    private VolumePlacement() {}

    /**
     * An open volume of the policy.
     *
     * @param refused volumes that have failed this extent already
     * @param turn rises with every extent
     * @return empty if no volume has enough healthy members for its write quorum
     */
    public static Optional<Volume> choose(
            ClusterMap map, String policy, Set<VolumeId> refused, long turn, long nowMillis) {
        List<Volume> whole = new ArrayList<>();
        List<Volume> degraded = new ArrayList<>();
        for (Volume volume : map.volumes().values()) {
            if (volume.state() != Volume.State.OPEN
                    || !volume.policy().equals(policy)
                    || refused.contains(volume.id())) {
                continue;
            }
            int healthy = healthyMembers(map, volume);
            if (healthy == volume.scheme().width()) {
                whole.add(volume);
            } else if (healthy >= volume.scheme().writeQuorum()) {
                degraded.add(volume);
            }
        }
        List<Volume> candidates = whole.isEmpty() ? degraded : whole;
        if (candidates.isEmpty()) {
            return Optional.empty();
        }
        Map<DiskId, List<Volume>> groups = new TreeMap<>(Comparator.comparing(DiskId::value));
        for (Volume volume : candidates) {
            groups.computeIfAbsent(volume.members().getFirst().disk(), disk -> new ArrayList<>())
                    .add(volume);
        }
        List<Volume> group = List.copyOf(groups.values()).get((int) Math.floorMod(turn, (long) groups.size()));
        return Optional.of(
                group.stream().sorted(Comparator.comparing(Volume::id)).toList().get((int)
                        Math.floorMod(nowMillis / TURN_MILLIS, (long) group.size())));
    }

    /** The order in which to try the members of a volume for a read: healthy disks first, by turns. */
    public static List<Integer> readOrder(ClusterMap map, Volume volume, long turn) {
        int width = volume.members().size();
        List<Integer> order = new ArrayList<>(width);
        List<Integer> last = new ArrayList<>();
        for (int i = 0; i < width; i++) {
            int index = (int) Math.floorMod(turn + i, (long) width);
            if (state(map, volume.members().get(index)) == Disk.State.FAILED) {
                last.add(index);
            } else {
                order.add(index);
            }
        }
        order.addAll(last);
        return order;
    }

    private static int healthyMembers(ClusterMap map, Volume volume) {
        int healthy = 0;
        for (Member member : volume.members()) {
            if (state(map, member) == Disk.State.HEALTHY) {
                healthy++;
            }
        }
        return healthy;
    }

    private static Disk.State state(ClusterMap map, Member member) {
        Disk disk = map.disks().get(member.disk());
        return disk == null ? Disk.State.FAILED : disk.state();
    }
}
