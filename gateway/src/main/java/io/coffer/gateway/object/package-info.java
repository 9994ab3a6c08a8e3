/** The application layer: write, read, copy, assemble, list. */
@NullMarked
package io.coffer.gateway.object;

import org.jspecify.annotations.NullMarked;
