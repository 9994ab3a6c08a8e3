package io.coffer.metaserver.background;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.cluster.Member;
import io.coffer.common.cluster.Node;
import io.coffer.common.cluster.Volume;
import io.coffer.common.id.AccountId;
import io.coffer.common.id.BucketId;
import io.coffer.common.id.DiskId;
import io.coffer.common.id.ExtentId;
import io.coffer.common.id.PartitionId;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.ExtentSlice;
import io.coffer.common.metadata.Partition;
import io.coffer.common.metadata.Payload;
import io.coffer.common.metadata.Versioning;
import io.coffer.gateway.client.ClusterMapCache;
import io.coffer.gateway.client.DegradedWrites;
import io.coffer.gateway.client.MemberHealth;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.object.ChunkPlaces;
import io.coffer.gateway.object.ObjectWriter;
import io.coffer.gateway.object.StoredBody;
import io.coffer.gateway.payload.ObjectBody;
import io.coffer.gateway.s3.error.S3Exception;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A cluster on one thread: the rules of the system group, the planner, the dataservers' registration, comparisons and sweeps, the reclaimer
 * and the gateway's writer are the real ones; disks, calls and time are simulated. Inside any call others may act: nodes are killed, frozen
 * and drained, disks lost or set back, members replaced and caught up. After every step each acknowledged extent is on every disk that
 * counts as current; when it is quiet again, on every member, and what was deleted nowhere.
 */
final class RepairSim {
    /** A few with each build; {@code -Druns} asks for more. */
    private static final int RUNS = Integer.getInteger("runs", 8);

    /** Seeds from 0 on, one of which shows what is missing. */
    private static final int RUNS_TO_FAIL = 20;

    private static final int PHASES = 4;
    private static final int STEPS = 250;

    @TempDir
    Path directory;

    /** Each run has one thread, and all cores have runs. */
    @Test
    void whatIsAcknowledgedStaysAndEveryVolumeBecomesWhole() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("RepairSim -Dseed=" + seed);
        LongStream.range(seed, seed + RUNS).parallel().forEach(run -> simulate(run, true, true));
    }

    @Test
    void withoutTheMarksOfMissedWritesItFails() {
        assertThatThrownBy(() -> {
                    for (int run = 0; run < RUNS_TO_FAIL; run++) {
                        simulate(run, true, false);
                    }
                })
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void aWriterWithAnOldMapDoesNotFinishBehindAComparison() throws Exception {
        for (int calls = 0; calls < 24; calls += 2) {
            moveDuringAWrite(calls, true);
        }
        assertThatThrownBy(() -> {
                    for (int calls = 0; calls < 24; calls += 2) {
                        moveDuringAWrite(calls, false);
                    }
                })
                .as("without fences")
                .isInstanceOf(AssertionError.class);
    }

    /** While a write is on its way, every member of a node moves elsewhere and is brought up. */
    private void moveDuringAWrite(int calls, boolean fences) throws Exception {
        Path own = Files.createTempDirectory(directory, "run");
        try (Run run = new Run(own.resolve("system").toString(), new Random(calls), fences, true)) {
            run.calm();
            for (int i = 0; i < 4; i++) {
                SimulatedCluster.SimulatedNode leaving = run.cluster.anyNode();
                run.cluster.interrupt(calls, () -> run.empty(leaving));
                run.write();
                run.check();
                run.calm();
            }
        }
    }

    private void simulate(long seed, boolean fences, boolean marks) {
        try {
            Path own = Files.createTempDirectory(directory, "run");
            try (Run run = new Run(own.resolve("system").toString(), new Random(seed), fences, marks)) {
                run.simulate();
            }
        } catch (AssertionError e) {
            throw new AssertionError("-Dseed=" + seed + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Run implements AutoCloseable {
        final Random random;
        final SimulatedCluster cluster;
        final ObjectWriter writer;
        final Map<ExtentId, ExtentSlice> acknowledged = new LinkedHashMap<>();
        boolean chaos;

        Run(String directory, Random random, boolean fences, boolean marks) {
            this.random = random;
            this.cluster = new SimulatedCluster(directory, random, this::disturb, fences, marks);
            InstantSource clock = () -> Instant.ofEpochMilli(cluster.time.millis());
            MetadataService metadata =
                    new MetadataService(cluster.metadata, clock, () -> random, Duration.ofSeconds(1));
            ChunkPlaces places = new ChunkPlaces(
                    new ClusterMapCache(metadata, clock),
                    cluster,
                    new MemberHealth(cluster.time),
                    (volume, extent, index) -> {},
                    "");
            this.writer = new ObjectWriter(
                    places,
                    new DegradedWrites(metadata),
                    clock,
                    () -> random,
                    new ObjectWriter.Settings(10, 2000, SimulatedCluster.POLICY));
        }

        void simulate() {
            calm();
            for (int phase = 0; phase < PHASES; phase++) {
                chaos = true;
                cluster.lost = 0.05;
                for (int step = 0; step < STEPS; step++) {
                    step();
                    check();
                }
                chaos = false;
                cluster.lost = 0;
                calm();
            }
            everythingDeletedIsGone();
        }

        // What happens

        private void step() {
            cluster.pauses = 0;
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> write();
                case 3 -> delete();
                case 4 -> cluster.time.advance(Duration.ofMillis(random.nextInt(20_000)));
                default -> disturb();
            }
        }

        /** Anything but a write: it may come in the middle of one. */
        private void disturb() {
            if (!chaos) {
                return;
            }
            SimulatedCluster.SimulatedNode node = cluster.anyNode();
            switch (random.nextInt(24)) {
                case 0 -> node.kill();
                case 1 -> node.frozen = node.running != null;
                case 2, 3 -> node.frozen = false;
                case 4, 5, 6 -> cluster.start(node);
                case 7 -> cluster.watchNodes();
                case 8 -> cluster.reportDisks();
                case 9, 10 -> cluster.replaceMembers();
                case 11 -> cluster.keepVolumes();
                case 12 -> cluster.reclaim();
                case 13 -> cluster.drain(node, random.nextInt(3) == 0);
                case 14 -> cluster.takeImage(node);
                case 15 -> damage(node);
                case 16, 17 -> cluster.follow(node);
                case 18 -> cluster.sweep(node);
                case 19 -> {
                    if (random.nextInt(10) == 0) {
                        cluster.longPause();
                    } else {
                        cluster.time.advance(Duration.ofSeconds(random.nextInt(3)));
                    }
                }
                default -> cluster.catchUp(node);
            }
        }

        /** One disk at a time, and only while every other has everything: with two, a quorum would be lost. */
        private void damage(SimulatedCluster.SimulatedNode node) {
            if (cluster.damaged != null || !isWhole() || !noneLost()) {
                return;
            }
            if (random.nextBoolean()) {
                cluster.loseDisk(node);
            } else {
                cluster.restoreImage(node);
            }
        }

        private boolean isWhole() {
            return cluster.metadata.map().volumes().values().stream()
                    .allMatch(volume -> volume.members().stream().allMatch(Member::isCurrent));
        }

        void empty(SimulatedCluster.SimulatedNode leaving) {
            cluster.drain(leaving, true);
            for (int round = 0; round < 25; round++) {
                cluster.replaceMembers();
                cluster.time.advance(Duration.ofSeconds(6));
                cluster.nodes.forEach(node -> {
                    cluster.follow(node);
                    for (int i = 0; i < 20; i++) {
                        cluster.catchUp(node);
                    }
                });
            }
        }

        private boolean noneLost() {
            return cluster.metadata.map().nodes().values().stream().noneMatch(node -> node.state() == Node.State.LOST);
        }

        private void write() {
            byte[] bytes = new byte[20 + random.nextInt(5000)];
            random.nextBytes(bytes);
            Bucket bucket = new Bucket(
                    new BucketId(1),
                    "bucket",
                    new AccountId("000000000001"),
                    "us-east-1",
                    0,
                    Bucket.State.ACTIVE,
                    Versioning.UNVERSIONED,
                    "",
                    List.of(new Partition(new PartitionId(1), "", "", SimulatedMetadata.BUCKETS, 1)));
            try (StoredBody stored = writer.write(bucket, "key", body(bytes), digest -> {})) {
                for (ExtentSlice slice : stored.commit(() -> ((Payload.Extents) stored.payload()).slices())) {
                    cluster.metadata.reference(slice.extent());
                    acknowledged.put(slice.extent(), slice);
                }
            } catch (S3Exception e) {
                // told to come back
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }

        private static ObjectBody body(byte[] bytes) {
            return new ObjectBody() {
                private int position;

                @Override
                public long length() {
                    return bytes.length;
                }

                @Override
                public @Nullable ByteBuffer read() {
                    if (position == bytes.length) {
                        return null;
                    }
                    int take = Math.min(700, bytes.length - position);
                    ByteBuffer piece = ByteBuffer.wrap(bytes, position, take);
                    position += take;
                    return piece;
                }

                @Override
                public @Nullable String trailer(String name) {
                    return null;
                }
            };
        }

        private void delete() {
            if (!acknowledged.isEmpty()) {
                List<ExtentSlice> all = new ArrayList<>(acknowledged.values());
                ExtentSlice slice = all.get(random.nextInt(all.size()));
                acknowledged.remove(slice.extent());
                cluster.metadata.delete(slice);
            }
        }

        // What must hold

        private SimulatedChunks.@Nullable Content content(Member.Place place) {
            for (SimulatedCluster.SimulatedNode node : cluster.nodes) {
                if (node.self.id().equals(place.node())) {
                    return node.disk(place.disk());
                }
            }
            return null;
        }

        private boolean has(Member.Place place, ExtentSlice slice, int index) {
            SimulatedChunks.Content content = content(place);
            return content != null && content.has(slice.volume(), slice.extent(), index);
        }

        private void check() {
            ClusterMap map = cluster.metadata.map();
            forgetDamageThatIsRepaired(map);
            for (ExtentSlice slice : acknowledged.values()) {
                Volume volume = map.volumes().get(slice.volume());
                int copies = 0;
                for (int index = 0; index < volume.members().size(); index++) {
                    Member member = volume.members().get(index);
                    boolean there = has(member.place(), slice, index);
                    copies += there ? 1 : 0;
                    copies += member.previous() != null && has(member.previous(), slice, index) ? 1 : 0;
                    if (member.isCurrent() && !member.disk().equals(cluster.damaged)) {
                        assertThat(there)
                                .as("extent %s on current member %d of %s", slice.extent(), index, volume)
                                .isTrue();
                    }
                }
                assertThat(copies)
                        .as("copies of extent %s of %s", slice.extent(), volume)
                        .isPositive();
            }
        }

        /** A lost disk when nothing is in its place any more, an old one when the map has noticed and its members are current again. */
        private void forgetDamageThatIsRepaired(ClusterMap map) {
            DiskId damaged = cluster.damaged;
            if (damaged == null) {
                return;
            }
            boolean isUsed = false;
            boolean lacks = false;
            for (Volume volume : map.volumes().values()) {
                for (int index = 0; index < volume.members().size(); index++) {
                    Member member = volume.members().get(index);
                    if (member.disk().equals(damaged)) {
                        isUsed = true;
                        int at = index;
                        lacks |= !member.isCurrent()
                                || acknowledged.values().stream()
                                        .anyMatch(slice ->
                                                slice.volume().equals(volume.id()) && !has(member.place(), slice, at));
                    }
                    lacks |= member.previous() != null
                            && member.previous().disk().equals(damaged);
                }
            }
            boolean exists = cluster.nodes.stream().anyMatch(node -> node.disk(damaged) != null);
            if (!lacks && (exists ? cluster.damageNoticed : !isUsed)) {
                cluster.damaged = null;
            }
        }

        // Quiet

        private void calm() {
            for (int round = 0; round < 400; round++) {
                for (SimulatedCluster.SimulatedNode node : cluster.nodes) {
                    node.frozen = false;
                    cluster.start(node);
                    if (round == 0 || node.map.nodes().values().stream().anyMatch(Node::draining)) {
                        cluster.drain(node, false);
                    }
                    cluster.follow(node);
                }
                cluster.watchNodes();
                cluster.keepVolumes();
                cluster.replaceMembers();
                cluster.reportDisks();
                for (SimulatedCluster.SimulatedNode node : cluster.nodes) {
                    for (int i = 0; i < 20; i++) {
                        cluster.catchUp(node);
                        cluster.follow(node);
                    }
                }
                check();
                cluster.time.advance(Duration.ofSeconds(1));
                if (cluster.damaged == null && isWhole() && noneGone()) {
                    everythingIsWhole();
                    return;
                }
            }
            throw new AssertionError("not whole: "
                    + cluster.metadata.map().volumes().values().stream()
                            .filter(volume -> !volume.members().stream().allMatch(Member::isCurrent))
                            .toList()
                    + ", damaged " + cluster.damaged + " of "
                    + cluster.metadata.map().disks().values() + ", plan "
                    + Replacements.of(cluster.metadata.map(), 10));
        }

        private boolean noneGone() {
            ClusterMap map = cluster.metadata.map();
            return !map.volumes().isEmpty()
                    && map.volumes().values().stream()
                            .flatMap(volume -> volume.members().stream())
                            .noneMatch(member -> DiskChoice.isGone(map, member));
        }

        private void everythingIsWhole() {
            ClusterMap map = cluster.metadata.map();
            for (ExtentSlice slice : acknowledged.values()) {
                Volume volume = map.volumes().get(slice.volume());
                for (int index = 0; index < volume.members().size(); index++) {
                    assertThat(has(volume.members().get(index).place(), slice, index))
                            .as("extent %s on member %d of %s", slice.extent(), index, volume)
                            .isTrue();
                }
            }
        }

        private void everythingDeletedIsGone() {
            cluster.time.advance(Duration.ofHours(27));
            for (SimulatedCluster.SimulatedNode node : cluster.nodes) {
                node.silentSinceMillis = cluster.time.millis();
            }
            for (int round = 0; round < 200; round++) {
                cluster.reclaim();
                cluster.collectOrphans();
                for (SimulatedCluster.SimulatedNode node : cluster.nodes) {
                    cluster.follow(node);
                    cluster.sweep(node);
                }
            }
            for (SimulatedCluster.SimulatedNode node : cluster.nodes) {
                for (SimulatedChunks.Content disk : node.disks) {
                    for (SimulatedChunks.Key key : disk.chunks.keySet()) {
                        assertThat(acknowledged).as("what is on a disk").containsKey(key.extent());
                        Member member = cluster.metadata
                                .map()
                                .volumes()
                                .get(key.volume())
                                .members()
                                .get(key.index());
                        assertThat(member.disk()).as("where %s is", key).isEqualTo(disk.id);
                    }
                }
            }
            everythingIsWhole();
        }

        @Override
        public void close() {
            cluster.close();
        }
    }
}
