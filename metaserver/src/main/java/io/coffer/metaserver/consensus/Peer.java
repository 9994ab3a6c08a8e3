package io.coffer.metaserver.consensus;

import io.coffer.common.id.NodeId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;

/**
 * A member of a group.
 *
 * @param address {@code host:port} at which the other peers reach it; empty in a group of one
 * @param priority the peer with the highest one becomes the leader when it is up and caught up
 */
public record Peer(NodeId node, String address, int priority) {
    static RaftPeerId idOf(NodeId node) {
        return RaftPeerId.valueOf(node.toString());
    }

    /** A member of the usual priority. */
    public Peer(NodeId node, String address) {
        this(node, address, 0);
    }

    static NodeId nodeOf(RaftPeerId id) {
        return NodeId.parse(id.toString());
    }

    static Peer of(RaftPeer peer) {
        return new Peer(nodeOf(peer.getId()), peer.getAddress() == null ? "" : peer.getAddress(), peer.getPriority());
    }

    RaftPeer toRaftPeer() {
        RaftPeer.Builder peer = RaftPeer.newBuilder().setId(idOf(node)).setPriority(priority);
        return address.isEmpty() ? peer.build() : peer.setAddress(address).build();
    }
}
