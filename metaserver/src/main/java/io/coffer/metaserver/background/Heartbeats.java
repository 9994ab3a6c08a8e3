package io.coffer.metaserver.background;

import io.coffer.common.chunk.DiskStatus;
import io.coffer.common.id.NodeId;
import io.coffer.common.metadata.Heartbeat;
import io.coffer.common.time.ClusterClock;
import io.coffer.common.time.Ticker;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The last heartbeat of each node, in the memory of the system group's leader, and what time it is for the cluster: the median of the
 * nodes' clocks, so that no single one can move it. Thread-safe.
 */
public final class Heartbeats {
    private static final int VOICES = 3;

    private final Ticker ticker;
    private final ClusterClock clock;
    private final Map<NodeId, Heard> heard = new ConcurrentHashMap<>();

    /** @param offsetMillis of its clock from this host's */
    private record Heard(long atNanos, List<DiskStatus> disks, long offsetMillis) {}

    public Heartbeats(Ticker ticker, ClusterClock clock) {
        this.ticker = ticker;
        this.clock = clock;
    }

    /** Returns the cluster's time of day. */
    public long received(Heartbeat heartbeat) {
        long own = clock.ownMillis();
        // A node that isn't on the map is forgotten by the next look at it; until then this is the bound.
        if (heard.size() < Limits.NODES || heard.containsKey(heartbeat.node())) {
            heard.put(heartbeat.node(), new Heard(ticker.nanos(), heartbeat.disks(), heartbeat.millis() - own));
        }
        return own + medianOffsetMillis();
    }

    /**
     * What this host takes for right stays while fewer than {@link #VOICES} are heard: one that has just begun to lead would follow
     * whoever speaks first. Of an even number, the middle one counts that is nearer to it.
     */
    private long medianOffsetMillis() {
        long now = ticker.nanos();
        long[] offsets = heard.values().stream()
                .filter(node -> now - node.atNanos() < Limits.DOWN_AFTER.toNanos())
                .mapToLong(Heard::offsetMillis)
                .sorted()
                .toArray();
        if (offsets.length < VOICES) {
            return clock.offsetMillis();
        }
        long lower = offsets[(offsets.length - 1) / 2];
        long upper = offsets[offsets.length / 2];
        long known = clock.offsetMillis();
        return Math.abs(upper - known) < Math.abs(lower - known) ? upper : lower;
    }

    /** When the node was last heard, on the ticker; empty if it wasn't since this server has led. */
    Optional<Long> lastHeardNanos(NodeId node) {
        return Optional.ofNullable(heard.get(node)).map(Heard::atNanos);
    }

    /** How long ago each node was heard. */
    public Map<NodeId, Duration> silence() {
        long now = ticker.nanos();
        Map<NodeId, Duration> silence = new HashMap<>();
        heard.forEach((node, last) -> silence.put(node, Duration.ofNanos(now - last.atNanos())));
        return silence;
    }

    /** A dataserver's disks as it last saw them; empty if it has not said. */
    List<DiskStatus> disks(NodeId node) {
        Heard last = heard.get(node);
        return last == null ? List.of() : last.disks();
    }

    void keepOnly(Set<NodeId> nodes) {
        heard.keySet().retainAll(nodes);
    }

    void forgetAll() {
        heard.clear();
    }
}
