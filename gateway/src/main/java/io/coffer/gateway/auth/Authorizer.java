package io.coffer.gateway.auth;

import io.coffer.common.id.AccountId;
import io.coffer.common.metadata.Bucket;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.operation.Identity;
import java.util.Set;

/**
 * The one decision whether a request may do what it asks; what no rule allows is denied. The rules now: the owner of a bucket may
 * do everything to it and what is in it, and nobody else anything; every signed account may list its buckets and create one;
 * anonymous requests may do nothing. Thread-safe.
 */
public final class Authorizer {
    /** What needs no bucket. The second is never allowed to anonymous requests, whatever policies will say. */
    private static final Set<String> SERVICE_ACTIONS = Set.of("s3:ListAllMyBuckets", "s3:CreateBucket");

    /** AccessDenied unless the request is allowed. */
    public void require(AccessRequest request) throws S3Exception {
        if (!allows(request)) {
            throw new S3Exception(S3Error.ACCESS_DENIED);
        }
    }

    public boolean allows(AccessRequest request) {
        return switch (request.identity()) {
            case Identity.Anonymous() -> false;
            case Identity.Signed signed -> {
                Bucket bucket = request.bucket();
                yield bucket == null ? mayUseService(request) : owns(signed.accountId(), bucket, request);
            }
        };
    }

    private static boolean mayUseService(AccessRequest request) {
        return !request.actions().isEmpty() && SERVICE_ACTIONS.containsAll(request.actions());
    }

    private static boolean owns(AccountId account, Bucket bucket, AccessRequest request) {
        return !request.actions().isEmpty() && bucket.owner().equals(account);
    }
}
