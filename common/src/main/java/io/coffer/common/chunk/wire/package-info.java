/** The framed protocol between the users of chunks and dataservers: frames, their bounds, and their messages. */
@NullMarked
package io.coffer.common.chunk.wire;

import org.jspecify.annotations.NullMarked;
