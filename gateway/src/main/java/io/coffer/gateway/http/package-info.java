/** HTTP framing, TLS, back-pressure; the only user of Netty. */
@NullMarked
package io.coffer.gateway.http;

import org.jspecify.annotations.NullMarked;
