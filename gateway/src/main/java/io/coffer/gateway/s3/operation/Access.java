package io.coffer.gateway.s3.operation;

import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.VersionChange;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Asks the one decision about what the pipeline can't see when it asks: the source of a copy, each of many keys, what a body wants
 * changed, what is shown of a version beside its bytes.
 */
@FunctionalInterface
public interface Access {
    /**
     * What is asked.
     *
     * @param actions IAM names; all of them must be allowed
     * @param versionId the version that is acted on, as the client wrote it; null for the current one
     * @param change what the request's body wants changed; null when it wants nothing
     */
    record Question(
            Set<String> actions,
            Target resource,
            Bucket bucket,
            @Nullable String versionId,
            @Nullable VersionChange change) {
        public Question(Set<String> actions, Target resource, Bucket bucket, @Nullable String versionId) {
            this(actions, resource, bucket, versionId, null);
        }
    }

    /** Whether who sent the request may do that; null when not. */
    @Nullable
    Permit ask(S3Request request, Question question) throws S3Exception;

    /** AccessDenied unless it is allowed. */
    default Permit require(S3Request request, Question question) throws S3Exception {
        Permit permit = ask(request, question);
        if (permit == null) {
            throw new S3Exception(S3Error.ACCESS_DENIED);
        }
        return permit;
    }
}
