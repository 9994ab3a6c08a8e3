/** Named threads. */
@NullMarked
package io.coffer.common.concurrent;

import org.jspecify.annotations.NullMarked;
