package io.coffer.metaserver.model;

import io.coffer.common.metadata.ExtentSlice;

/** Where a run of bytes is. */
public sealed interface StoredRun {
    long length();

    /** A row of inline bytes, all of it. One version or part owns the row. */
    record InlineRow(long id, int size) implements StoredRun {
        public InlineRow {
            if (id <= 0 || size < 1) {
                throw new IllegalArgumentException("inline row " + id + " of " + size + " bytes");
            }
        }

        @Override
        public long length() {
            return size;
        }
    }

    /** Bytes of an extent, which this run references once. */
    record InExtent(ExtentSlice slice) implements StoredRun {
        @Override
        public long length() {
            return slice.length();
        }
    }
}
