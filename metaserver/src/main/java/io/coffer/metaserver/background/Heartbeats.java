package io.coffer.metaserver.background;

import io.coffer.common.chunk.DiskStatus;
import io.coffer.common.id.NodeId;
import io.coffer.common.metadata.Heartbeat;
import io.coffer.common.time.Ticker;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The last heartbeat of each node, in the memory of the system group's leader. Thread-safe. */
public final class Heartbeats {
    private final Ticker ticker;
    private final Map<NodeId, Heard> heard = new ConcurrentHashMap<>();

    private record Heard(long atNanos, List<DiskStatus> disks) {}

    public Heartbeats(Ticker ticker) {
        this.ticker = ticker;
    }

    public void received(Heartbeat heartbeat) {
        // A node that isn't on the map is forgotten by the next look at it; until then this is the bound.
        if (heard.size() < Limits.NODES || heard.containsKey(heartbeat.node())) {
            heard.put(heartbeat.node(), new Heard(ticker.nanos(), heartbeat.disks()));
        }
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
