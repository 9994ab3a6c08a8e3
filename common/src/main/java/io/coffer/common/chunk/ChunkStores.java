package io.coffer.common.chunk;

import io.coffer.common.id.NodeId;
import java.util.Optional;

/** Where each node's chunk store is reached: a direct call in one process, a channel otherwise. Thread-safe. */
@FunctionalInterface
public interface ChunkStores {
    /** The chunk store of a node, or empty if the node is unknown. */
    Optional<ChunkStore> of(NodeId node);
}
