package io.coffer.metaserver.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.cluster.ClusterMapDelta;
import io.coffer.common.cluster.Disk;
import io.coffer.common.cluster.Member;
import io.coffer.common.cluster.MetadataGroup;
import io.coffer.common.cluster.Node;
import io.coffer.common.cluster.ProtectionScheme;
import io.coffer.common.cluster.Volume;
import io.coffer.common.id.DiskId;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.NodeId;
import io.coffer.common.id.VolumeId;
import io.coffer.common.metadata.SystemCommand;
import io.coffer.common.metadata.SystemCommand.MissedWrite;
import io.coffer.common.metadata.SystemQuery.GetClusterMap;
import io.coffer.common.metadata.wire.MapUpdates;
import io.coffer.metaserver.command.CommandBatch;
import io.coffer.metaserver.machine.TestGroup;
import io.coffer.proto.rpc.MetadataMessages.MapUpdate;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random changes of the cluster map, some refused, in random batches: who follows the changes has the map that is stored. */
final class MapChangesSeededTest implements MapListener {
    private static final int BATCHES = 1500;
    private static final int NODES = 5;
    private static final int VOLUMES = 12;
    private static final int SPARES = 20;

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);

    /** Applies each change as it comes. */
    private ClusterMap following = ClusterMap.EMPTY;

    /** Applies several at a time, as one. */
    private ClusterMap gathering = ClusterMap.EMPTY;

    private Optional<ClusterMapDelta> gathered = Optional.empty();
    private int changes;

    @TempDir
    Path directory;

    @Override
    public void opened(long revision) {
        assertThat(revision).isEqualTo(following.revision());
    }

    @Override
    public void changed(ClusterMapDelta delta) {
        changes++;
        ClusterMapDelta travelled = travel(delta);
        assertThat(travelled).isEqualTo(delta);
        following = travelled.applyTo(following);
        gathered = Optional.of(gathered.map(before -> before.then(delta)).orElse(delta));
    }

    private static ClusterMapDelta travel(ClusterMapDelta delta) {
        MapUpdates received = new MapUpdates();
        Optional<ClusterMapDelta> whole = Optional.empty();
        for (MapUpdate message : MapUpdates.encode(delta)) {
            assertThat(whole).isEmpty();
            whole = received.add(message);
        }
        return whole.orElseThrow();
    }

    @Test
    void whoFollowsTheChangesHasTheMap() throws Exception {
        System.out.println("MapChangesSeededTest -Dseed=" + seed);
        try (TestGroup group = TestGroup.system(directory, this)) {
            for (int i = 0; i < BATCHES; i++) {
                List<CommandBatch.Envelope> commands = new ArrayList<>();
                for (int j = random.nextInt(4); j >= 0; j--) {
                    commands.add(new CommandBatch.Envelope(group.request(), command()));
                }
                group.apply(new CommandBatch(group.nowMillis() * 1000, 0, commands));
                group.pass(random.nextInt(10));
                ClusterMap stored = group.ask(new GetClusterMap()).map();
                assertThat(following).as("seed %d, batch %d", seed, i).isEqualTo(stored);
                if (random.nextInt(20) == 0) {
                    gathering = gathered.map(all -> all.applyTo(gathering)).orElse(gathering);
                    gathered = Optional.empty();
                    assertThat(gathering).as("seed %d, batch %d", seed, i).isEqualTo(stored);
                    assertThat(travel(ClusterMapDelta.full(stored)).applyTo(ClusterMap.EMPTY))
                            .isEqualTo(stored);
                }
                if (random.nextInt(200) == 0) {
                    group.restart();
                }
            }
        }
        assertThat(changes).isBetween(BATCHES / 3, BATCHES);
        assertThat(following.removed()).isNotEmpty();
    }

    private SystemCommand<?> command() {
        return switch (random.nextInt(12)) {
            case 0, 1 -> new SystemCommand.RegisterNode(node());
            case 2 -> new SystemCommand.SetNodeState(nodeId(), Node.State.values()[random.nextInt(3)]);
            case 3 -> new SystemCommand.SetNodeDraining(nodeId(), random.nextBoolean());
            case 4 -> random.nextInt(4) == 0 ? comeOrGo() : clear();
            case 5, 6 -> new SystemCommand.RegisterDisk(disk(), random.nextInt(100));
            case 7 ->
                new SystemCommand.ReportDisk(
                        diskId(),
                        Disk.State.values()[random.nextInt(3)],
                        100,
                        random.nextInt(100),
                        random.nextInt(100));
            case 8 -> new SystemCommand.CreateVolume(volume(1, 1));
            case 9 -> new SystemCommand.UpdateVolume(volume(1 + random.nextInt(VOLUMES), 1), 1 + random.nextInt(3));
            case 10 ->
                new SystemCommand.MarkBehind(List.of(new MissedWrite(
                        new VolumeId(1 + random.nextInt(VOLUMES)),
                        1 + random.nextInt(3),
                        random.nextInt(2),
                        1 + random.nextInt(1000))));
            default ->
                new SystemCommand.SetGroup(
                        new MetadataGroup(new GroupId(random.nextInt(4)), List.of(nodeId()), random.nextBoolean()));
        };
    }

    /** Not everything that is on the map may stay in the way of removals. */
    private SystemCommand<?> clear() {
        return new SystemCommand.RemoveDisk(diskId());
    }

    /** Some that nothing is on; once removed, they don't come back. */
    private SystemCommand<?> comeOrGo() {
        NodeId spare = new NodeId(new UUID(3, random.nextInt(SPARES)));
        return random.nextBoolean()
                ? new SystemCommand.RemoveNode(spare)
                : new SystemCommand.RegisterNode(new Node(spare, "site/rack/1", "spare"));
    }

    private NodeId nodeId() {
        return new NodeId(new UUID(1, random.nextInt(NODES)));
    }

    private DiskId diskId() {
        return new DiskId(new UUID(2, random.nextInt(2 * NODES)));
    }

    private Node node() {
        return new Node(nodeId(), "site/rack/" + random.nextInt(3), "host:" + random.nextInt(3));
    }

    private Disk disk() {
        return new Disk(diskId(), nodeId(), "/disk", Disk.State.HEALTHY, 100, 100);
    }

    private Volume volume(long id, long epoch) {
        return new Volume(
                new VolumeId(id),
                epoch,
                "replica-2",
                new ProtectionScheme.Replicated(2),
                random.nextBoolean() ? Volume.State.OPEN : Volume.State.READ_ONLY,
                IntStream.range(0, 2)
                        .mapToObj(i -> new Member(nodeId(), diskId()))
                        .toList());
    }
}
