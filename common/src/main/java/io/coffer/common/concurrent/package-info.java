/** bounded executors, permits, quorum waiting */
@NullMarked
package io.coffer.common.concurrent;

import org.jspecify.annotations.NullMarked;
