/** Recorded histories of concurrent requests, and the checkers that judge them. */
@NullMarked
package io.coffer.it.history;

import org.jspecify.annotations.NullMarked;
