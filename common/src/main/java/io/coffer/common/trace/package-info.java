/** Whose request a piece of work is done for: its id in log lines, and spans of a trace, in every process that it goes through. */
@NullMarked
package io.coffer.common.trace;

import org.jspecify.annotations.NullMarked;
