/** Quantities that must not be bare numbers. */
@NullMarked
package io.coffer.common.unit;

import org.jspecify.annotations.NullMarked;
