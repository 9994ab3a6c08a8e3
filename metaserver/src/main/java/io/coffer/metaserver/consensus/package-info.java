/** The only user of Ratis: groups, proposals, snapshots. */
@NullMarked
package io.coffer.metaserver.consensus;

import org.jspecify.annotations.NullMarked;
