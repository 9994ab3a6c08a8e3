/** A running store for integration tests, and a client for what no SDK sends. */
@NullMarked
package io.coffer.it.store;

import org.jspecify.annotations.NullMarked;
