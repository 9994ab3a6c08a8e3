package io.coffer.metaserver.model;

import io.coffer.common.metadata.ExtentSlice;
import io.coffer.common.metadata.Seal;

/** Where a run of bytes is. */
public sealed interface StoredRun {
    long length();

    Seal seal();

    StoredRun withSeal(Seal now);

    /**
     * A row of inline bytes. One version or part owns the row.
     *
     * @param rowSize bytes of the row; more than {@code size} only of encrypted ones, which have their tags behind them and of which a
     *     run may be a part
     */
    record InlineRow(long id, int rowSize, int offset, int size, Seal seal) implements StoredRun {
        public InlineRow {
            if (id <= 0 || size < 1 || offset < 0 || offset > rowSize - size) {
                throw new IllegalArgumentException(
                        "bytes " + offset + "+" + size + " of inline row " + id + " of " + rowSize + " bytes");
            }
            if (seal.isNone() && size != rowSize) {
                throw new IllegalArgumentException("a part of inline row " + id);
            }
        }

        /** All of a row that isn't encrypted. */
        public InlineRow(long id, int size) {
            this(id, size, 0, size, Seal.NONE);
        }

        @Override
        public InlineRow withSeal(Seal now) {
            return new InlineRow(id, rowSize, offset, size, now);
        }

        @Override
        public long length() {
            return size;
        }
    }

    /** Bytes of an extent, which this run references once. */
    record InExtent(ExtentSlice slice) implements StoredRun {
        @Override
        public Seal seal() {
            return slice.seal();
        }

        @Override
        public InExtent withSeal(Seal now) {
            return new InExtent(slice.withSeal(now));
        }

        @Override
        public long length() {
            return slice.length();
        }
    }
}
