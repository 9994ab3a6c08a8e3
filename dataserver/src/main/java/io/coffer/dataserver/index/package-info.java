/** Where each chunk is; rebuildable; the only user of RocksDB here. */
@NullMarked
package io.coffer.dataserver.index;

import org.jspecify.annotations.NullMarked;
