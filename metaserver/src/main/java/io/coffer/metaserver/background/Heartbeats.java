package io.coffer.metaserver.background;

import io.coffer.common.chunk.DiskStatus;
import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.cluster.Node;
import io.coffer.common.id.NodeId;
import io.coffer.common.metadata.Heartbeat;
import io.coffer.common.time.ClusterClock;
import io.coffer.common.time.Ticker;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The last heartbeat of each node, in the memory of the system group's leader, and what time it is for the cluster: the median of the
 * nodes' clocks, so that no single one can move it. Thread-safe.
 */
public final class Heartbeats {
    /** What is answered while nobody can say what time it is. */
    static final long UNKNOWN = 0;

    private final Ticker ticker;
    private final ClusterClock clock;
    private final Map<NodeId, Heard> heard = new ConcurrentHashMap<>();

    /** The nodes that are up, by the map; null until this server has looked at it since it began to lead. */
    private volatile @Nullable Set<NodeId> voters;

    /** @param offsetMillis of its clock from this host's */
    private record Heard(long atNanos, List<DiskStatus> disks, long offsetMillis) {}

    public Heartbeats(Ticker ticker, ClusterClock clock) {
        this.ticker = ticker;
        this.clock = clock;
    }

    /** Returns the cluster's time of day, or {@link #UNKNOWN}. */
    public long received(Heartbeat heartbeat) {
        long own = clock.ownMillis();
        // A node that isn't on the map is forgotten by the next look at it; until then this is the bound.
        if (heard.size() < Limits.NODES || heard.containsKey(heartbeat.node())) {
            heard.put(heartbeat.node(), new Heard(ticker.nanos(), heartbeat.disks(), heartbeat.millis() - own));
        }
        OptionalLong offset = medianOffsetMillis();
        return offset.isPresent() ? own + offset.getAsLong() : UNKNOWN;
    }

    /**
     * A node that wasn't heard lately votes for what this host takes for right: one that has just begun to lead would follow whoever
     * speaks first. If this host itself was never told, there is no saying before most nodes are heard.
     */
    private OptionalLong medianOffsetMillis() {
        Set<NodeId> all = voters;
        long known = clock.offsetMillis();
        if (all == null) {
            return clock.isKnown() ? OptionalLong.of(known) : OptionalLong.empty();
        }
        long now = ticker.nanos();
        long[] offsets = all.stream()
                .map(heard::get)
                .filter(node -> node != null && now - node.atNanos() < Limits.DOWN_AFTER.toNanos())
                .mapToLong(Heard::offsetMillis)
                .toArray();
        if (!clock.isKnown() && 2 * offsets.length <= all.size() && !all.isEmpty()) {
            return OptionalLong.empty();
        }
        long silent = clock.isKnown() ? all.size() - offsets.length : 0;
        return OptionalLong.of(median(
                LongStream.concat(
                                LongStream.of(offsets),
                                LongStream.generate(() -> known).limit(silent))
                        .sorted()
                        .toArray(),
                known));
    }

    /** Of an even number, the middle one that is nearer to what is known; that itself, of none. */
    private static long median(long[] sorted, long known) {
        if (sorted.length == 0) {
            return known;
        }
        long lower = sorted[(sorted.length - 1) / 2];
        long upper = sorted[sorted.length / 2];
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

    /** Takes note of which nodes there are. */
    void follow(ClusterMap map) {
        heard.keySet().retainAll(map.nodes().keySet());
        voters = map.nodes().values().stream()
                .filter(node -> node.state() == Node.State.UP)
                .map(Node::id)
                .collect(Collectors.toUnmodifiableSet());
    }

    void forgetAll() {
        voters = null;
        heard.clear();
    }
}
