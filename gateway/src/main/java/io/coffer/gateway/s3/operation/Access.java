package io.coffer.gateway.s3.operation;

import io.coffer.common.metadata.Bucket;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Asks the one decision about what a request acts on beside its target: the source of a copy, each of many keys. */
@FunctionalInterface
public interface Access {
    /**
     * Whether who sent the request may do these actions there; null when not.
     *
     * @param versionId the version that is acted on, as the client wrote it; null for the current one
     */
    @Nullable
    Permit ask(S3Request request, Set<String> actions, Target resource, Bucket bucket, @Nullable String versionId)
            throws S3Exception;

    /** AccessDenied unless it is allowed. */
    default Permit require(
            S3Request request, Set<String> actions, Target resource, Bucket bucket, @Nullable String versionId)
            throws S3Exception {
        Permit permit = ask(request, actions, resource, bucket, versionId);
        if (permit == null) {
            throw new S3Exception(S3Error.ACCESS_DENIED);
        }
        return permit;
    }
}
