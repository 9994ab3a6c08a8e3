/** gRPC services: check shape, convert, call; no decisions. */
@NullMarked
package io.coffer.metaserver.rpc;

import org.jspecify.annotations.NullMarked;
