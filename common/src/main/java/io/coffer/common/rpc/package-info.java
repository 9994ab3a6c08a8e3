/** Channels, TLS, deadlines. */
@NullMarked
package io.coffer.common.rpc;

import org.jspecify.annotations.NullMarked;
