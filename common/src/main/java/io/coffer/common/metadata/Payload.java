package io.coffer.common.metadata;

import io.coffer.common.id.UploadId;
import java.nio.ByteBuffer;
import java.util.List;

/** Where an object's or part's bytes come from when it is committed. */
public sealed interface Payload {
    /**
     * The bytes themselves; small.
     *
     * @param seal of encrypted ones, which are followed by their tags
     */
    record Inline(ByteBuffer bytes, Seal seal) implements Payload {
        public Inline {
            bytes = bytes.asReadOnlyBuffer();
        }

        public Inline(ByteBuffer bytes) {
            this(bytes, Seal.NONE);
        }
    }

    /** Extents that the writer has made durable and that nothing references yet. */
    record Extents(List<ExtentSlice> slices) implements Payload {
        public Extents {
            slices = List.copyOf(slices);
        }
    }

    /**
     * The bytes, or a range of the bytes, of a version that exists: its extents are referenced once more and nothing is
     * copied (inlined bytes are, inside the group). Refused with {@link Refusal#SOURCE_CHANGED} if that version is gone.
     *
     * @param offset of the range
     * @param length of the range; the whole version when {@code offset} is 0 and this is its size
     */
    record Shared(PartitionRef partition, String key, io.coffer.common.id.VersionId version, long offset, long length)
            implements Payload {}

    /** A completed upload's parts; only {@code CompleteUpload} makes it. */
    record Assembled(UploadId upload, int parts) implements Payload {}
}
