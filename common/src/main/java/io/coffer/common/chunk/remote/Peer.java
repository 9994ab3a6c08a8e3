package io.coffer.common.chunk.remote;

import io.coffer.common.id.NodeId;

/** A dataserver and where it is. */
record Peer(NodeId node, String host, int port) {
    private static final int MAX_PORT = 65_535;

    /**
     * Takes an address apart.
     *
     * @param address {@code host:port}, with brackets around an IPv6 address
     */
    static Peer of(NodeId node, String address) {
        int colon = address.lastIndexOf(':');
        if (colon <= 0) {
            throw new IllegalArgumentException("not an address: " + address);
        }
        String host = address.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        int port = Integer.parseInt(address.substring(colon + 1));
        if (port < 1 || port > MAX_PORT) {
            throw new IllegalArgumentException("not a port: " + address);
        }
        return new Peer(node, host, port);
    }

    @Override
    public String toString() {
        return node + " at " + host + ":" + port;
    }
}
