/** Linearizable reads, listing. */
@NullMarked
package io.coffer.metaserver.query;

import org.jspecify.annotations.NullMarked;
