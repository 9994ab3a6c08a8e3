/** The metadata groups over the network: finds and follows their leaders, watches the cluster map, sends heartbeats. */
@NullMarked
package io.coffer.common.metadata.remote;

import org.jspecify.annotations.NullMarked;
