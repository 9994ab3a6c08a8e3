package io.coffer.deploy.server;

import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.cluster.Node;
import io.coffer.common.cluster.RepairStatus;
import io.coffer.common.id.NodeId;
import io.coffer.deploy.server.FigureTable.Figure;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** What the cluster map tells of the cluster. */
final class ClusterFigures {
    static final List<Figure<ClusterMap>> MAP = List.of(
            Figure.gauge("coffer.map.revision", "Of the cluster map as this process knows it", ClusterMap::revision));

    static final List<Figure<RepairStatus>> REPAIR = List.of(
            Figure.gauge(
                    "coffer.members.behind", "Members of volumes that lack something", RepairStatus::membersBehind),
            Figure.gauge(
                    "coffer.members.gone",
                    "Members on nodes or disks that aren't expected back",
                    RepairStatus::membersGone));

    static final List<Figure<Integer>> VOLUMES =
            List.of(Figure.gauge("coffer.volumes", "Volumes, by how whole they are", Integer::doubleValue));

    static final List<Figure<Integer>> NODES =
            List.of(Figure.gauge("coffer.nodes", "Processes of the cluster, by role and state", Integer::doubleValue));

    static final List<Figure<Duration>> SILENCE = List.of(Figure.gauge(
            "coffer.heartbeat.age.seconds",
            "Since a process was last heard; on the leader of the system group alone",
            silent -> silent.toMillis() / 1000.0));

    private final Supplier<ClusterMap> map;

    ClusterFigures(Supplier<ClusterMap> map) {
        this.map = map;
    }

    RepairStatus repair() {
        return RepairStatus.of(map.get());
    }

    Map<Tags, Integer> volumes() {
        RepairStatus status = repair();
        return Map.of(
                Tags.of("state", "whole"), status.healthy(),
                Tags.of("state", "degraded"), status.degraded(),
                Tags.of("state", "at_risk"), status.atRisk(),
                Tags.of("state", "unavailable"), status.unavailable());
    }

    /** Every role and state, so that a count that falls to nothing is 0, and not the last one. */
    Map<Tags, Integer> nodes() {
        Map<Tags, Integer> counts = new HashMap<>();
        for (Node.Role role : Node.Role.values()) {
            for (Node.State state : Node.State.values()) {
                counts.put(tags(role, state), 0);
            }
        }
        for (Node node : map.get().nodes().values()) {
            counts.merge(tags(node.role(), node.state()), 1, Integer::sum);
        }
        return counts;
    }

    private static Tags tags(Node.Role role, Node.State state) {
        return Tags.of("role", lower(role), "state", lower(state));
    }

    Map<Tags, Duration> silence(Map<NodeId, Duration> silence) {
        Map<NodeId, Node> nodes = map.get().nodes();
        Map<Tags, Duration> named = new HashMap<>();
        silence.forEach((id, silent) -> {
            Node node = nodes.get(id);
            if (node != null) {
                named.put(Tags.of("node", node.label(), "role", lower(node.role())), silent);
            }
        });
        return named;
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
