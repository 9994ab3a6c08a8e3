/** The only user of RocksDB here: column families, codecs, one atomic batch. */
@NullMarked
package io.coffer.metaserver.store;

import org.jspecify.annotations.NullMarked;
