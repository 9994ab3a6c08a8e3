package io.coffer.metaserver.background;

import io.coffer.common.id.GroupId;
import io.coffer.common.metadata.BucketCommand.ReleaseParts;
import io.coffer.common.metadata.MetadataUnavailableException;
import io.coffer.common.metadata.RefusedException;

/** Lets the groups release the parts of discarded uploads and assemblies, a bounded number of rows per command. */
final class PartReleaser implements Step {
    private final Calls calls;
    private final Groups groups;

    PartReleaser(Calls calls, Groups groups) {
        this.calls = calls;
        this.groups = groups;
    }

    @Override
    public Progress run() throws MetadataUnavailableException, RefusedException, InterruptedException {
        Progress progress = Progress.DONE;
        for (GroupId group : groups.local()) {
            if (groups.leads(group)
                    && calls.tell(group, new ReleaseParts(Limits.RELEASED_PER_STEP))
                            .more()) {
                progress = Progress.MORE;
            }
        }
        return progress;
    }
}
