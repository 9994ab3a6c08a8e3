/** Body streams: aws-chunked, digests, encryption, cutting into extents. */
@NullMarked
package io.coffer.gateway.payload;

import org.jspecify.annotations.NullMarked;
