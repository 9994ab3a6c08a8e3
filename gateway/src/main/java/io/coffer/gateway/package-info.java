/** Wiring by constructor calls, configuration, the {@code OperationCatalog}. */
@NullMarked
package io.coffer.gateway;

import org.jspecify.annotations.NullMarked;
