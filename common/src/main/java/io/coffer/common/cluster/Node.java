package io.coffer.common.cluster;

import io.coffer.common.id.NodeId;

/**
 * A node that stores chunks.
 *
 * @param location failure-domain path {@code site/rack/node}
 * @param address {@code host:port} of its chunk service; empty when it shares the process of its callers
 */
public record Node(NodeId id, String location, String address) {}
