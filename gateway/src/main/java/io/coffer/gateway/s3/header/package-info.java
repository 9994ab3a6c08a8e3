/** Typed headers. */
@NullMarked
package io.coffer.gateway.s3.header;

import org.jspecify.annotations.NullMarked;
