/** Scrub, repair, compaction: step functions with a budget. */
@NullMarked
package io.coffer.dataserver.background;

import org.jspecify.annotations.NullMarked;
