package io.coffer.common.metadata.remote;

import io.coffer.common.chunk.DiskStatus;
import io.coffer.common.id.NodeId;
import io.coffer.common.metadata.Heartbeat;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.time.ClusterClock;
import java.io.Closeable;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the leader of the system group every second that this process is there, and learns the cluster's time. */
public final class HeartbeatSender implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(HeartbeatSender.class);

    private final RemoteMetadataClient client;
    private final NodeId node;
    private final Supplier<List<DiskStatus>> disks;
    private final ClusterClock clock;
    private final Consumer<String> removed;
    private final CountDownLatch answered = new CountDownLatch(1);
    private final Thread thread = Thread.ofVirtual().name("heartbeats").unstarted(this::run);

    private HeartbeatSender(
            RemoteMetadataClient client,
            NodeId node,
            Supplier<List<DiskStatus>> disks,
            ClusterClock clock,
            Consumer<String> removed) {
        this.client = client;
        this.node = node;
        this.disks = disks;
        this.clock = clock;
        this.removed = removed;
    }

    /**
     * Goes on until it is closed, or the node was removed from the cluster.
     *
     * @param disks a dataserver's as they are now; returns soon
     * @param clock is put right
     * @param removed told, once, that this process is no node of the cluster any more, in words for an operator
     */
    public static HeartbeatSender start(
            RemoteMetadataClient client,
            NodeId node,
            Supplier<List<DiskStatus>> disks,
            ClusterClock clock,
            Consumer<String> removed) {
        HeartbeatSender sender = new HeartbeatSender(client, node, disks, clock, removed);
        sender.thread.start();
        return sender;
    }

    private void run() {
        long period = Limits.HEARTBEAT_PERIOD.toMillis();
        try {
            while (true) {
                long began = System.nanoTime();
                try {
                    // An old one is worth nothing: the next one goes out in its place.
                    Heartbeat heartbeat = new Heartbeat(node, disks.get(), clock.ownMillis());
                    long millis = client.heartbeat(heartbeat)
                            .get(2 * period, TimeUnit.MILLISECONDS)
                            .clusterMillis();
                    // None from a leader that doesn't know it yet.
                    if (millis > 0) {
                        clock.learn(millis);
                        answered.countDown();
                    }
                } catch (ExecutionException | TimeoutException | RuntimeException e) {
                    if (e.getCause() instanceof RefusedException refused && refused.refusal() == Refusal.NODE_REMOVED) {
                        removed.accept(refused.detail());
                        return;
                    }
                    LOG.debug("a heartbeat was not taken", e);
                }
                long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
                Thread.sleep(Math.max(period / 10, period - took));
            }
        } catch (InterruptedException e) {
            // closed
        }
    }

    /** Waits until the cluster's time is known, but not for long. */
    public void awaitAnswer() throws InterruptedException {
        if (!answered.await(Limits.CLOCK_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.info("no heartbeat was answered yet");
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
