package io.coffer.metaserver.background;

import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.cluster.Disk;
import io.coffer.common.cluster.Member;
import io.coffer.common.cluster.ProtectionScheme;
import io.coffer.common.cluster.Volume;
import io.coffer.common.id.DiskId;
import io.coffer.common.id.VolumeId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which volumes a policy still needs, so that every disk has its share of them: a pure function of the cluster map. Volumes are
 * only ever added; a new disk gets volumes of its own, together with the least used of the others.
 */
final class VolumePlan {
    /** Enough for writers not to queue behind one another where there are few disks. */
    private static final int MIN_VOLUMES = 4;

    /** Memberships that a disk should have in volumes of width 1; more of them where volumes are wider. */
    private static final int VOLUMES_PER_DISK = 2;

    /** The group numbers volumes by itself. */
    private static final VolumeId UNNUMBERED = new VolumeId(1);

    private final String policy;
    private final ProtectionScheme scheme;
    private final List<Disk> disks;
    private final Map<DiskId, Integer> memberships = new HashMap<>();
    private final Map<DiskId, Integer> firsts = new HashMap<>();
    private final Map<Set<DiskId>, Integer> together = new HashMap<>();
    private int volumes;

    private VolumePlan(ClusterMap map, String policy, ProtectionScheme scheme) {
        this.policy = policy;
        this.scheme = scheme;
        this.disks = map.disks().values().stream()
                .filter(disk -> disk.state() != Disk.State.FAILED)
                .sorted(Comparator.comparing(disk -> disk.id().value()))
                .toList();
        disks.forEach(disk -> memberships.put(disk.id(), 0));
        for (Volume volume : map.volumes().values()) {
            if (volume.policy().equals(policy) && volume.state() == Volume.State.OPEN) {
                count(volume.members());
            }
        }
    }

    private void count(List<Member> members) {
        volumes++;
        firsts.merge(members.getFirst().disk(), 1, Integer::sum);
        for (Member member : members) {
            memberships.computeIfPresent(member.disk(), (id, count) -> count + 1);
            for (Member other : members) {
                if (!member.equals(other)) {
                    together.merge(Set.of(member.disk(), other.disk()), 1, Integer::sum);
                }
            }
        }
    }

    /**
     * The volumes to create, in order.
     *
     * @throws IllegalArgumentException if there are too few disks for one volume
     */
    static List<Volume> missing(ClusterMap map, String policy, ProtectionScheme scheme) {
        VolumePlan plan = new VolumePlan(map, policy, scheme);
        if (plan.disks.size() < scheme.width()) {
            throw new IllegalArgumentException(
                    "policy " + policy + " wants " + scheme.width() + " disks, there are " + plan.disks.size());
        }
        return plan.missing();
    }

    private List<Volume> missing() {
        int wanted = Math.max(MIN_VOLUMES, VOLUMES_PER_DISK * disks.size());
        int share = wanted * scheme.width() / disks.size();
        List<Volume> missing = new ArrayList<>();
        while (missing.size() < Limits.VOLUMES_PER_START && (volumes < wanted || leastUsed() < share)) {
            Volume next = next();
            missing.add(next);
            count(next.members());
        }
        return missing;
    }

    private int leastUsed() {
        return memberships.values().stream().mapToInt(Integer::intValue).min().orElse(0);
    }

    /**
     * The least used disks, on as many nodes as there are, and with partners as varied as possible: the more disks a lost one
     * shares volumes with, the more take part in its repair.
     */
    private Volume next() {
        List<Disk> chosen = new ArrayList<>();
        while (chosen.size() < scheme.width()) {
            chosen.add(disks.stream()
                    .filter(disk -> !chosen.contains(disk))
                    .min(Comparator.<Disk>comparingInt(disk -> onSameNode(disk, chosen))
                            .thenComparingInt(disk -> memberships.getOrDefault(disk.id(), 0))
                            .thenComparingInt(disk -> metBefore(disk, chosen)))
                    .orElseThrow());
        }
        // Readers ask the first member first.
        chosen.sort(Comparator.comparingInt(disk -> firsts.getOrDefault(disk.id(), 0)));
        List<Member> members =
                chosen.stream().map(disk -> new Member(disk.node(), disk.id())).toList();
        return new Volume(UNNUMBERED, 1, policy, scheme, Volume.State.OPEN, members);
    }

    private static int onSameNode(Disk disk, List<Disk> chosen) {
        return (int) chosen.stream()
                .filter(other -> other.node().equals(disk.node()))
                .count();
    }

    private int metBefore(Disk disk, List<Disk> chosen) {
        return chosen.stream()
                .mapToInt(other -> together.getOrDefault(Set.of(disk.id(), other.id()), 0))
                .sum();
    }
}
