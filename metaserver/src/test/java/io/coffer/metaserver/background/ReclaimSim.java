package io.coffer.metaserver.background;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.cluster.Member;
import io.coffer.common.cluster.ProtectionScheme;
import io.coffer.common.cluster.Volume;
import io.coffer.common.id.DiskId;
import io.coffer.common.id.ExtentId;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.NodeId;
import io.coffer.common.id.VolumeId;
import io.coffer.common.metadata.ExtentSlice;
import io.coffer.common.metadata.MetadataUnavailableException;
import io.coffer.common.time.ManualTime;
import io.coffer.common.time.WallClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * Uploads of any slowness, deletes, and background work that fails, restarts and stops between any two calls, in simulated time.
 * After every step each committed extent has all its chunks; when it is quiet again, nothing else has any.
 */
final class ReclaimSim {
    private static final Duration COMMIT_LIMIT = Limits.COMMIT_LIMIT;
    private static final int RUNS = 200;
    private static final int STEPS = 300;

    private record Upload(ExtentId extent, Volume volume, GroupId group) {}

    @Test
    void whatIsCommittedStaysAndTheRestGoes() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("ReclaimSim -Dseed=" + seed);
        for (int run = 0; run < RUNS; run++) {
            new Run(new Random(seed + run)).simulate();
        }
    }

    private static final class Run {
        final Random random;
        final ManualTime time = new ManualTime(1_800_000_000_000L);
        final FakeCluster cluster = new FakeCluster(time, 2);
        final List<Volume> volumes = new ArrayList<>();
        final List<Upload> uploads = new ArrayList<>();
        final Map<ExtentId, Upload> committed = new HashMap<>();
        final WallClock skewed;
        double faultRate;
        Reclaimer reclaimer;
        OrphanCollector collector;

        Run(Random random) {
            this.random = random;
            // The process that collects may be up to half an hour ahead of the group's clock.
            long skew = random.nextLong(Duration.ofMinutes(30).toMillis());
            this.skewed = () -> time.millis() + skew;
            NodeId node = new NodeId(new UUID(1, 1));
            List<Member> members = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                DiskId disk = new DiskId(new UUID(2, i));
                cluster.addDisk(node, disk);
                members.add(new Member(node, disk));
            }
            for (int i = 0; i < 3; i++) {
                Volume volume = new Volume(
                        new VolumeId(i + 1),
                        1 + i,
                        "replica-2",
                        new ProtectionScheme.Replicated(2),
                        Volume.State.OPEN,
                        List.of(members.get(i), members.get((i + 1) % 3)));
                volumes.add(volume);
                cluster.volumes.put(volume.id(), volume);
            }
            cluster.faults = new FakeCluster.Faults() {
                @Override
                public boolean fails() {
                    return random.nextDouble() < faultRate;
                }

                @Override
                public boolean afterwards() {
                    return random.nextBoolean();
                }
            };
            restart();
        }

        private void restart() {
            Chunks chunks = new Chunks(cluster);
            reclaimer = new Reclaimer(cluster.calls(), chunks, cluster, skewed);
            collector = new OrphanCollector(cluster.calls(), chunks, cluster, skewed, COMMIT_LIMIT.plusHours(1));
        }

        void simulate() throws Exception {
            for (int i = 0; i < STEPS; i++) {
                faultRate = 0.2;
                step();
                check();
            }
            faultRate = 0;
            time.advance(Duration.ofHours(27));
            for (int round = 0; round < 2; round++) {
                while (reclaimer.run() == Step.Progress.MORE) {}
                while (collector.run() == Step.Progress.MORE) {}
            }
            check();
            Set<ExtentId> stored = new HashSet<>();
            cluster.chunks.values().forEach(disk -> stored.addAll(disk.keySet()));
            assertThat(stored).isEqualTo(committed.keySet());
            assertThat(cluster.groups.values())
                    .allSatisfy(group -> assertThat(group.due).isEmpty());
        }

        private void step() throws InterruptedException {
            switch (random.nextInt(10)) {
                case 0, 1, 2 -> begin();
                case 3, 4 -> commit();
                case 5 -> delete();
                case 6 -> time.advance(Duration.ofMinutes(random.nextInt(600)));
                case 7 -> background(reclaimer);
                case 8 -> background(collector);
                default -> restart();
            }
        }

        private void begin() {
            Volume volume = volumes.get(random.nextInt(volumes.size()));
            ExtentId extent = ExtentId.create(time.millis(), random);
            cluster.write(volume, extent);
            uploads.add(new Upload(extent, volume, new GroupId(1 + random.nextInt(2))));
        }

        /** The group's rule: too old an extent is refused, whatever became of its chunks. */
        private void commit() {
            if (uploads.isEmpty()) {
                return;
            }
            Upload upload = uploads.remove(random.nextInt(uploads.size()));
            if (time.millis() - upload.extent().birthMillis() <= COMMIT_LIMIT.toMillis()) {
                cluster.groups.get(upload.group()).referenced.add(upload.extent());
                committed.put(upload.extent(), upload);
            }
        }

        private void delete() {
            if (committed.isEmpty()) {
                return;
            }
            List<Upload> all = new ArrayList<>(committed.values());
            Upload upload = all.get(random.nextInt(all.size()));
            committed.remove(upload.extent());
            FakeCluster.Extents group = cluster.groups.get(upload.group());
            group.referenced.remove(upload.extent());
            group.due.put(
                    upload.extent(),
                    new FakeCluster.Due(
                            new ExtentSlice(upload.extent(), upload.volume().id(), upload.group(), 1, 0, 1),
                            time.millis() + Duration.ofMinutes(15).toMillis()));
        }

        private static void background(Step step) throws InterruptedException {
            try {
                step.run();
            } catch (MetadataUnavailableException e) {
                // as the loop does: it is tried again
            } catch (io.coffer.common.metadata.RefusedException e) {
                throw new AssertionError(e);
            }
        }

        private void check() {
            assertThat(committed.values())
                    .allMatch(upload -> cluster.isComplete(upload.volume(), upload.extent()), "has all its chunks");
        }
    }
}
