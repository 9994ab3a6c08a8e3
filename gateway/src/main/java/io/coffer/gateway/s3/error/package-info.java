/** The error catalogue. */
@NullMarked
package io.coffer.gateway.s3.error;

import org.jspecify.annotations.NullMarked;
