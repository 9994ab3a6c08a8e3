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
 *
 * @param version null when any will do
 */
public record Permit(@Nullable VersionId version) {
    /** Of a decision that rests on no version. */
    public static final Permit ANY = new Permit(null);

    /** ServiceUnavailable for a version that was not decided about: it came in between, and the client asks again. */
    public void check(ObjectVersion found) throws S3Exception {
        if (version != null && !version.equals(found.version())) {
            throw new S3Exception(S3Error.SERVICE_UNAVAILABLE);
        }
    }

    /** The version to change: the one that was decided about, if that matters. */
    public VersionSelector selector(VersionSelector asked) {
        return version == null ? asked : new VersionSelector.Exact(version);
    }
}
