/** Pure choice of a volume, and of the copy to read. */
@NullMarked
package io.coffer.gateway.placement;

import org.jspecify.annotations.NullMarked;
