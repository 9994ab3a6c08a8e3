package io.coffer.gateway.s3.operation;

import io.coffer.common.id.VersionId;
import io.coffer.common.metadata.ObjectVersion;
import io.coffer.common.metadata.VersionSelector;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import org.jspecify.annotations.Nullable;

/**
 * That a request is allowed, and of which version. A decision that rests on a version's grants or tags says nothing of another one that
 * has taken its place meanwhile.
 */
public sealed interface Permit {
    /** Of a decision that rests on no version: any will do. */
    Permit ANY = new Any();

    /** Of a decision that rests on there being no version: only to be told so. */
    Permit NOTHING = new Nothing();

    record Any() implements Permit {}

    record Only(VersionId version) implements Permit {}

    record Nothing() implements Permit {}

    /** ServiceUnavailable for a version that was not decided about: it came in between, and the decision is taken again. */
    default void check(ObjectVersion found) throws S3Exception {
        boolean decided = switch (this) {
            case Any() -> true;
            case Only(VersionId version) -> version.equals(found.version());
            case Nothing() -> false;
        };
        if (!decided) {
            throw new S3Exception(S3Error.SERVICE_UNAVAILABLE);
        }
    }

    /** The version that was decided about; null when any will do, or there was none. */
    default @Nullable VersionId version() {
        return this instanceof Only(VersionId version) ? version : null;
    }

    /** The version to change: the one that was decided about, if that matters. */
    default VersionSelector selector(VersionSelector asked) {
        return this instanceof Only(VersionId version) ? new VersionSelector.Exact(version) : asked;
    }
}
