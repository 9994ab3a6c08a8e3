/** Tests of the whole store: stock clients against real processes. */
@NullMarked
package io.coffer.it;

import org.jspecify.annotations.NullMarked;
