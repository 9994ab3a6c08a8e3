package io.coffer.common.metadata.wire;

import io.coffer.common.cluster.ClusterMapDelta;
import io.coffer.common.cluster.ClusterMapDelta.Changes;
import io.coffer.common.cluster.Disk;
import io.coffer.common.cluster.MetadataGroup;
import io.coffer.common.cluster.Node;
import io.coffer.common.cluster.RemovedNode;
import io.coffer.common.cluster.Volume;
import io.coffer.common.id.DiskId;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.VolumeId;
import io.coffer.proto.rpc.MetadataMessages.MapUpdate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Changes of the cluster map to messages of bounded size, and back. An instance gathers the messages of one stream. */
public final class MapUpdates {
    /** Rows in one message: below a megabyte, as the largest row, a volume of 32 members, has little more than a kilobyte. */
    static final int ROWS_PER_MESSAGE = 700;

    private final List<MapUpdate> parts = new ArrayList<>();

    /** The messages of a change, at least one. */
    public static List<MapUpdate> encode(ClusterMapDelta delta) {
        Messages out = new Messages(delta);
        out.addAll(delta.nodes().changed().values(), (m, node) -> m.addNodes(ClusterCodec.encode(node)));
        out.addAll(delta.disks().changed().values(), (m, disk) -> m.addDisks(ClusterCodec.encode(disk)));
        out.addAll(delta.volumes().changed().values(), (m, volume) -> m.addVolumes(ClusterCodec.encode(volume)));
        out.addAll(delta.groups().changed().values(), (m, group) -> m.addGroups(ClusterCodec.encode(group)));
        out.addAll(delta.removed().changed().values(), (m, node) -> m.addGone(ClusterCodec.encode(node)));
        out.addAll(delta.nodes().removed(), (m, node) -> m.addRemovedNodes(ClusterCodec.encode(node.value())));
        out.addAll(delta.disks().removed(), (m, disk) -> m.addRemovedDisks(ClusterCodec.encode(disk.value())));
        out.addAll(delta.volumes().removed(), (m, volume) -> m.addRemovedVolumes(volume.value()));
        out.addAll(delta.groups().removed(), (m, group) -> m.addRemovedGroups(group.value()));
        return out.end();
    }

    private static final class Messages {
        private final ClusterMapDelta delta;
        private final List<MapUpdate> done = new ArrayList<>();
        private MapUpdate.Builder current;
        private int rows;

        Messages(ClusterMapDelta delta) {
            this.delta = delta;
            this.current = begin();
        }

        private MapUpdate.Builder begin() {
            return MapUpdate.newBuilder().setFrom(delta.from()).setRevision(delta.revision());
        }

        <T> void addAll(Iterable<T> entries, BiConsumer<MapUpdate.Builder, T> add) {
            for (T entry : entries) {
                if (rows == ROWS_PER_MESSAGE) {
                    done.add(current.setMore(true).build());
                    current = begin();
                    rows = 0;
                }
                add.accept(current, entry);
                rows++;
            }
        }

        List<MapUpdate> end() {
            done.add(current.build());
            return done;
        }
    }

    /**
     * Takes the next message of the stream.
     *
     * @return the change that it completes; empty if there are more messages to come
     * @throws IllegalArgumentException if the message doesn't belong to those before it
     */
    public Optional<ClusterMapDelta> add(MapUpdate message) {
        if (!parts.isEmpty()
                && (parts.getFirst().getFrom() != message.getFrom()
                        || parts.getFirst().getRevision() != message.getRevision())) {
            throw new IllegalArgumentException("parts of two updates");
        }
        parts.add(message);
        if (message.getMore()) {
            return Optional.empty();
        }
        ClusterMapDelta delta = new ClusterMapDelta(
                message.getFrom(),
                message.getRevision(),
                gather(
                        part -> ValueCodec.map(part.getNodesList(), ClusterCodec::decode),
                        Node::id,
                        part -> ValueCodec.map(part.getRemovedNodesList(), ClusterCodec::node)),
                gather(
                        part -> ValueCodec.map(part.getDisksList(), ClusterCodec::decode),
                        Disk::id,
                        part -> ValueCodec.map(part.getRemovedDisksList(), id -> new DiskId(ClusterCodec.uuid(id)))),
                gather(
                        part -> ValueCodec.map(part.getVolumesList(), ClusterCodec::decode),
                        Volume::id,
                        part -> ValueCodec.map(part.getRemovedVolumesList(), VolumeId::new)),
                gather(
                        part -> ValueCodec.map(part.getGroupsList(), ClusterCodec::decode),
                        MetadataGroup::id,
                        part -> ValueCodec.map(part.getRemovedGroupsList(), GroupId::new)),
                gather(
                        part -> ValueCodec.map(part.getGoneList(), ClusterCodec::decode),
                        RemovedNode::id,
                        part -> List.of()));
        parts.clear();
        return Optional.of(delta);
    }

    private <K, V> Changes<K, V> gather(
            Function<MapUpdate, List<V>> changed, Function<V, K> key, Function<MapUpdate, List<K>> removed) {
        Map<K, V> rows = new HashMap<>();
        Set<K> gone = new HashSet<>();
        for (MapUpdate part : parts) {
            changed.apply(part).forEach(row -> rows.put(key.apply(row), row));
            gone.addAll(removed.apply(part));
        }
        return new Changes<>(rows, gone);
    }
}
