package io.coffer.metaserver.background;

import io.coffer.common.chunk.ChunkException;
import io.coffer.common.chunk.ChunkStore;
import io.coffer.common.chunk.ChunkStores;
import io.coffer.common.chunk.DiskStatus;
import io.coffer.common.cluster.Node;
import io.coffer.common.metadata.MetadataClient;
import io.coffer.common.time.Ticker;
import io.coffer.common.time.WallClock;
import java.io.Closeable;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A metaserver's background work: what keeps metadata and chunks in step. It runs wherever a metaserver runs, and works for the
 * groups that this one leads.
 */
public final class Background implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(Background.class);

    private final BackgroundLoop loop;

    /** Apart, so that placement hears of a failed disk while everything else waits for it. */
    private final BackgroundLoop reports;

    /** Apart, so that neither a slow disk keeps objects from expiring nor their number the space from being reclaimed. */
    private final BackgroundLoop lifecycle;

    private final LifecycleTally tally;

    private Background(BackgroundLoop loop, BackgroundLoop reports, BackgroundLoop lifecycle, LifecycleTally tally) {
        this.loop = loop;
        this.reports = reports;
        this.lifecycle = lifecycle;
        this.tally = tally;
    }

    /**
     * How often.
     *
     * @param reclaim between looks for extents to delete
     * @param release between looks for parts to release; each is a command
     * @param orphans between comparisons of all disks
     * @param orphanPage between the pages of one comparison
     * @param orphanAge of the extents compared: above the age from which on groups refuse to commit one, by more
     *     than clocks differ
     * @param buckets between looks for buckets that gateways left on their way
     * @param disks between looks at the disks
     * @param volumes between looks for volumes to make, members to replace and buckets to purge
     */
    public record Pace(
            Duration reclaim,
            Duration release,
            Duration orphans,
            Duration orphanPage,
            Duration orphanAge,
            Duration buckets,
            Duration disks,
            Duration volumes) {
        /** Between two busy steps of one kind. */
        private static final Duration BUSY_PAUSE = Duration.ofMillis(100);

        /** Between two steps of a purge: what bounds its share of the groups. */
        private static final Duration PURGE_PAUSE = Duration.ofMillis(20);

        public static final Pace DEFAULT = new Pace(
                Duration.ofSeconds(5),
                Duration.ofMinutes(1),
                Duration.ofHours(12),
                Duration.ofSeconds(1),
                Limits.COMMIT_LIMIT.plusHours(1),
                Duration.ofSeconds(30),
                Duration.ofSeconds(2),
                Duration.ofSeconds(2));
    }

    /**
     * Starts it.
     *
     * @param policies the protection policies that need volumes
     * @param heartbeats of a cluster's nodes, which tell of their disks; empty in a cluster of one process
     */
    public static Background start(
            MetadataClient client,
            ChunkStores stores,
            Groups groups,
            WallClock clock,
            Ticker ticker,
            RandomGenerator random,
            Supplier<List<String>> policies,
            Optional<Heartbeats> heartbeats,
            Pace pace,
            LifecyclePace lifecyclePace) {
        Calls calls = new Calls(client, clock, random);
        Chunks chunks = new Chunks(stores);
        BackgroundLoop loop = new BackgroundLoop(
                List.of(
                        new BackgroundLoop.Task(
                                "reclaim",
                                new Reclaimer(calls, chunks, groups, clock),
                                Pace.BUSY_PAUSE,
                                pace.reclaim()),
                        new BackgroundLoop.Task(
                                "release of parts", new PartReleaser(calls, groups), Pace.BUSY_PAUSE, pace.release()),
                        new BackgroundLoop.Task(
                                "search for orphans",
                                new OrphanCollector(calls, chunks, groups, clock, pace.orphanAge()),
                                pace.orphanPage(),
                                pace.orphans()),
                        new BackgroundLoop.Task(
                                "finishing of buckets",
                                new BucketFinisher(calls, groups, clock),
                                Pace.BUSY_PAUSE,
                                pace.buckets()),
                        new BackgroundLoop.Task(
                                "purge of buckets",
                                new BucketPurger(calls, groups, clock),
                                Pace.PURGE_PAUSE,
                                pace.volumes()),
                        new BackgroundLoop.Task(
                                "making of volumes",
                                new VolumeKeeper(calls, groups, policies),
                                Pace.BUSY_PAUSE,
                                pace.volumes()),
                        new BackgroundLoop.Task(
                                "replacement of members",
                                new MemberReplacer(calls, groups),
                                Pace.BUSY_PAUSE,
                                pace.volumes())),
                ticker);
        DiskReporter.Statuses disks =
                heartbeats.isPresent() ? node -> heartbeats.get().disks(node.id()) : node -> disks(stores, node);
        BackgroundLoop reports = new BackgroundLoop(
                "disk-reports",
                List.of(new BackgroundLoop.Task(
                        "report of disks",
                        new DiskReporter(calls, disks, groups, ticker),
                        Pace.BUSY_PAUSE,
                        pace.disks())),
                ticker);
        LifecycleTally tally = new LifecycleTally();
        BackgroundLoop lifecycle = new BackgroundLoop(
                "lifecycle",
                List.of(new BackgroundLoop.Task(
                        "lifecycle of objects",
                        new LifecycleEngine(calls, groups, lifecyclePace, tally),
                        lifecyclePace.busyPause(),
                        lifecyclePace.look())),
                ticker);
        loop.start();
        reports.start();
        lifecycle.start();
        return new Background(loop, reports, lifecycle, tally);
    }

    private static List<DiskStatus> disks(ChunkStores stores, Node node) {
        try {
            Optional<ChunkStore> store = stores.of(node.id());
            return store.isEmpty() ? List.of() : store.get().disks();
        } catch (ChunkException e) {
            LOG.debug("node {} doesn't tell of its disks: {}", node.label(), e.getMessage());
            return List.of();
        }
    }

    /** What lifecycle rules have done here. */
    public LifecycleTally.Figures lifecycle() {
        return tally.figures();
    }

    @Override
    public void close() {
        lifecycle.close();
        reports.close();
        loop.close();
    }
}
