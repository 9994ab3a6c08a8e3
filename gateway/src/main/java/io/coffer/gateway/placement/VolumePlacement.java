package io.coffer.gateway.placement;

import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.cluster.Disk;
import io.coffer.common.cluster.Member;
import io.coffer.common.cluster.Node;
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
import java.util.function.Predicate;

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
     * Where an extent may go.
     *
     * @param refused volumes that have failed this extent already
     * @param avoided members that take no writes now, whatever the map says
     * @param wholeOnly whether every member has to take it
     */
    public record Request(String policy, Set<VolumeId> refused, Predicate<Member.Place> avoided, boolean wholeOnly) {}

    /**
     * An open volume of the policy: one whose members all take writes and stay, else one whose members all take writes, else one that
     * still has its write quorum.
     *
     * @param turn rises with every extent
     * @return empty if no volume has enough members that take writes
     */
    public static Optional<Volume> choose(ClusterMap map, Request request, long turn, long nowMillis) {
        List<Volume> whole = new ArrayList<>();
        List<Volume> leaving = new ArrayList<>();
        List<Volume> degraded = new ArrayList<>();
        for (Volume volume : map.volumes().values()) {
            if (volume.state() != Volume.State.OPEN
                    || !volume.policy().equals(request.policy())
                    || request.refused().contains(volume.id())) {
                continue;
            }
            int writable = writableMembers(map, volume, request.avoided());
            if (writable == volume.scheme().width()) {
                (isDraining(map, volume) ? leaving : whole).add(volume);
            } else if (writable >= volume.scheme().writeQuorum()) {
                degraded.add(volume);
            }
        }
        List<Volume> candidates = !whole.isEmpty() ? whole : !leaving.isEmpty() ? leaving : degraded;
        if (candidates.isEmpty() || request.wholeOnly() && whole.isEmpty() && leaving.isEmpty()) {
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

    private static int writableMembers(ClusterMap map, Volume volume, Predicate<Member.Place> avoided) {
        int writable = 0;
        for (Member member : volume.members()) {
            Node node = map.nodes().get(member.node());
            Disk disk = map.disks().get(member.disk());
            if (node != null
                    && node.state() == Node.State.UP
                    && disk != null
                    && disk.state() == Disk.State.HEALTHY
                    && !avoided.test(member.place())) {
                writable++;
            }
        }
        return writable;
    }

    private static boolean isDraining(ClusterMap map, Volume volume) {
        for (Member member : volume.members()) {
            Node node = map.nodes().get(member.node());
            if (node != null && node.draining()) {
                return true;
            }
        }
        return false;
    }
}
