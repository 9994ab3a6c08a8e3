package io.coffer.common.cluster;

import io.coffer.common.id.NodeId;

/**
 * A node that an operator took out of the cluster for good. Its certificate may be valid for long, so everybody who checks one knows of it.
 *
 * @param removedMillis when, since 1970
 */
public record RemovedNode(NodeId id, long removedMillis) {}
