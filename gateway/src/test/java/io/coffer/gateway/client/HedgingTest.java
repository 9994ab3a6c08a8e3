package io.coffer.gateway.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.chunk.ChunkError;
import io.coffer.common.cluster.Member;
import io.coffer.common.id.DiskId;
import io.coffer.common.id.NodeId;
import io.coffer.common.time.ManualTime;
import java.time.Duration;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** When other copies are asked, and whom not to ask. */
class HedgingTest {
    private final Hedging hedging = new Hedging();
    private final Random random = new Random(4);

    private void reads(int count, long meanMicros) {
        for (int i = 0; i < count; i++) {
            hedging.took((long) (-Math.log(1 - random.nextDouble()) * meanMicros * 1000));
        }
    }

    @Test
    void theDelayIsWhatNineteenOfTwentyReadsTake() {
        for (int meanMicros : new int[] {10_000, 3_000, 30_000}) {
            reads(5_000, meanMicros);
            double expected = meanMicros * Math.log(20);
            assertThat(hedging.delay().toNanos() / 1e3).isBetween(expected * 0.6, expected * 1.6);
        }
    }

    @Test
    void theDelayHasBounds() {
        reads(10_000, 10);
        assertThat(hedging.delay()).isEqualTo(Hedging.SHORTEST);
        reads(10_000, 2_000_000);
        assertThat(hedging.delay()).isEqualTo(Hedging.LONGEST);
        reads(4_000, 1_000);
        assertThat(hedging.delay()).as("it comes back soon").isLessThan(Duration.ofMillis(6));
    }

    @Test
    void fiveOfAHundredReadsAreHedgedInTheLongRun() {
        int hedged = 0;
        for (int read = 0; read < 100_000; read++) {
            hedging.took(1_000_000);
            hedged += hedging.tryHedge() ? 1 : 0;
        }
        assertThat(hedged).isBetween(4_900, 5_000 + (int) Hedging.MAX_SAVED + 1);
    }

    @Test
    void whoFailsIsAvoidedForAWhile() {
        ManualTime time = new ManualTime(0);
        MemberHealth health = new MemberHealth(time);
        NodeId node = new NodeId(new UUID(1, 1));
        Member.Place place = new Member.Place(node, new DiskId(new UUID(2, 1)));
        Member.Place neighbour = new Member.Place(node, new DiskId(new UUID(2, 2)));
        health.failed(place, ChunkError.NOT_FOUND);
        assertThat(health.avoidReads(place) || health.avoidWrites(place)).isFalse();
        health.failed(place, ChunkError.DISK_FULL);
        assertThat(health.avoidWrites(place)).isTrue();
        assertThat(health.avoidReads(place)).isFalse();
        assertThat(health.avoidWrites(neighbour)).isFalse();
        health.failed(place, ChunkError.UNAVAILABLE);
        assertThat(health.avoidReads(neighbour) && health.avoidWrites(neighbour))
                .isTrue();
        time.advance(MemberHealth.AVOIDED);
        assertThat(health.avoidReads(place) || health.avoidWrites(place)).isFalse();
        health.overtaken(place);
        assertThat(health.avoidReads(neighbour)).isTrue();
        assertThat(health.avoidWrites(neighbour)).isFalse();
        time.advance(MemberHealth.SLOW);
        assertThat(health.avoidReads(place)).isFalse();
    }
}
