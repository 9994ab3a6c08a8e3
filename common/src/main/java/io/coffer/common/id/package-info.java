/** Typed identifiers as records. */
@NullMarked
package io.coffer.common.id;

import org.jspecify.annotations.NullMarked;
