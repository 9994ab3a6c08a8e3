package io.coffer.metaserver;

import io.coffer.common.cluster.Node;
import io.coffer.metaserver.background.ClusterBackground;
import java.util.List;

/**
 * What a metaserver knows of the cluster that it is part of.
 *
 * @param self as it puts itself on the cluster map: a metaserver with the addresses at which others reach it
 * @param seeds {@code host:port} of some metaservers; none for the first
 */
public record ClusterConfig(Node self, List<String> seeds, ClusterBackground.Settings background) {
    public ClusterConfig {
        seeds = List.copyOf(seeds);
        if (self.role() != Node.Role.METASERVER
                || self.address().isEmpty()
                || self.peerAddress().isEmpty()) {
            throw new IllegalArgumentException("not a metaserver with its addresses: " + self);
        }
    }
}
