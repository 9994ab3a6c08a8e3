package io.coffer.common.metadata;

import java.nio.ByteBuffer;

/** A run of an object's bytes, in order. */
public sealed interface DataRun {
    /** Bytes in the run. */
    long length();

    /** Bytes kept in metadata. */
    record InlineRun(ByteBuffer bytes) implements DataRun {
        public InlineRun {
            bytes = bytes.asReadOnlyBuffer();
        }

        @Override
        public long length() {
            return bytes.remaining();
        }
    }

    /** Bytes in an extent. */
    record ExtentRun(ExtentSlice slice) implements DataRun {
        @Override
        public long length() {
            return slice.length();
        }
    }
}
