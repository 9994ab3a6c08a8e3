/** Wrapping data keys anew after a key of the key store was rotated: what is asked for, who does it, and how far it is. */
@NullMarked
package io.coffer.gateway.rewrap;

import org.jspecify.annotations.NullMarked;
