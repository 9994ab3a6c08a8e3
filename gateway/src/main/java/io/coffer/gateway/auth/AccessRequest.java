package io.coffer.gateway.auth;

import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.VersionChange;
import io.coffer.gateway.s3.operation.Circumstances;
import io.coffer.gateway.s3.operation.Identity;
import io.coffer.gateway.s3.operation.Target;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A question to {@link Authorizer}: may this identity do these actions to this resource?
 *
 * @param actions IAM names, e.g. {@code s3:GetObject}; all of them must be allowed, and what the request's headers and version ask for
 *     besides
 * @param resource what is acted on
 * @param bucket the bucket of the resource; null for the service, and for a bucket that is about to be created
 * @param versionId the version that is acted on, as the client wrote it; null for the current one
 * @param change what the request's body wants changed; null when it wants nothing
 */
public record AccessRequest(
        Identity identity,
        Set<String> actions,
        Target resource,
        @Nullable Bucket bucket,
        Circumstances circumstances,
        @Nullable String versionId,
        @Nullable VersionChange change) {
    public AccessRequest {
        actions = Set.copyOf(actions);
    }

    /** Of a request whose body says nothing of what it acts on. */
    public AccessRequest(
            Identity identity,
            Set<String> actions,
            Target resource,
            @Nullable Bucket bucket,
            Circumstances circumstances,
            @Nullable String versionId) {
        this(identity, actions, resource, bucket, circumstances, versionId, null);
    }

    /** The key of an object; null for a bucket and the service. */
    @Nullable
    String key() {
        return resource instanceof Target.ObjectTarget(String _, String key) ? key : null;
    }

    AccessRequest withActions(Set<String> others, Target other) {
        return new AccessRequest(identity, others, other, bucket, circumstances, null);
    }
}
