/** HTTP framing, TLS, back-pressure; the gateway's only user of Netty. */
@NullMarked
package io.coffer.gateway.http;

import org.jspecify.annotations.NullMarked;
