package io.coffer.metaserver.background;

import io.coffer.common.metadata.MetadataClient;
import io.coffer.common.time.Ticker;
import io.coffer.common.time.WallClock;
import java.io.Closeable;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What a cluster of several processes needs on top of {@link Background}: who is there, and which metaserver has which group. On
 * threads of its own, as neither may wait for a slow disk, nor the one for the other.
 */
public final class ClusterBackground implements Closeable {
    private final BackgroundLoop liveness;
    private final BackgroundLoop membership;

    private ClusterBackground(BackgroundLoop liveness, BackgroundLoop membership) {
        this.liveness = liveness;
        this.membership = membership;
    }

    /**
     * How it is to be.
     *
     * @param bucketGroups that there should be
     * @param lostAfter for how long a node is silent before its volumes get other members
     * @param nodes between looks at the heartbeats
     * @param membership between looks at the groups
     */
    public record Settings(int bucketGroups, Duration lostAfter, Duration nodes, Duration membership) {
        private static final Duration BUSY_PAUSE = Duration.ofMillis(100);

        public static final Settings DEFAULT =
                new Settings(3, Duration.ofMinutes(5), Duration.ofMillis(500), Duration.ofSeconds(2));
    }

    public static ClusterBackground start(
            MetadataClient client,
            Groups groups,
            GroupHost.All hosts,
            Heartbeats heartbeats,
            WallClock clock,
            Ticker ticker,
            RandomGenerator random,
            Settings settings) {
        Calls calls = new Calls(client, clock, random);
        Duration busy = Settings.BUSY_PAUSE;
        BackgroundLoop liveness = new BackgroundLoop(
                "node-watch",
                List.of(new BackgroundLoop.Task(
                        "watch of nodes",
                        new NodeWatch(calls, groups, heartbeats, ticker, settings.lostAfter()),
                        busy,
                        settings.nodes())),
                ticker);
        BackgroundLoop membership = new BackgroundLoop(
                "group-membership",
                List.of(new BackgroundLoop.Task(
                        "membership of groups",
                        new GroupMembership(calls, groups, hosts, settings.bucketGroups()),
                        busy,
                        settings.membership())),
                ticker);
        liveness.start();
        membership.start();
        return new ClusterBackground(liveness, membership);
    }

    @Override
    public void close() {
        membership.close();
        liveness.close();
    }
}
