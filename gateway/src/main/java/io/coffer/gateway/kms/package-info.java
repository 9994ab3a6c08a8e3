/** The keys that wrap data keys: the key store, and the root key that nothing is kept without. */
@NullMarked
package io.coffer.gateway.kms;

import org.jspecify.annotations.NullMarked;
