package io.coffer.gateway.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.RequestId;
import io.coffer.common.metadata.Command;
import io.coffer.common.metadata.MetadataClient;
import io.coffer.common.metadata.Query;
import io.coffer.common.metadata.Reply;
import io.coffer.common.time.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
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
        assertThat(client.asked).hasValue(1);
        time.advance(Duration.ofMillis(ClusterMapCache.FRESH_MILLIS));
        assertThat(cache.get().revision()).isEqualTo(4);
    }

    @Test
    void aPushedMapIsUsedWithoutAsking() throws Exception {
        pushed = map(5);
        assertThat(cache.get().revision()).isEqualTo(5);
        pushed = map(6);
        assertThat(cache.get().revision()).isEqualTo(6);
        assertThat(client.asked).hasValue(0);
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

    @Test
    void callersThatFoundTheMapWrongTogetherShareTheFetchThatBeganAfterThem() throws Exception {
        client.held = new CompletableFuture<>();
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
        try (callers) {
            Future<ClusterMap> first = callers.submit(cache::refresh);
            await().until(() -> client.asked.get() == 1);
            List<Future<ClusterMap>> later = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                later.add(callers.submit(cache::refresh));
            }
            await().until(() -> cache.waiting() == 20);
            client.revision = 2;
            client.held.complete(null);

            assertThat(first.get().revision()).isEqualTo(2);
            for (Future<ClusterMap> call : later) {
                assertThat(call.get().revision()).isEqualTo(2);
            }
        }
        assertThat(client.asked).hasValue(2);
        assertThat(cache.refresh().revision()).isEqualTo(2);
        assertThat(client.asked).as("who comes later asks again").hasValue(3);
    }

    /** Answers every query with a map. */
    private static final class Maps implements MetadataClient {
        volatile long revision;
        final AtomicInteger asked = new AtomicInteger();
        volatile CompletableFuture<Void> held = CompletableFuture.completedFuture(null);

        @Override
        public <R extends Reply> CompletableFuture<R> submit(GroupId group, RequestId request, Command<R> command) {
            throw new AssertionError("no commands here");
        }

        @Override
        @SuppressWarnings("unchecked")
        public <R extends Reply> CompletableFuture<R> query(GroupId group, Query<R> query) {
            asked.incrementAndGet();
            return held.thenApply(answer -> (R) new Reply.ClusterMapReply(map(revision)));
        }
    }
}
