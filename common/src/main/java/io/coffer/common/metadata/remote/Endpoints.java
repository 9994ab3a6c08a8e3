package io.coffer.common.metadata.remote;

import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.cluster.MetadataGroup;
import io.coffer.common.cluster.Node;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.NodeId;
import io.coffer.common.time.Ticker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The metaservers that are known: those that were configured, for ever, and those of the cluster map. Remembers who led which
 * group last. Thread-safe.
 */
final class Endpoints {
    private final Connector connector;
    private final Ticker ticker;
    private final GroupTime time;
    private final List<String> seeds;
    private final Map<String, Endpoint> endpoints = new ConcurrentHashMap<>();
    private final Map<GroupId, Endpoint> leaders = new ConcurrentHashMap<>();
    private volatile ClusterMap map = ClusterMap.EMPTY;
    private volatile boolean closed;

    Endpoints(Connector connector, List<String> seeds, Ticker ticker, GroupTime time) {
        this.connector = connector;
        this.ticker = ticker;
        this.time = time;
        this.seeds = List.copyOf(seeds);
        seeds.forEach(this::endpoint);
    }

    private Endpoint endpoint(String address) {
        Endpoint endpoint = endpoints.computeIfAbsent(address, any -> new Endpoint(any, connector, ticker, time));
        if (closed) {
            endpoint.close();
        }
        return endpoint;
    }

    /** Takes the metaservers of a newer map. Those it no longer has are forgotten. */
    void update(ClusterMap newer) {
        map = newer;
        Set<String> known = new HashSet<>(seeds);
        for (Node node : newer.nodes().values()) {
            if (node.role() == Node.Role.METASERVER && !node.address().isEmpty()) {
                known.add(node.address());
                endpoint(node.address());
            }
        }
        for (Map.Entry<String, Endpoint> entry : new HashMap<>(endpoints).entrySet()) {
            if (!known.contains(entry.getKey())) {
                leaders.values().remove(entry.getValue());
                endpoints.remove(entry.getKey());
                entry.getValue().close();
            }
        }
    }

    /** Who led the group last. */
    @Nullable
    Endpoint leader(GroupId group) {
        return leaders.get(group);
    }

    void leads(Endpoint endpoint, GroupId group) {
        if (leaders.get(group) != endpoint) {
            leaders.put(group, endpoint);
        }
    }

    void leadsNoMore(Endpoint endpoint, GroupId group) {
        leaders.remove(group, endpoint);
    }

    Optional<Endpoint> of(NodeId node) {
        Node found = map.nodes().get(node);
        return found == null
                        || found.role() != Node.Role.METASERVER
                        || found.address().isEmpty()
                ? Optional.empty()
                : Optional.of(endpoint(found.address()));
    }

    /** Everybody who may lead the group, the likeliest first. */
    Set<Endpoint> candidates(GroupId group) {
        Set<Endpoint> candidates = new LinkedHashSet<>();
        Endpoint last = leaders.get(group);
        if (last != null) {
            candidates.add(last);
        }
        MetadataGroup planned = map.groups().get(group);
        if (planned != null) {
            for (NodeId node : planned.members()) {
                of(node).ifPresent(candidates::add);
            }
        }
        seeds.forEach(seed -> candidates.add(endpoint(seed)));
        candidates.addAll(endpoints.values());
        return candidates;
    }

    List<Endpoint> all() {
        return new ArrayList<>(endpoints.values());
    }

    void tick() {
        endpoints.values().forEach(Endpoint::tick);
    }

    void close() {
        closed = true;
        endpoints.values().forEach(Endpoint::close);
    }
}
