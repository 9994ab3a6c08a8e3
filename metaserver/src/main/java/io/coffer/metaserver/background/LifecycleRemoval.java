package io.coffer.metaserver.background;

import io.coffer.common.metadata.BucketCommand.DeleteTarget;

/** Something that rules let go, with the condition under which they do. */
record LifecycleRemoval(Kind kind, DeleteTarget target) {
    enum Kind {
        /** The newest version of a key. */
        OBJECT,
        /** One that isn't. */
        VERSION,
        /** A delete marker that is all there is of a key. */
        MARKER
    }
}
