package io.coffer.metaserver.background;

import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.cluster.Disk;
import io.coffer.common.cluster.Node;
import io.coffer.common.id.DiskId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** What fails together: every disk's nested domains, from the paths of the nodes. Immutable. */
final class FailureDomains {
    /** Site, rack, host, node, disk: a level is a number, 0 the widest. */
    private static final int LEVELS = 5;

    /** By level, the name of a disk's domain together with those around it. */
    private final Map<DiskId, List<String>> domains = new HashMap<>();

    private final List<Set<String>> expected = Stream.generate(() -> (Set<String>) new HashSet<String>())
            .limit(LEVELS)
            .toList();

    FailureDomains(ClusterMap map) {
        for (Disk disk : map.disks().values()) {
            Node node = map.nodes().get(disk.node());
            List<String> path = path(disk, node == null ? "" : node.location());
            domains.put(disk.id(), path);
            if (node != null && !isGivenUp(node)) {
                for (int level = 0; level < LEVELS; level++) {
                    expected.get(level).add(path.get(level));
                }
            }
        }
    }

    /** An operator says that it won't come back; otherwise volumes wait for it rather than crowd together. */
    private static boolean isGivenUp(Node node) {
        return node.state() == Node.State.LOST && node.draining();
    }

    private static List<String> path(Disk disk, String location) {
        String[] parts = location.split("/", -1);
        String site = part(parts, 0);
        String rack = site + '/' + part(parts, 1);
        String host = rack + '/' + part(parts, 2);
        String node = host + '/' + disk.node();
        return List.of(site, rack, host, node, node + '/' + disk.id());
    }

    private static String part(String[] parts, int index) {
        return index < parts.length ? parts[index] : "";
    }

    /** The widest level with a domain for each of so many members; disks if there is none. */
    int widest(int width) {
        int level = 0;
        while (level < LEVELS - 1 && expected.get(level).size() < width) {
            level++;
        }
        return level;
    }

    /** Whether two disks are in one domain of a level. */
    boolean together(int level, DiskId one, DiskId other) {
        List<String> ones = domains.get(one);
        List<String> others = domains.get(other);
        return ones != null && others != null && ones.get(level).equals(others.get(level));
    }

    /** How many levels two disks share. */
    int shared(DiskId one, DiskId other) {
        int shared = 0;
        while (shared < LEVELS && together(shared, one, other)) {
            shared++;
        }
        return shared;
    }
}
