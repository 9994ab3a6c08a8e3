package io.coffer.common.metadata.remote;

import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.cluster.ClusterMapDelta;
import io.coffer.common.metadata.wire.MapUpdates;
import io.coffer.proto.rpc.MetadataMessages.MapUpdate;
import io.coffer.proto.rpc.MetadataMessages.WatchMapRequest;
import java.io.Closeable;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cluster map as the metaservers push it. It may be behind by what the network takes, or by some seconds while servers change;
 * a stale map costs its user a retry, never a wrong answer. Thread-safe; listeners are called by one thread, and should return soon.
 */
public final class ClusterMapWatch implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterMapWatch.class);

    private final Endpoints endpoints;
    private final List<Consumer<ClusterMap>> listeners = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread thread = Thread.ofVirtual().name("cluster-map-watch").unstarted(this::run);
    private volatile ClusterMap map = ClusterMap.EMPTY;

    // The thread's.
    private int turn;
    private long askFrom;

    ClusterMapWatch(Endpoints endpoints) {
        this.endpoints = endpoints;
    }

    void start() {
        thread.start();
    }

    /** The newest map; {@link ClusterMap#EMPTY} until the first has arrived. */
    public ClusterMap current() {
        return map;
    }

    /** Has a listener called with every newer map from now on. */
    public void listen(Consumer<ClusterMap> listener) {
        listeners.add(listener);
    }

    /** Waits for a map; empty if none like it came in time. */
    public Optional<ClusterMap> await(Predicate<ClusterMap> wanted, Duration atMost) throws InterruptedException {
        long left = atMost.toNanos();
        lock.lockInterruptibly();
        try {
            while (!wanted.test(map)) {
                if (left <= 0) {
                    return Optional.empty();
                }
                left = changed.awaitNanos(left);
            }
            return Optional.of(map);
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            while (true) {
                Endpoint endpoint = choose();
                Endpoint.Connection connection = endpoint == null ? null : endpoint.connect();
                if (endpoint != null && connection != null) {
                    follow(endpoint, connection);
                }
                Thread.sleep(Limits.FIRST_PAUSE.toMillis());
            }
        } catch (InterruptedException e) {
            // closed
        }
    }

    private @Nullable Endpoint choose() {
        List<Endpoint> all = endpoints.all();
        for (int i = 0; i < all.size(); i++) {
            Endpoint candidate = all.get(Math.floorMod(turn++, all.size()));
            if (candidate.isUsable()) {
                return candidate;
            }
        }
        return null;
    }

    /** Takes one server's updates until it fails or is silent. */
    private void follow(Endpoint endpoint, Endpoint.Connection connection) throws InterruptedException {
        MapStream stream = new MapStream();
        try {
            WatchMapRequest request =
                    WatchMapRequest.newBuilder().setRevision(askFrom).build();
            connection.stub().watchMap(request, stream);
            MapUpdates updates = new MapUpdates();
            while (true) {
                Optional<MapUpdate> update = stream.next(Limits.WATCH_SILENCE);
                if (update.isEmpty()) {
                    break;
                }
                endpoint.heard(connection);
                Optional<ClusterMapDelta> delta = updates.add(update.get());
                if (delta.isPresent()) {
                    apply(gather(delta.get(), updates, stream));
                }
            }
            LOG.debug("the watch of {} ended: {}", endpoint.address(), stream.failure());
            if (stream.isConnectionBroken()) {
                endpoint.broken(connection, stream.failure());
            }
        } catch (IllegalArgumentException e) {
            LOG.warn(
                    "metaserver {} sent a change of the cluster map that doesn't fit; asking for all of it",
                    endpoint.address(),
                    e);
            askFrom = 0;
        } finally {
            stream.cancel();
        }
    }

    /** One change of all that have arrived: a large map is dear to copy. */
    private static ClusterMapDelta gather(ClusterMapDelta first, MapUpdates updates, MapStream stream)
            throws InterruptedException {
        ClusterMapDelta all = first;
        for (int i = 0; i < Limits.WATCH_WINDOW; i++) {
            Optional<MapUpdate> next = stream.next(Duration.ZERO);
            if (next.isEmpty()) {
                break;
            }
            Optional<ClusterMapDelta> delta = updates.add(next.get());
            if (delta.isPresent()) {
                all = all.then(delta.get());
            }
        }
        return all;
    }

    private void apply(ClusterMapDelta delta) {
        ClusterMap before = map;
        if (delta.isFull()
                ? delta.revision() <= before.revision()
                : delta.isEmpty() && delta.revision() == delta.from()) {
            return;
        }
        ClusterMap after = delta.applyTo(before);
        askFrom = after.revision();
        lock.lock();
        try {
            map = after;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        for (Consumer<ClusterMap> listener : listeners) {
            try {
                listener.accept(after);
            } catch (RuntimeException e) {
                LOG.error("a listener to the cluster map failed", e);
            }
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
