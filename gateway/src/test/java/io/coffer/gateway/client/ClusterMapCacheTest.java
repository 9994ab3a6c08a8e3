package io.coffer.gateway.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.RequestId;
import io.coffer.common.metadata.Command;
import io.coffer.common.metadata.MetadataClient;
import io.coffer.common.metadata.Query;
import io.coffer.common.metadata.Reply;
import io.coffer.common.time.ManualTime;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ClusterMapCacheTest {
    private final ManualTime time = new ManualTime(1_800_000_000_000L);
    private final Maps client = new Maps();
    private final Random random = new Random(1);
    private final MetadataService metadata =
            new MetadataService(client, () -> time.now(), () -> random, Duration.ofSeconds(1));
    private ClusterMap pushed = ClusterMap.EMPTY;
    private final ClusterMapCache cache = new ClusterMapCache(metadata, () -> time.now(), () -> pushed);

    private static ClusterMap map(long revision) {
        return ClusterMap.of(revision, List.of(), List.of(), List.of());
    }

    @Test
    void withoutAPushedMapItIsAskedForOnceAWhile() throws Exception {
        client.revision = 3;
        assertThat(cache.get().revision()).isEqualTo(3);
        client.revision = 4;
        assertThat(cache.get().revision()).isEqualTo(3);
        assertThat(client.asked).isEqualTo(1);
        time.advance(Duration.ofMillis(ClusterMapCache.FRESH_MILLIS));
        assertThat(cache.get().revision()).isEqualTo(4);
    }

    @Test
    void aPushedMapIsUsedWithoutAsking() throws Exception {
        pushed = map(5);
        assertThat(cache.get().revision()).isEqualTo(5);
        pushed = map(6);
        assertThat(cache.get().revision()).isEqualTo(6);
        assertThat(client.asked).isZero();
    }

    @Test
    void aCallerThatFoundTheMapWrongGetsANewerOneThanWasPushed() throws Exception {
        pushed = map(5);
        client.revision = 8;
        assertThat(cache.refresh().revision()).isEqualTo(8);
        assertThat(cache.get().revision()).isEqualTo(8);
        pushed = map(9);
        assertThat(cache.get().revision()).isEqualTo(9);
    }

    /** Answers every query with a map. */
    private static final class Maps implements MetadataClient {
        long revision;
        int asked;

        @Override
        public <R extends Reply> CompletableFuture<R> submit(GroupId group, RequestId request, Command<R> command) {
            throw new AssertionError("no commands here");
        }

        @Override
        @SuppressWarnings("unchecked")
        public <R extends Reply> CompletableFuture<R> query(GroupId group, Query<R> query) {
            asked++;
            return CompletableFuture.completedFuture((R) new Reply.ClusterMapReply(map(revision)));
        }
    }
}
