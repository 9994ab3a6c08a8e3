/** Wires the servers into processes: configuration, start, readiness, stop. */
@NullMarked
package io.coffer.deploy.server;

import org.jspecify.annotations.NullMarked;
