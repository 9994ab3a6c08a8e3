/** A cluster of separate processes on this host, started and stopped by one command. */
@NullMarked
package io.coffer.deploy.cluster;

import org.jspecify.annotations.NullMarked;
