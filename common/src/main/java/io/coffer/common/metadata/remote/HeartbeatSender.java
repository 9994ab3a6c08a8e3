package io.coffer.common.metadata.remote;

import io.coffer.common.metadata.Heartbeat;
import java.io.Closeable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the leader of the system group every second that this process is there. */
public final class HeartbeatSender implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(HeartbeatSender.class);

    private final RemoteMetadataClient client;
    private final Supplier<Heartbeat> heartbeat;
    private final Thread thread = Thread.ofVirtual().name("heartbeats").unstarted(this::run);

    private HeartbeatSender(RemoteMetadataClient client, Supplier<Heartbeat> heartbeat) {
        this.client = client;
        this.heartbeat = heartbeat;
    }

    /** @param heartbeat makes the next one; returns soon */
    public static HeartbeatSender start(RemoteMetadataClient client, Supplier<Heartbeat> heartbeat) {
        HeartbeatSender sender = new HeartbeatSender(client, heartbeat);
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
                    client.heartbeat(heartbeat.get()).get(2 * period, TimeUnit.MILLISECONDS);
                } catch (ExecutionException | TimeoutException | RuntimeException e) {
                    LOG.debug("a heartbeat was not taken", e);
                }
                long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
                Thread.sleep(Math.max(period / 10, period - took));
            }
        } catch (InterruptedException e) {
            // closed
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
