package io.coffer.metaserver.background;

import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.cluster.Disk;
import io.coffer.common.cluster.Member;
import io.coffer.common.cluster.Node;
import io.coffer.common.cluster.Volume;
import io.coffer.common.id.DiskId;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Chooses disks for members of volumes: in different domains of the widest level that has enough of them, then as far apart as
 * possible, then the least used, then those that share the fewest volumes: the more disks a lost one shares volumes with, the more
 * take part in its repair. Counts what it is told of.
 */
final class DiskChoice {
    private final FailureDomains domains;
    private final List<Disk> usable;
    private final Map<DiskId, Integer> memberships = new HashMap<>();
    private final Map<Set<DiskId>, Integer> together = new HashMap<>();

    DiskChoice(ClusterMap map) {
        this.domains = new FailureDomains(map);
        this.usable = map.disks().values().stream()
                .filter(disk -> isUsable(map, disk))
                .sorted(Comparator.comparing(disk -> disk.id().value()))
                .toList();
    }

    private static boolean isUsable(ClusterMap map, Disk disk) {
        Node node = map.nodes().get(disk.node());
        return disk.state() != Disk.State.FAILED && node != null && node.state() == Node.State.UP && !node.draining();
    }

    /** The disks that new members may be on. */
    List<Disk> usable() {
        return usable;
    }

    /** How many of the members it was told of are on a disk. */
    int memberships(DiskId disk) {
        return memberships.getOrDefault(disk, 0);
    }

    void count(List<Member> members) {
        for (Member member : members) {
            count(member.disk(), members);
        }
    }

    /** Counts one disk more beside the others of a volume. */
    void count(DiskId disk, List<Member> members) {
        memberships.merge(disk, 1, Integer::sum);
        for (Member other : members) {
            if (!other.disk().equals(disk)) {
                together.merge(Set.of(disk, other.disk()), 1, Integer::sum);
            }
        }
    }

    /**
     * The best disk for one more member of a volume.
     *
     * @param width of the volume
     * @param chosen the disks of the other members
     * @param allowed false for disks that mustn't be it
     * @return empty if no disk is far enough from the others
     */
    Optional<Disk> next(int width, Collection<DiskId> chosen, Predicate<Disk> allowed) {
        int level = domains.widest(width);
        return usable.stream()
                .filter(allowed)
                .filter(disk -> chosen.stream().noneMatch(other -> domains.together(level, disk.id(), other)))
                .min(Comparator.<Disk>comparingInt(disk -> nearness(disk, chosen))
                        .thenComparingInt(disk -> memberships(disk.id()))
                        .thenComparingInt(disk -> metBefore(disk, chosen)));
    }

    private int nearness(Disk disk, Collection<DiskId> chosen) {
        return chosen.stream()
                .mapToInt(other -> domains.shared(disk.id(), other))
                .sum();
    }

    private int metBefore(Disk disk, Collection<DiskId> chosen) {
        return chosen.stream()
                .mapToInt(other -> disk.id().equals(other) ? 0 : together.getOrDefault(Set.of(disk.id(), other), 0))
                .sum();
    }

    /** Whether a volume's member can't serve and isn't expected back. */
    static boolean isGone(ClusterMap map, Member member) {
        return isGone(map, member.place());
    }

    static boolean isGone(ClusterMap map, Member.Place place) {
        Node node = map.nodes().get(place.node());
        Disk disk = map.disks().get(place.disk());
        return node == null || node.state() == Node.State.LOST || disk == null || disk.state() == Disk.State.FAILED;
    }

    /** The members of a volume that have everything and aren't gone. */
    static int liveCurrent(ClusterMap map, Volume volume) {
        return (int) volume.members().stream()
                .filter(member -> member.isCurrent() && !isGone(map, member))
                .count();
    }
}
