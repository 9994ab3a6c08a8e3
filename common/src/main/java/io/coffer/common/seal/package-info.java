/** Seals secrets with the cluster's key. */
@NullMarked
package io.coffer.common.seal;

import org.jspecify.annotations.NullMarked;
