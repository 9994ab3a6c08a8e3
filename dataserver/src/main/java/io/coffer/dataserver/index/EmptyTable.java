package io.coffer.dataserver.index;

import org.jspecify.annotations.Nullable;

/** Nothing, for ever. */
final class EmptyTable implements IndexSource {
    @Override
    public byte @Nullable [] get(byte[] key) {
        return null;
    }

    @Override
    public void scan(byte[] from, Visitor visitor) {
        // Nothing to see.
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
