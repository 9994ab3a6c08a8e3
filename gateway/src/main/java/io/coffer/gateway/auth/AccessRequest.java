package io.coffer.gateway.auth;

import io.coffer.common.metadata.Bucket;
import io.coffer.gateway.s3.operation.Identity;
import io.coffer.gateway.s3.operation.Target;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A question to {@link Authorizer}: may this identity do these actions to this resource?
 *
 * @param actions IAM names, e.g. {@code s3:GetObject}; all of them must be allowed
 * @param resource what is acted on
 * @param bucket the bucket of the resource; null for the service, and for a bucket that is about to be created
 */
public record AccessRequest(
        Identity identity,
        Set<String> actions,
        Target resource,
        @Nullable Bucket bucket) {
    public AccessRequest {
        actions = Set.copyOf(actions);
    }
}
