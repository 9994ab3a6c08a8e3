/** One disk: segments, group commit, health; owns its I/O threads. */
@NullMarked
package io.coffer.dataserver.disk;

import org.jspecify.annotations.NullMarked;
