package io.coffer.common.metadata;

import java.nio.ByteBuffer;

/** A run of an object's bytes, in order. */
public sealed interface DataRun {
    /** Bytes in the run. */
    long length();

    /**
     * Bytes kept in metadata. Encrypted ones are there whole, with their tags, because nothing less can be opened.
     *
     * @param bytes of which the run is {@code size} from {@code offset}; all of them, unless they are encrypted
     */
    record InlineRun(ByteBuffer bytes, int offset, int size, Seal seal) implements DataRun {
        public InlineRun {
            bytes = bytes.asReadOnlyBuffer();
            if (offset < 0 || size < 0 || offset > bytes.remaining() - size) {
                throw new IllegalArgumentException("bytes " + offset + "+" + size + " of " + bytes.remaining());
            }
            if (seal.isNone() && size != bytes.remaining()) {
                throw new IllegalArgumentException("a part of bytes that can be cut");
            }
        }

        public InlineRun(ByteBuffer bytes) {
            this(bytes, 0, bytes.remaining(), Seal.NONE);
        }

        @Override
        public long length() {
            return size;
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
