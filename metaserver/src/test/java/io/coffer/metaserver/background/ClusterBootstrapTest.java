package io.coffer.metaserver.background;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coffer.common.chunk.DiskStatus;
import io.coffer.common.cluster.Disk;
import io.coffer.common.cluster.Member;
import io.coffer.common.cluster.Node;
import io.coffer.common.cluster.Volume;
import io.coffer.common.id.ClusterId;
import io.coffer.common.id.DiskId;
import io.coffer.common.id.NodeId;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.SystemCommand.ReportDisk;
import io.coffer.common.time.ManualTime;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ClusterBootstrapTest {
    private static final ClusterId CLUSTER = new ClusterId(new UUID(5, 5));
    private static final Node NODE = new Node(new NodeId(new UUID(1, 1)), "site/rack/node", "");

    private final ManualTime time = new ManualTime(1_800_000_000_000L);
    private final FakeCluster cluster = new FakeCluster(time, 1);
    private final ClusterBootstrap bootstrap = new ClusterBootstrap(cluster, time, new Random(4));

    private static List<DiskStatus> disks(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new DiskStatus(
                        new DiskId(new UUID(2, i)), "/disk" + i, Disk.State.HEALTHY, 1000, 900, 0, 7, ""))
                .toList();
    }

    @Test
    void theFirstStartMakesEverything() throws Exception {
        ClusterBootstrap.Ready ready = bootstrap.run(CLUSTER, NODE, disks(1), "replica-1");
        assertThat(cluster.name).isEqualTo(CLUSTER);
        assertThat(ready.root().root()).isTrue();
        assertThat(ready.root().canonicalId()).matches("[0-9a-f]{64}");
        assertThat(ready.map().nodes()).containsValue(NODE);
        assertThat(ready.map().disks().values()).singleElement().satisfies(disk -> {
            assertThat(disk.path()).isEqualTo("/disk0");
            assertThat(disk.freeBytes()).isEqualTo(900);
        });
        assertThat(ready.map().volumes()).hasSize(4);
    }

    @Test
    void aLaterStartChangesNothing() throws Exception {
        ClusterBootstrap.Ready first = bootstrap.run(CLUSTER, NODE, disks(3), "replica-2");
        int told = cluster.told.size();
        ClusterBootstrap.Ready second = bootstrap.run(CLUSTER, NODE, disks(3), "replica-2");
        assertThat(second).isEqualTo(first);
        // It says its name again, which is how a foreign directory is noticed, and that its disks have started.
        assertThat(cluster.told.size() - told).isEqualTo(1 + 3);
    }

    @Test
    void aDiskThatIsNotThereAnyMoreHasFailedUntilItComesBack() throws Exception {
        bootstrap.run(CLUSTER, NODE, disks(3), "replica-2");
        DiskId lost = disks(3).getLast().disk();
        assertThat(bootstrap
                        .run(CLUSTER, NODE, disks(2), "replica-2")
                        .map()
                        .disks()
                        .get(lost))
                .extracting(Disk::state)
                .isEqualTo(Disk.State.FAILED);
        assertThat(bootstrap
                        .run(CLUSTER, NODE, disks(3), "replica-2")
                        .map()
                        .disks()
                        .get(lost))
                .extracting(Disk::state)
                .isEqualTo(Disk.State.HEALTHY);
    }

    @Test
    void aStartThatWasInterruptedIsFinishedByTheNext() throws Exception {
        for (int failing = 0; failing < 30; failing++) {
            FakeCluster fresh = new FakeCluster(time, 1);
            int[] left = {failing};
            fresh.faults = new FakeCluster.Faults() {
                @Override
                public boolean fails() {
                    return left[0]-- == 0;
                }

                @Override
                public boolean afterwards() {
                    return true;
                }
            };
            ClusterBootstrap start = new ClusterBootstrap(fresh, time, new Random(failing));
            try {
                start.run(CLUSTER, NODE, disks(2), "replica-1");
            } catch (io.coffer.common.metadata.MetadataUnavailableException e) {
                // killed
            }
            left[0] = -1;
            start.run(CLUSTER, NODE, disks(2), "replica-1");
            assertThat(fresh.accounts).hasSize(1);
            assertThat(fresh.volumes).hasSize(4);
            assertThat(fresh.disks).hasSize(2);
        }
    }

    @Test
    void metadataOfAnotherClusterAreRefused() throws Exception {
        bootstrap.run(CLUSTER, NODE, disks(1), "replica-1");
        assertThatThrownBy(() -> bootstrap.run(new ClusterId(new UUID(6, 6)), NODE, disks(1), "replica-1"))
                .isInstanceOf(RefusedException.class);
    }

    @Test
    void aPolicyThatWantsMoreDisksIsRefused() {
        assertThatThrownBy(() -> bootstrap.run(CLUSTER, NODE, disks(2), "replica-3"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("wants 3 disks, there are 2");
    }

    @ParameterizedTest
    @CsvSource({"1,1", "2,1", "4,1", "12,1", "2,2", "3,2", "5,2", "3,3", "4,3", "7,3"})
    void everyDiskHasItsShareOfVolumes(int disks, int copies) throws Exception {
        bootstrap.run(CLUSTER, NODE, disks(disks), "replica-" + copies);
        assertThat(cluster.volumes.size()).isGreaterThanOrEqualTo(Math.max(4, 2 * disks));
        assertThat(cluster.volumes.values())
                .allSatisfy(
                        volume -> assertThat(new HashSet<>(volume.members())).hasSize(copies));
        Map<DiskId, Long> memberships = memberships();
        assertThat(memberships).hasSize(disks);
        long most =
                memberships.values().stream().mapToLong(Long::longValue).max().orElseThrow();
        long least =
                memberships.values().stream().mapToLong(Long::longValue).min().orElseThrow();
        assertThat(most - least).isLessThanOrEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"1,2,1", "2,3,1", "2,3,2", "3,5,3", "1,8,1"})
    void newDisksGetVolumes(int before, int after, int copies) throws Exception {
        bootstrap.run(CLUSTER, NODE, disks(before), "replica-" + copies);
        Map<?, Volume> old = Map.copyOf(cluster.volumes);
        bootstrap.run(CLUSTER, NODE, disks(after), "replica-" + copies);
        assertThat(cluster.volumes).containsAllEntriesOf((Map) old);
        int share = Math.max(4, 2 * after) * copies / after;
        assertThat(memberships())
                .hasSize(after)
                .allSatisfy((disk, count) -> assertThat(count).isGreaterThanOrEqualTo(share));
    }

    @Test
    void theFirstMembersAreSpreadToo() throws Exception {
        bootstrap.run(CLUSTER, NODE, disks(4), "replica-2");
        assertThat(cluster.volumes.values().stream()
                        .map(volume -> volume.members().getFirst())
                        .collect(Collectors.toSet()))
                .hasSizeGreaterThanOrEqualTo(3);
    }

    @Test
    void aChangedDiskIsReportedAndASmallChangeIsNot() throws Exception {
        bootstrap.run(CLUSTER, NODE, disks(2), "replica-1");
        DiskReporter reporter = new DiskReporter(cluster.calls(), node -> cluster.statuses, cluster, time);
        cluster.told.clear();
        DiskStatus first = disks(2).getFirst();
        cluster.statuses = List.of(
                new DiskStatus(first.disk(), first.path(), Disk.State.READ_ONLY, 1000, 1, 5, 8, "full"),
                disks(2).getLast());
        reporter.run();
        assertThat(cluster.told).containsExactly(new ReportDisk(first.disk(), Disk.State.READ_ONLY, 1000, 1, 8));
        reporter.run();
        assertThat(cluster.told).hasSize(1);
    }

    @Test
    void aDiskThatItsNodeDoesNotNameForLongHasFailed() throws Exception {
        bootstrap.run(CLUSTER, NODE, disks(2), "replica-1");
        DiskReporter reporter = new DiskReporter(cluster.calls(), node -> cluster.statuses, cluster, time);
        DiskStatus gone = disks(2).getLast();
        cluster.told.clear();
        for (List<DiskStatus> statuses : List.of(disks(1), List.<DiskStatus>of(), disks(2), disks(1))) {
            cluster.statuses = statuses; // it came back in between, so it is only now that it is gone
            time.advance(Limits.DISK_GONE_AFTER.minusSeconds(1));
            reporter.run();
        }
        ReportDisk report = new ReportDisk(gone.disk(), Disk.State.FAILED, 1000, 900, 0);
        assertThat(cluster.told).doesNotContain(report);
        time.advance(Limits.DISK_GONE_AFTER);
        reporter.run();
        assertThat(cluster.told).contains(report);
    }

    @Test
    void aDiskThatIsWrittenToIsReportedNowAndThen() throws Exception {
        bootstrap.run(CLUSTER, NODE, disks(2), "replica-1");
        DiskReporter reporter = new DiskReporter(cluster.calls(), node -> cluster.statuses, cluster, time);
        cluster.statuses = disks(2);
        reporter.run();
        cluster.told.clear();
        DiskStatus first = disks(2).getFirst();
        cluster.statuses = List.of(
                new DiskStatus(first.disk(), first.path(), first.state(), 1000, first.freeBytes(), 5, 77, ""),
                disks(2).getLast());
        time.advance(Limits.SEQUENCE_REPORTED_EVERY.minusSeconds(1));
        reporter.run();
        assertThat(cluster.told).isEmpty();
        time.advance(Duration.ofSeconds(1));
        reporter.run();
        assertThat(cluster.told)
                .contains(new ReportDisk(first.disk(), Disk.State.HEALTHY, 1000, first.freeBytes(), 77));
        cluster.told.clear();
        reporter.run();
        assertThat(cluster.told).isEmpty();
    }

    private Map<DiskId, Long> memberships() {
        return cluster.volumes.values().stream()
                .flatMap(volume -> volume.members().stream())
                .map(Member::disk)
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    }
}
