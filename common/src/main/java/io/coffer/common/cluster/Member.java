package io.coffer.common.cluster;

import io.coffer.common.id.DiskId;
import io.coffer.common.id.NodeId;

/** A slot of a volume: the disk of the node that stores the chunks of this slot's index. */
public record Member(NodeId node, DiskId disk) {}
