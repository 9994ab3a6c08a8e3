package io.coffer.deploy.cluster;

import io.coffer.common.cluster.Node;
import java.util.Locale;

/**
 * A process of a cluster on this host.
 *
 * @param name and that of its directory
 * @param address where it serves: S3 for a gateway
 * @param peerAddress of a metaserver's Raft groups; empty for the others
 * @param adminAddress of its admin interface, or of its health and metrics
 */
record ClusterNode(String name, Node.Role role, String address, String peerAddress, String adminAddress) {
    /** The command that runs it, which is also what its role is called. */
    String command() {
        return role.name().toLowerCase(Locale.ROOT);
    }

    String adminUrl() {
        return "http://" + adminAddress;
    }
}
