/** Chunk stores of other nodes: the framed protocol's client. */
@NullMarked
package io.coffer.common.chunk.remote;

import org.jspecify.annotations.NullMarked;
