/** gRPC chunk services: admission, deadlines, conversion. */
@NullMarked
package io.coffer.dataserver.rpc;

import org.jspecify.annotations.NullMarked;
