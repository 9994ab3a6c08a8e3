/** The language of bucket policies: parsed once, then asked without I/O. */
@NullMarked
package io.coffer.gateway.access.policy;

import org.jspecify.annotations.NullMarked;
