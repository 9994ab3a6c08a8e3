/** Lets nodes into the cluster: its certificate authority, its join tokens, and the first node. */
@NullMarked
package io.coffer.metaserver.admission;

import org.jspecify.annotations.NullMarked;
