package io.coffer.gateway.access.acl;

import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;

/** The refusals of access control lists. */
final class AclErrors {
    private AclErrors() {}

    static S3Exception invalid(String message, String name, String value) {
        return new S3Exception(S3Error.INVALID_ARGUMENT, message)
                .with("ArgumentName", name)
                .with("ArgumentValue", value);
    }
}
