package io.coffer.metaserver.background;

import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.cluster.Node;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.NodeId;
import io.coffer.common.metadata.MetadataUnavailableException;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.SystemCommand.SetNodeState;
import io.coffer.common.time.Ticker;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits what the heartbeats say of the nodes, when that changes. A node that was not heard yet gets a full period before it is
 * called absent: from when this server began to lead, or the node registered.
 */
final class NodeWatch implements Step {
    private static final Logger LOG = LoggerFactory.getLogger(NodeWatch.class);

    private final Calls calls;
    private final Groups groups;
    private final Heartbeats heartbeats;
    private final Ticker ticker;
    private final Duration lostAfter;

    private boolean led;

    /** What was seen of each node in this time of leading. */
    private final Map<NodeId, Seen> seen = new HashMap<>();

    /** @param fromNanos since when silence counts, if no heartbeat was heard since */
    private record Seen(Node.State state, long fromNanos) {}

    /** @param lostAfter for how long a node is silent before its volumes get other members */
    NodeWatch(Calls calls, Groups groups, Heartbeats heartbeats, Ticker ticker, Duration lostAfter) {
        this.calls = calls;
        this.groups = groups;
        this.heartbeats = heartbeats;
        this.ticker = ticker;
        this.lostAfter = lostAfter;
    }

    @Override
    public Progress run() throws MetadataUnavailableException, RefusedException, InterruptedException {
        if (!groups.leads(GroupId.SYSTEM)) {
            led = false;
            return Progress.DONE;
        }
        if (!led) {
            heartbeats.forgetAll();
            seen.clear();
            led = true;
        }
        ClusterMap map = calls.map();
        heartbeats.follow(map);
        seen.keySet().retainAll(map.nodes().keySet());
        for (Node node : map.nodes().values()) {
            Node.State state = state(node);
            if (state != node.state()) {
                report(node, state);
                seen.computeIfPresent(node.id(), (id, before) -> new Seen(state, before.fromNanos()));
            }
        }
        return Progress.DONE;
    }

    private Node.State state(Node node) {
        long now = ticker.nanos();
        Seen before = seen.get(node.id());
        boolean registered = before != null && before.state() != Node.State.UP && node.state() == Node.State.UP;
        long from = before == null || registered ? now : before.fromNanos();
        seen.put(node.id(), new Seen(node.state(), from));
        Optional<Long> heard = heartbeats.lastHeardNanos(node.id());
        long last = heard.isPresent() && heard.get() - from > 0 ? heard.get() : from;
        Duration silent = Duration.ofNanos(now - last);
        if (silent.compareTo(Limits.DOWN_AFTER) < 0) {
            return heard.isPresent() && heard.get() == last ? Node.State.UP : node.state();
        }
        if (silent.compareTo(lostAfter) >= 0) {
            return Node.State.LOST;
        }
        return node.state() == Node.State.UP ? Node.State.DOWN : node.state();
    }

    private void report(Node node, Node.State state)
            throws MetadataUnavailableException, RefusedException, InterruptedException {
        String what = node.role().name().toLowerCase(Locale.ROOT);
        if (state == Node.State.UP) {
            LOG.info("{} {} is back", what, node.label());
        } else {
            LOG.warn("{} {} is {}: no heartbeat", what, node.label(), state);
        }
        calls.tell(GroupId.SYSTEM, new SetNodeState(node.id(), state));
    }
}
