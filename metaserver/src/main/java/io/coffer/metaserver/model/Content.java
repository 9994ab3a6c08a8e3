package io.coffer.metaserver.model;

import io.coffer.common.id.UploadId;
import java.util.List;

/** What a version's bytes consist of. */
public sealed interface Content {
    Content EMPTY = new Runs(List.of());

    /** Runs in order; together they are the whole. */
    record Runs(List<StoredRun> runs) implements Content {
        public Runs {
            runs = List.copyOf(runs);
        }

        public long length() {
            long length = 0;
            for (StoredRun run : runs) {
                length += run.length();
            }
            return length;
        }
    }

    /** The parts of a completed upload, referenced once more. */
    record Assembly(UploadId upload) implements Content {}

    /**
     * The first bytes of a chain, up to the end of one of its pieces, which counts this.
     *
     * @param parts of which it was put together, those of assembled objects counted one by one
     */
    record Chain(long id, long length, int parts) implements Content {
        public Chain {
            if (length < 1 || parts < 1) {
                throw new IllegalArgumentException(length + " bytes of a chain, in " + parts + " parts");
            }
        }
    }

    /** Whether all of it is in inline rows, or nowhere. */
    default boolean isInline() {
        return this instanceof Runs(List<StoredRun> runs)
                && runs.stream().allMatch(run -> run instanceof StoredRun.InlineRow);
    }
}
