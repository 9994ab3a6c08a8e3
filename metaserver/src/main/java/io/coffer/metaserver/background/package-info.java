/** Lifecycle, upload expiry, reclaim, repair and balance planning; proposes like any client. */
@NullMarked
package io.coffer.metaserver.background;

import org.jspecify.annotations.NullMarked;
