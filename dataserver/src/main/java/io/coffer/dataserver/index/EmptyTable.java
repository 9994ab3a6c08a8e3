package io.coffer.dataserver.index;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Nothing, for ever. */
final class EmptyTable implements IndexTable {
    @Override
    public byte @Nullable [] get(byte[] key) {
        return null;
    }

    @Override
    public void write(List<Change> changes) {
        throw new UnsupportedOperationException("an empty table can't be written");
    }

    @Override
    public void scan(byte[] from, Visitor visitor) {
        // Nothing to see.
    }

    @Override
    public void flush() {
        // Nothing to flush.
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
