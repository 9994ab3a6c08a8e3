/** Wires one role into a process of a cluster: it joins, starts, says that it is there, and stops. */
@NullMarked
package io.coffer.deploy.node;

import org.jspecify.annotations.NullMarked;
