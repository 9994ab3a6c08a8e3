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
import java.util.Optional;

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
    private final DiskChoice choice;
    private final Map<DiskId, Integer> firsts = new HashMap<>();
    private int volumes;

    private VolumePlan(ClusterMap map, String policy, ProtectionScheme scheme) {
        this.policy = policy;
        this.scheme = scheme;
        this.choice = new DiskChoice(map);
        for (Volume volume : map.volumes().values()) {
            if (volume.policy().equals(policy) && volume.state() == Volume.State.OPEN) {
                count(volume.members());
            }
        }
    }

    private void count(List<Member> members) {
        volumes++;
        firsts.merge(members.getFirst().disk(), 1, Integer::sum);
        choice.count(members);
    }

    /** The volumes to create, in order, at most so many; none while too few disks are there for one. */
    static List<Volume> missing(ClusterMap map, String policy, ProtectionScheme scheme, int limit) {
        return new VolumePlan(map, policy, scheme).missing(limit);
    }

    private List<Volume> missing(int limit) {
        List<Disk> disks = choice.usable();
        List<Volume> missing = new ArrayList<>();
        if (disks.size() < scheme.width()) {
            return missing;
        }
        int wanted = Math.max(MIN_VOLUMES, VOLUMES_PER_DISK * disks.size());
        int share = wanted * scheme.width() / disks.size();
        while (missing.size() < limit && (volumes < wanted || leastUsed() < share)) {
            Optional<Volume> next = next();
            if (next.isEmpty()) {
                break;
            }
            missing.add(next.get());
            count(next.get().members());
        }
        return missing;
    }

    private int leastUsed() {
        return choice.usable().stream()
                .mapToInt(disk -> choice.memberships(disk.id()))
                .min()
                .orElse(0);
    }

    /** The least used disk and those that go best with it. */
    private Optional<Volume> next() {
        List<DiskId> chosen = new ArrayList<>();
        List<Member> members = new ArrayList<>();
        while (members.size() < scheme.width()) {
            Optional<Disk> disk = choice.next(scheme.width(), chosen, candidate -> true);
            if (disk.isEmpty()) {
                return Optional.empty();
            }
            chosen.add(disk.get().id());
            members.add(new Member(disk.get().node(), disk.get().id()));
        }
        // Writers take turns by the first member.
        members.sort(Comparator.comparingInt(member -> firsts.getOrDefault(member.disk(), 0)));
        return Optional.of(new Volume(UNNUMBERED, 1, policy, scheme, Volume.State.OPEN, members));
    }
}
