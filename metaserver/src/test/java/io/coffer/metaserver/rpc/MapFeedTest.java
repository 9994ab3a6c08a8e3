package io.coffer.metaserver.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.cluster.ClusterMapDelta;
import io.coffer.common.cluster.ClusterMapDelta.Changes;
import io.coffer.common.cluster.Node;
import io.coffer.common.id.NodeId;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class MapFeedTest {
    private final MapFeed feed = new MapFeed(3, 1 << 20);

    private static ClusterMapDelta change(long from, long revision) {
        NodeId node = new NodeId(new UUID(1, revision));
        return new ClusterMapDelta(
                from,
                revision,
                new Changes<>(Map.of(node, new Node(node, "s/r/h", "")), Set.of()),
                Changes.none(),
                Changes.none(),
                Changes.none(),
                Changes.none());
    }

    private MapFeed.Next after(long revision) throws InterruptedException {
        return feed.after(revision, Duration.ZERO);
    }

    @Test
    void changesComeOneAfterTheOther() throws Exception {
        feed.opened(4);
        feed.changed(change(4, 6));
        feed.changed(change(6, 7));
        assertThat(after(4))
                .isInstanceOfSatisfying(
                        MapFeed.Next.Step.class,
                        step -> assertThat(step.change().revision()).isEqualTo(6));
        assertThat(after(6))
                .isInstanceOfSatisfying(
                        MapFeed.Next.Step.class,
                        step -> assertThat(step.change().revision()).isEqualTo(7));
        assertThat(after(7)).isInstanceOf(MapFeed.Next.Nothing.class);
    }

    @Test
    void whoIsTooFarBehindOrNewGetsTheWholeMap() throws Exception {
        feed.opened(4);
        for (int i = 4; i < 9; i++) {
            feed.changed(change(i, i + 1));
        }
        assertThat(after(0)).isInstanceOf(MapFeed.Next.TooOld.class);
        assertThat(after(5)).isInstanceOf(MapFeed.Next.TooOld.class);
        assertThat(after(6)).isInstanceOf(MapFeed.Next.Step.class);
    }

    @Test
    void whoIsAheadWaitsForThisServer() throws Exception {
        feed.opened(4);
        assertThat(after(9)).isInstanceOf(MapFeed.Next.Nothing.class);
    }

    @Test
    void aReceivedStateMakesAllChangesTooOld() throws Exception {
        feed.opened(4);
        feed.changed(change(4, 5));
        feed.opened(50);
        assertThat(after(4)).isInstanceOf(MapFeed.Next.TooOld.class);
        assertThat(after(50)).isInstanceOf(MapFeed.Next.Nothing.class);
        feed.changed(change(50, 51));
        assertThat(after(50)).isInstanceOf(MapFeed.Next.Step.class);
    }

    @Test
    void bytesAreBoundedToo() throws Exception {
        MapFeed small = new MapFeed(100, 1);
        small.opened(1);
        small.changed(change(1, 2));
        small.changed(change(2, 3));
        assertThat(small.after(1, Duration.ZERO)).isInstanceOf(MapFeed.Next.TooOld.class);
        assertThat(small.after(2, Duration.ZERO)).isInstanceOf(MapFeed.Next.Step.class);
    }
}
