/** Whose request a piece of work is done for, in the log lines of every process it goes through. */
@NullMarked
package io.coffer.common.trace;

import org.jspecify.annotations.NullMarked;
