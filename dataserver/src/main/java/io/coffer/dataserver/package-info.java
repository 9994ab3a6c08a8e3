/** Wiring by constructor calls, configuration. */
@NullMarked
package io.coffer.dataserver;

import org.jspecify.annotations.NullMarked;
