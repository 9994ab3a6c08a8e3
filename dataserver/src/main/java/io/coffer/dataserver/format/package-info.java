/** Byte layouts; pure encode and decode. */
@NullMarked
package io.coffer.dataserver.format;

import org.jspecify.annotations.NullMarked;
