/** Deterministic apply: the rules. */
@NullMarked
package io.coffer.metaserver.state;

import org.jspecify.annotations.NullMarked;
