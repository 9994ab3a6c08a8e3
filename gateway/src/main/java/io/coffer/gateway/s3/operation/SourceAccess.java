package io.coffer.gateway.s3.operation;

import io.coffer.common.metadata.Bucket;
import io.coffer.gateway.s3.error.S3Exception;
import java.util.Set;

/** Asks the one decision about the second resource of an operation: the source of a copy. */
@FunctionalInterface
public interface SourceAccess {
    /** AccessDenied unless the identity may do these actions to the source. */
    void require(Identity identity, Set<String> actions, Target source, Bucket bucket) throws S3Exception;
}
