package io.coffer.common.cluster;

import io.coffer.common.id.DiskId;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.NodeId;
import io.coffer.common.id.VolumeId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What changed between two revisions of the cluster map. Immutable.
 *
 * @param from the revision it applies to; 0 if it applies to any, and makes it what it says
 */
public record ClusterMapDelta(
        long from,
        long revision,
        Changes<NodeId, Node> nodes,
        Changes<DiskId, Disk> disks,
        Changes<VolumeId, Volume> volumes,
        Changes<GroupId, MetadataGroup> groups,
        Changes<NodeId, RemovedNode> removed) {
    public ClusterMapDelta {
        if (from < 0 || revision < from) {
            throw new IllegalArgumentException("from revision " + from + " to " + revision);
        }
    }

    /** Entries of one kind that were added or replaced, and those that are gone. */
    public record Changes<K, V>(Map<K, V> changed, Set<K> removed) {
        public Changes {
            changed = Map.copyOf(changed);
            removed = Set.copyOf(removed);
        }

        public static <K, V> Changes<K, V> none() {
            return new Changes<>(Map.of(), Set.of());
        }

        public boolean isEmpty() {
            return changed.isEmpty() && removed.isEmpty();
        }

        private Map<K, V> applyTo(Map<K, V> before) {
            if (isEmpty()) {
                return before;
            }
            Map<K, V> after = new HashMap<>(before);
            after.keySet().removeAll(removed);
            after.putAll(changed);
            return after;
        }

        private Changes<K, V> then(Changes<K, V> next) {
            if (next.isEmpty()) {
                return this;
            }
            Set<K> gone = new HashSet<>(removed);
            gone.removeAll(next.changed.keySet());
            gone.addAll(next.removed);
            return new Changes<>(next.applyTo(changed), gone);
        }
    }

    /** The whole map as a change. */
    public static ClusterMapDelta full(ClusterMap map) {
        return new ClusterMapDelta(
                0,
                map.revision(),
                new Changes<>(map.nodes(), Set.of()),
                new Changes<>(map.disks(), Set.of()),
                new Changes<>(map.volumes(), Set.of()),
                new Changes<>(map.groups(), Set.of()),
                new Changes<>(map.removed(), Set.of()));
    }

    public boolean isFull() {
        return from == 0;
    }

    /** Whether it has no entries: nothing has changed. */
    public boolean isEmpty() {
        return nodes.isEmpty() && disks.isEmpty() && volumes.isEmpty() && groups.isEmpty() && removed.isEmpty();
    }

    /**
     * The map after the change.
     *
     * @throws IllegalArgumentException if it applies to another revision
     */
    public ClusterMap applyTo(ClusterMap map) {
        ClusterMap before = isFull() ? ClusterMap.EMPTY : map;
        if (before.revision() != from) {
            throw new IllegalArgumentException("a change from revision " + from + ", not " + before.revision());
        }
        return new ClusterMap(
                revision,
                nodes.applyTo(before.nodes()),
                disks.applyTo(before.disks()),
                volumes.applyTo(before.volumes()),
                groups.applyTo(before.groups()),
                removed.applyTo(before.removed()));
    }

    /** This change and the one after it as one: cheaper to apply to a large map than one after the other. */
    public ClusterMapDelta then(ClusterMapDelta next) {
        if (next.isFull()) {
            return next;
        }
        if (next.from != revision) {
            throw new IllegalArgumentException("a change from revision " + next.from + " behind " + revision);
        }
        return new ClusterMapDelta(
                from,
                next.revision,
                nodes.then(next.nodes),
                disks.then(next.disks),
                volumes.then(next.volumes),
                groups.then(next.groups),
                removed.then(next.removed));
    }
}
