/** Named threads, and waits with deadlines that needn't be exact. */
@NullMarked
package io.coffer.common.concurrent;

import org.jspecify.annotations.NullMarked;
