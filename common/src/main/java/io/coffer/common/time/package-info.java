/** Clock and ticker. */
@NullMarked
package io.coffer.common.time;

import org.jspecify.annotations.NullMarked;
