/** Wiring by constructor calls, configuration. */
@NullMarked
package io.coffer.metaserver;

import org.jspecify.annotations.NullMarked;
