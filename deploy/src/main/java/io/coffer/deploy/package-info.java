/** The launcher: wires the servers into processes, and the command line. */
@NullMarked
package io.coffer.deploy;

import org.jspecify.annotations.NullMarked;
