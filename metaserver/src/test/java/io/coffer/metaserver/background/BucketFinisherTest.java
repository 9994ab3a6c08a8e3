package io.coffer.metaserver.background;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.id.AccountId;
import io.coffer.common.id.BucketId;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.PartitionId;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.BucketSetting;
import io.coffer.common.metadata.Partition;
import io.coffer.common.metadata.PartitionSettings;
import io.coffer.common.metadata.Versioning;
import io.coffer.common.time.ManualTime;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class BucketFinisherTest {
    private static final GroupId ONE = new GroupId(1);
    private static final GroupId TWO = new GroupId(2);
    private static final PartitionId LOW = new PartitionId(1);
    private static final PartitionId HIGH = new PartitionId(2);

    private final ManualTime time = new ManualTime(1_800_000_000_000L);
    private final FakeCluster cluster = new FakeCluster(time, 2);
    private final BucketFinisher finisher = new BucketFinisher(cluster.calls(), cluster, time);

    private void bucket(Bucket.State state) {
        cluster.buckets.put(
                "b",
                new Bucket(
                        new BucketId(1),
                        "b",
                        new AccountId("000000000001"),
                        "us-east-1",
                        time.millis(),
                        state,
                        Versioning.UNVERSIONED,
                        "",
                        List.of(new Partition(LOW, "", "m", ONE, 1), new Partition(HIGH, "m", "", TWO, 1))));
    }

    private void lookTwice() throws Exception {
        finisher.run();
        time.advance(Duration.ofMinutes(1));
        finisher.run();
    }

    @Test
    void aCreationThatWasLeftIsFinished() throws Exception {
        bucket(Bucket.State.CREATING);
        lookTwice();
        assertThat(cluster.buckets.get("b").state()).isEqualTo(Bucket.State.ACTIVE);
        assertThat(cluster.groups.get(ONE).open).containsExactly(LOW);
        assertThat(cluster.groups.get(TWO).open).containsExactly(HIGH);
    }

    @Test
    void aCreationUnderWayIsLeftAlone() throws Exception {
        bucket(Bucket.State.CREATING);
        finisher.run();
        time.advance(Duration.ofSeconds(59));
        finisher.run();
        assertThat(cluster.told).isEmpty();
        assertThat(cluster.buckets.get("b").state()).isEqualTo(Bucket.State.CREATING);
    }

    @Test
    void aDeletionThatWasLeftIsFinished() throws Exception {
        bucket(Bucket.State.DELETING);
        cluster.groups.get(TWO).open.add(HIGH);
        lookTwice();
        assertThat(cluster.buckets).isEmpty();
        assertThat(cluster.groups.get(TWO).open).isEmpty();
    }

    @Test
    void aDeletionOfABucketWithSomethingInItIsTakenBack() throws Exception {
        bucket(Bucket.State.DELETING);
        // The gateway had closed the second partition when it was killed.
        cluster.groups.get(ONE).open.add(LOW);
        cluster.groups.get(ONE).notEmpty.add(LOW);
        lookTwice();
        assertThat(cluster.buckets.get("b").state()).isEqualTo(Bucket.State.ACTIVE);
        assertThat(cluster.groups.get(ONE).open).containsExactly(LOW);
        assertThat(cluster.groups.get(TWO).open).containsExactly(HIGH);
    }

    @Test
    void settingsThatNotEveryPartitionHasAreToldToAll() throws Exception {
        bucket(Bucket.State.ACTIVE);
        cluster.buckets.replaceAll((name, bucket) ->
                bucket.withSettings(bucket.settings().with(new BucketSetting.Versions(Versioning.ENABLED))));
        PartitionSettings told = cluster.buckets.get("b").settings().partition();
        // The gateway was killed behind the first partition.
        cluster.groups.get(ONE).settings.put(LOW, told);
        lookTwice();
        assertThat(cluster.groups.get(ONE).settings).containsEntry(LOW, told);
        assertThat(cluster.groups.get(TWO).settings).containsEntry(HIGH, told);
        assertThat(cluster.buckets.get("b").settings().isPending()).isFalse();
        cluster.told.clear();
        lookTwice();
        assertThat(cluster.told).isEmpty();
    }

    @Test
    void theMinuteCountsFromTheStateThatWasSeen() throws Exception {
        bucket(Bucket.State.CREATING);
        finisher.run();
        time.advance(Duration.ofSeconds(40));
        bucket(Bucket.State.DELETING);
        finisher.run();
        time.advance(Duration.ofSeconds(40));
        finisher.run();
        assertThat(cluster.buckets).isNotEmpty();
        time.advance(Duration.ofSeconds(20));
        finisher.run();
        assertThat(cluster.buckets).isEmpty();
    }

    @Test
    void aCrashBetweenAnyTwoCallsIsMadeGoodByTheNextPass() throws Exception {
        for (int failing = 0; failing < 12; failing++) {
            cluster.buckets.clear();
            bucket(Bucket.State.CREATING);
            BucketFinisher crashing = new BucketFinisher(cluster.calls(), cluster, time);
            crashing.run();
            time.advance(Duration.ofMinutes(1));
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
                crashing.run();
            } catch (io.coffer.common.metadata.MetadataUnavailableException e) {
                // the crash
            }
            left[0] = -1;
            BucketFinisher next = new BucketFinisher(cluster.calls(), cluster, time);
            next.run();
            time.advance(Duration.ofMinutes(1));
            next.run();
            assertThat(cluster.buckets.get("b").state()).isEqualTo(Bucket.State.ACTIVE);
        }
    }

    @Test
    void onlyTheLeaderFinishes() throws Exception {
        bucket(Bucket.State.CREATING);
        cluster.leads = group -> !group.isSystem();
        lookTwice();
        assertThat(cluster.told).isEmpty();
    }
}
