package io.coffer.metaserver.background;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coffer.common.chunk.ChunkError;
import io.coffer.common.cluster.Member;
import io.coffer.common.cluster.ProtectionScheme;
import io.coffer.common.cluster.Volume;
import io.coffer.common.id.DiskId;
import io.coffer.common.id.ExtentId;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.NodeId;
import io.coffer.common.id.VolumeId;
import io.coffer.common.metadata.BucketCommand.ForgetExtents;
import io.coffer.common.metadata.ExtentSlice;
import io.coffer.common.time.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ReclaimTest {
    private static final NodeId NODE = new NodeId(new UUID(1, 1));
    private static final DiskId FIRST = new DiskId(new UUID(2, 1));
    private static final DiskId SECOND = new DiskId(new UUID(2, 2));
    private static final Volume VOLUME = new Volume(
            new VolumeId(1),
            3,
            "replica-2",
            new ProtectionScheme.Replicated(2),
            Volume.State.OPEN,
            List.of(new Member(NODE, FIRST), new Member(NODE, SECOND)));
    private static final GroupId ONE = new GroupId(1);
    private static final GroupId TWO = new GroupId(2);
    private static final Duration COMMIT_LIMIT = Limits.COMMIT_LIMIT;

    private final ManualTime time = new ManualTime(1_800_000_000_000L);
    private final FakeCluster cluster = new FakeCluster(time, 2);
    private final Chunks chunks = new Chunks(cluster);
    private final Reclaimer reclaimer = new Reclaimer(cluster.calls(), chunks, cluster, time);
    private final OrphanCollector collector =
            new OrphanCollector(cluster.calls(), chunks, cluster, time, COMMIT_LIMIT.plusHours(1));
    private final Random random = new Random(3);

    @BeforeEach
    void addVolume() {
        cluster.addDisk(NODE, FIRST);
        cluster.addDisk(NODE, SECOND);
        cluster.volumes.put(VOLUME.id(), VOLUME);
    }

    private ExtentId written() {
        ExtentId extent = ExtentId.create(time.millis(), random);
        cluster.write(VOLUME, extent);
        return extent;
    }

    private ExtentId removed(GroupId group) {
        ExtentId extent = written();
        cluster.groups
                .get(group)
                .due
                .put(
                        extent,
                        new FakeCluster.Due(
                                new ExtentSlice(extent, VOLUME.id(), group, 1, 0, 1),
                                time.millis() + Duration.ofMinutes(15).toMillis()));
        return extent;
    }

    @Test
    void aRemovedExtentIsDeletedEverywhereOnceItIsDueAndThenForgotten() throws Exception {
        ExtentId extent = removed(ONE);
        assertThat(reclaimer.run()).isEqualTo(Step.Progress.DONE);
        assertThat(cluster.isComplete(VOLUME, extent)).isTrue();
        time.advance(Duration.ofMinutes(16));
        reclaimer.run();
        assertThat(cluster.chunks.get(FIRST)).isEmpty();
        assertThat(cluster.chunks.get(SECOND)).isEmpty();
        assertThat(cluster.groups.get(ONE).due).isEmpty();
        assertThat(cluster.told).containsExactly(new ForgetExtents(List.of(extent)));
    }

    @Test
    void onlyTheLeaderReclaims() throws Exception {
        removed(ONE);
        removed(TWO);
        time.advance(Duration.ofMinutes(16));
        cluster.leads = TWO::equals;
        reclaimer.run();
        assertThat(cluster.groups.get(ONE).due).hasSize(1);
        assertThat(cluster.groups.get(TWO).due).isEmpty();
    }

    @Test
    void aStepHasABudgetAndSaysThatThereIsMore() throws Exception {
        for (int i = 0; i < Limits.RECLAIMED_PER_STEP + 5; i++) {
            removed(ONE);
        }
        time.advance(Duration.ofMinutes(16));
        assertThat(reclaimer.run()).isEqualTo(Step.Progress.MORE);
        assertThat(cluster.groups.get(ONE).due).hasSize(5);
        assertThat(reclaimer.run()).isEqualTo(Step.Progress.DONE);
        assertThat(cluster.groups.get(ONE).due).isEmpty();
    }

    @Test
    void anExtentWithAnAbsentMemberWaitsAndKeepsNobodyElse() throws Exception {
        cluster.broken.put(SECOND, ChunkError.UNAVAILABLE);
        List<ExtentId> waiting = new ArrayList<>();
        for (int i = 0; i < Limits.RECLAIMED_PER_STEP; i++) {
            waiting.add(removed(ONE));
        }
        time.advance(Duration.ofMinutes(16));
        reclaimer.run();
        assertThat(cluster.groups.get(ONE).due).hasSize(waiting.size());
        cluster.broken.clear();
        removed(ONE);
        time.advance(Duration.ofMinutes(16));
        // The ten minutes are over as well: now all of them.
        while (reclaimer.run() == Step.Progress.MORE) {
            time.advance(Duration.ofMillis(1));
        }
        assertThat(cluster.groups.get(ONE).due).isEmpty();
        assertThat(cluster.chunks.get(SECOND)).isEmpty();
    }

    @Test
    void aPostponedExtentIsNotTriedAgainAtOnce() throws Exception {
        cluster.broken.put(SECOND, ChunkError.UNAVAILABLE);
        removed(ONE);
        time.advance(Duration.ofMinutes(16));
        reclaimer.run();
        cluster.broken.clear();
        ExtentId other = removed(ONE);
        time.advance(Duration.ofMinutes(1));
        reclaimer.run();
        assertThat(cluster.groups.get(ONE).due).hasSize(2);
        time.advance(Duration.ofMinutes(16));
        reclaimer.run();
        assertThat(cluster.groups.get(ONE).due).isEmpty();
        assertThat(cluster.chunks.get(FIRST)).doesNotContainKey(other);
    }

    @Test
    void aFailedDiskDoesNotKeepAnExtent() throws Exception {
        cluster.broken.put(SECOND, ChunkError.DISK_FAILED);
        removed(ONE);
        time.advance(Duration.ofMinutes(16));
        reclaimer.run();
        assertThat(cluster.groups.get(ONE).due).isEmpty();
        assertThat(cluster.chunks.get(FIRST)).isEmpty();
    }

    @Test
    void chunksThatNothingNamesAreDeletedOnceTheyAreOld() throws Exception {
        ExtentId orphan = written();
        ExtentId committed = written();
        ExtentId elsewhere = written();
        cluster.groups.get(ONE).referenced.add(committed);
        cluster.groups.get(TWO).referenced.add(elsewhere);
        time.advance(COMMIT_LIMIT);
        pass();
        assertThat(cluster.chunks.get(FIRST)).containsOnlyKeys(orphan, committed, elsewhere);
        time.advance(Duration.ofHours(2));
        pass();
        assertThat(cluster.chunks.get(FIRST)).containsOnlyKeys(committed, elsewhere);
        assertThat(cluster.chunks.get(SECOND)).containsOnlyKeys(committed, elsewhere);
    }

    @Test
    void chunksAboutToBeReclaimedAreLeftToTheReclaimer() throws Exception {
        ExtentId extent = removed(TWO);
        time.advance(Duration.ofHours(26));
        pass();
        assertThat(cluster.chunks.get(FIRST)).containsOnlyKeys(extent);
    }

    @Test
    void aPassGoesThroughEveryPageOfEveryDisk() throws Exception {
        for (int i = 0; i < 2 * Limits.COMPARED_PER_STEP + 1; i++) {
            written();
        }
        time.advance(Duration.ofHours(26));
        int steps = pass();
        assertThat(cluster.chunks.get(FIRST)).isEmpty();
        assertThat(cluster.chunks.get(SECOND)).isEmpty();
        assertThat(steps).isEqualTo(7);
    }

    @Test
    void aDiskThatDoesNotAnswerIsPassedOver() throws Exception {
        written();
        cluster.broken.put(FIRST, ChunkError.UNAVAILABLE);
        time.advance(Duration.ofHours(26));
        pass();
        assertThat(cluster.chunks.get(FIRST)).hasSize(1);
        assertThat(cluster.chunks.get(SECOND)).isEmpty();
    }

    @Test
    void extentsThatMayStillBeCommittedAreNeverLookedAt() {
        assertThatThrownBy(() -> new OrphanCollector(cluster.calls(), chunks, cluster, time, COMMIT_LIMIT))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void partsAreReleasedWhileThereAreAny() throws Exception {
        PartReleaser releaser = new PartReleaser(cluster.calls(), cluster);
        cluster.groups.get(TWO).partsToRelease = Limits.RELEASED_PER_STEP + 1;
        assertThat(releaser.run()).isEqualTo(Step.Progress.MORE);
        assertThat(releaser.run()).isEqualTo(Step.Progress.DONE);
        assertThat(cluster.groups.get(TWO).partsToRelease).isZero();
    }

    private int pass() throws Exception {
        int steps = 1;
        while (collector.run() == Step.Progress.MORE) {
            steps++;
        }
        return steps;
    }
}
