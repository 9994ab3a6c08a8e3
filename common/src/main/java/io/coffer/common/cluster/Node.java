package io.coffer.common.cluster;

import io.coffer.common.id.NodeId;

/**
 * A process of the cluster.
 *
 * @param name what people call it; unique in the cluster; empty in a cluster of one process
 * @param location failure-domain path {@code site/rack/host}
 * @param address {@code host:port} at which it serves: chunks for a dataserver, metadata for a metaserver, S3 for a gateway; empty
 *     when it shares the process of its callers
 * @param peerAddress {@code host:port} at which the other metaservers' Raft groups reach a metaserver; empty for the others
 * @param state as the leader of the system group last saw it
 * @param draining whether an operator wants it empty: it takes no new volumes, and its members move away
 */
public record Node(
        NodeId id,
        Role role,
        String name,
        String location,
        String address,
        String peerAddress,
        State state,
        boolean draining) {
    /** What a process is. */
    public enum Role {
        DATASERVER,
        METASERVER,
        GATEWAY
    }

    /** Whether it is there. */
    public enum State {
        /** Its heartbeats arrive. */
        UP,
        /** They don't; it may come back at any moment. */
        DOWN,
        /** It has been away for so long that its volumes get other members. */
        LOST
    }

    /** A dataserver that is up and has no name. */
    public Node(NodeId id, String location, String address) {
        this(id, Role.DATASERVER, "", location, address, "", State.UP, false);
    }

    public Node withState(State other) {
        return new Node(id, role, name, location, address, peerAddress, other, draining);
    }

    public Node withDraining(boolean other) {
        return new Node(id, role, name, location, address, peerAddress, state, other);
    }

    /** What to call it in messages. */
    public String label() {
        return name.isEmpty() ? id.toString() : name;
    }
}
