/** Immutable stored values and their invariants. */
@NullMarked
package io.coffer.metaserver.model;

import org.jspecify.annotations.NullMarked;
