package io.coffer.metaserver.background;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.id.AccountId;
import io.coffer.common.id.BucketId;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.PartitionId;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.BucketCommand;
import io.coffer.common.metadata.MetadataUnavailableException;
import io.coffer.common.metadata.Partition;
import io.coffer.common.metadata.Purge;
import io.coffer.common.metadata.SystemCommand;
import io.coffer.common.metadata.Versioning;
import io.coffer.common.time.ManualTime;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class BucketPurgerTest {
    private static final GroupId ONE = new GroupId(1);
    private static final GroupId TWO = new GroupId(2);
    private static final PartitionId LOW = new PartitionId(1);
    private static final PartitionId HIGH = new PartitionId(2);
    private static final BucketId BUCKET = new BucketId(1);

    private final ManualTime time = new ManualTime(1_800_000_000_000L);
    private final FakeCluster cluster = new FakeCluster(time, 2);

    @BeforeEach
    void fill() {
        Bucket bucket = new Bucket(
                BUCKET,
                "b",
                new AccountId("000000000001"),
                "us-east-1",
                time.millis(),
                Bucket.State.DELETING,
                Versioning.UNVERSIONED,
                "",
                List.of(new Partition(LOW, "", "m", ONE, 1), new Partition(HIGH, "m", "", TWO, 1)));
        cluster.buckets.put("b", bucket);
        cluster.purges.put(BUCKET, new Purge(bucket, time.millis(), 0, 0, 0, false));
        hold(ONE, LOW, 500);
        hold(TWO, HIGH, 300);
    }

    private void hold(GroupId group, PartitionId partition, int versions) {
        cluster.groups.get(group).open.add(partition);
        cluster.groups.get(group).notEmpty.add(partition);
        cluster.groups.get(group).free.put(partition, versions);
    }

    private BucketPurger purger() {
        return new BucketPurger(cluster.calls(), cluster, time);
    }

    private static int run(BucketPurger purger) throws Exception {
        int steps = 0;
        while (purger.run() == Step.Progress.MORE) {
            steps++;
        }
        return steps;
    }

    @Test
    void aBucketIsEmptiedInBoundedStepsAndDeleted() throws Exception {
        assertThat(run(purger())).isEqualTo(5 + 3 + 1);
        assertThat(cluster.buckets).isEmpty();
        assertThat(cluster.purges).isEmpty();
        assertThat(cluster.told.stream()
                        .filter(BucketCommand.PurgePartition.class::isInstance)
                        .map(BucketCommand.PurgePartition.class::cast))
                .allMatch(purge -> purge.maxVersions() == Limits.PURGED_PER_STEP);
    }

    @Test
    void aBucketWithSomethingLockedStaysWithThatAlone() throws Exception {
        cluster.groups.get(TWO).locked.put(HIGH, 7);
        run(purger());
        assertThat(cluster.buckets.get("b").state()).isEqualTo(Bucket.State.ACTIVE);
        assertThat(cluster.groups.get(ONE).open).containsExactly(LOW);
        assertThat(cluster.groups.get(TWO).open).containsExactly(HIGH);
        Purge purge = cluster.purges.get(BUCKET);
        assertThat(purge.ended()).isTrue();
        assertThat(purge.versions()).isEqualTo(800);
        assertThat(purge.kept()).isEqualTo(7);
        cluster.told.clear();
        assertThat(purger().run()).isEqualTo(Step.Progress.DONE);
        assertThat(cluster.told).isEmpty();
    }

    @Test
    void howFarItIsIsNotedNowAndThenAndCarriedOnByTheNextLeader() throws Exception {
        BucketPurger first = purger();
        first.run();
        assertThat(cluster.told).noneMatch(SystemCommand.NotePurge.class::isInstance);
        time.advance(Limits.PURGE_NOTED_EVERY);
        first.run();
        assertThat(cluster.purges.get(BUCKET).versions()).isEqualTo(200);
        cluster.leads = group -> false;
        assertThat(first.run()).isEqualTo(Step.Progress.DONE);
        cluster.leads = group -> true;
        cluster.groups.get(ONE).locked.put(LOW, 1);
        run(purger());
        assertThat(cluster.purges.get(BUCKET).versions()).isEqualTo(800);
        assertThat(cluster.purges.get(BUCKET).bytes()).isEqualTo(8000);
    }

    @Test
    void aCrashBetweenAnyTwoCallsIsMadeGood() throws Exception {
        for (int failing = 0; failing < 24; failing++) {
            cluster.groups.get(ONE).locked.put(LOW, failing % 3);
            fill();
            int[] left = {failing / 2};
            boolean afterwards = failing % 2 == 0;
            cluster.faults = new FakeCluster.Faults() {
                @Override
                public boolean fails() {
                    return left[0]-- == 0;
                }

                @Override
                public boolean afterwards() {
                    return afterwards;
                }
            };
            try {
                run(purger());
            } catch (MetadataUnavailableException e) {
                // the crash
            }
            left[0] = -1;
            run(purger());
            if (failing % 3 == 0) {
                assertThat(cluster.buckets).isEmpty();
            } else {
                assertThat(cluster.buckets.get("b").state()).isEqualTo(Bucket.State.ACTIVE);
                assertThat(cluster.groups.get(ONE).open).contains(LOW);
            }
            assertThat(cluster.groups.get(ONE).free.get(LOW)).isZero();
        }
    }

    @Test
    void theFinisherLeavesAPurgeAlone() throws Exception {
        BucketFinisher finisher = new BucketFinisher(cluster.calls(), cluster, time);
        finisher.run();
        time.advance(Duration.ofMinutes(2));
        finisher.run();
        assertThat(cluster.told).isEmpty();
    }
}
