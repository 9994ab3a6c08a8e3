package io.coffer.metaserver.background;

import io.coffer.common.metadata.MetadataUnavailableException;
import io.coffer.common.metadata.RefusedException;

/** A piece of background work with a budget. It may stop anywhere: whatever was not done is found again by a later step. */
@FunctionalInterface
interface Step {
    /** Does at most a budget's worth. */
    Progress run() throws MetadataUnavailableException, RefusedException, InterruptedException;

    /** What a step leaves. */
    enum Progress {
        /** There is more to do now. */
        MORE,
        /** There is nothing to do for a while. */
        DONE
    }
}
