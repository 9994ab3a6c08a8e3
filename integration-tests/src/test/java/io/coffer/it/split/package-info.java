/** Stores whose buckets live in different bucket groups. */
@NullMarked
package io.coffer.it.split;

import org.jspecify.annotations.NullMarked;
