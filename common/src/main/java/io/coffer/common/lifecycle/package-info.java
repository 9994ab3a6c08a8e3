/** Lifecycle rules of buckets: what they let go of, and when. */
@NullMarked
package io.coffer.common.lifecycle;

import org.jspecify.annotations.NullMarked;
