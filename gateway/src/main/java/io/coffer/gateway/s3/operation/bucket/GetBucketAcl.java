package io.coffer.gateway.s3.operation.bucket;

import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.operation.AccessLists;
import io.coffer.gateway.s3.operation.Buckets;
import io.coffer.gateway.s3.operation.Operation;
import io.coffer.gateway.s3.operation.OperationSpec;
import io.coffer.gateway.s3.operation.OperationSpec.BodyPolicy;
import io.coffer.gateway.s3.operation.Route;
import io.coffer.gateway.s3.operation.S3Request;
import io.coffer.gateway.s3.operation.S3Response;
import java.util.Set;

/** Tells who may do what with a bucket beside what its policy says. */
public final class GetBucketAcl implements Operation {
    private static final OperationSpec SPEC = new OperationSpec(
            "GetBucketAcl", Route.of("GET", Route.Kind.BUCKET, "acl"), Set.of("s3:GetBucketAcl"), BodyPolicy.NONE);

    private final Buckets buckets;
    private final AccessLists lists;

    public GetBucketAcl(Buckets buckets, AccessLists lists) {
        this.buckets = buckets;
        this.lists = lists;
    }

    @Override
    public OperationSpec spec() {
        return SPEC;
    }

    @Override
    public S3Response handle(S3Request request) throws S3Exception {
        return S3Response.xml(
                200, Headers.EMPTY, lists.of(buckets.of(request), request).toXml());
    }
}
