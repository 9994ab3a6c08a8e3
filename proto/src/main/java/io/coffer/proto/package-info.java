/** Generated protobuf messages and gRPC stubs: what the processes say to one another. */
@NullMarked
package io.coffer.proto;

import org.jspecify.annotations.NullMarked;
