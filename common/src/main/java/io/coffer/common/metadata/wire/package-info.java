/** Metadata records to protobuf messages and back: the Raft log's format and the network's. */
@NullMarked
package io.coffer.common.metadata.wire;

import org.jspecify.annotations.NullMarked;
