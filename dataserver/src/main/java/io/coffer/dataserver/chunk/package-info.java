/** A chunk's life: append, seal, read, verify, delete. */
@NullMarked
package io.coffer.dataserver.chunk;

import org.jspecify.annotations.NullMarked;
