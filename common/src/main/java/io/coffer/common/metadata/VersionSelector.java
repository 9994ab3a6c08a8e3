package io.coffer.common.metadata;

import io.coffer.common.id.VersionId;

/** Which version of a key a request means. */
public sealed interface VersionSelector {
    VersionSelector LATEST = new Latest();
    VersionSelector NULL = new Null();

    /** The newest, whatever it is. */
    record Latest() implements VersionSelector {}

    /** The null version. */
    record Null() implements VersionSelector {}

    /** The version of this id. */
    record Exact(VersionId version) implements VersionSelector {}
}
