/** Chunk services over the framed protocol: admission, deadlines, conversion. */
@NullMarked
package io.coffer.dataserver.rpc;

import org.jspecify.annotations.NullMarked;
