/** What a dataserver offers: chunks written, read, verified and deleted, addressed by disk. */
@NullMarked
package io.coffer.common.chunk;

import org.jspecify.annotations.NullMarked;
