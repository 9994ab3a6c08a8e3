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

    /** Whether all of it is in inline rows, or nowhere. */
    default boolean isInline() {
        return this instanceof Runs(List<StoredRun> runs)
                && runs.stream().allMatch(run -> run instanceof StoredRun.InlineRow);
    }
}
