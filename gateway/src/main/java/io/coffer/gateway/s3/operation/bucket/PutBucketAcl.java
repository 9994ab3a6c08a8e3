package io.coffer.gateway.s3.operation.bucket;

import io.coffer.common.metadata.AccessControlList;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.DocumentKind;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.object.BucketChanges;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.operation.AccessLists;
import io.coffer.gateway.s3.operation.Buckets;
import io.coffer.gateway.s3.operation.Operation;
import io.coffer.gateway.s3.operation.OperationSpec;
import io.coffer.gateway.s3.operation.OperationSpec.BodyPolicy;
import io.coffer.gateway.s3.operation.Route;
import io.coffer.gateway.s3.operation.S3Request;
import io.coffer.gateway.s3.operation.S3Response;
import io.coffer.gateway.s3.xml.AccessControlPolicy;
import java.io.IOException;
import java.util.Set;

/** Replaces the grants of a bucket, by a canned list, by headers or by a document. */
public final class PutBucketAcl implements Operation {
    private static final OperationSpec SPEC = new OperationSpec(
            "PutBucketAcl", Route.of("PUT", Route.Kind.BUCKET, "acl"), Set.of("s3:PutBucketAcl"), BodyPolicy.DOCUMENT);

    private final Buckets buckets;
    private final BucketChanges changes;
    private final AccessLists lists;

    public PutBucketAcl(Buckets buckets, BucketChanges changes, AccessLists lists) {
        this.buckets = buckets;
        this.changes = changes;
        this.lists = lists;
    }

    @Override
    public OperationSpec spec() {
        return SPEC;
    }

    @Override
    public S3Response handle(S3Request request) throws S3Exception, IOException {
        Bucket bucket = buckets.of(request);
        AccessControlList asked = lists.ofReplacement(request, bucket, bucket.owner());
        String owner = lists.canonicalOwner(bucket, request);
        AccessControlPolicy list = new AccessControlPolicy(owner, asked);
        if (list.equals(AccessControlPolicy.ofOwner(owner))) {
            changes.remove(bucket, DocumentKind.ACL);
        } else {
            changes.put(bucket, DocumentKind.ACL, list.toXml());
        }
        return S3Response.empty(200, Headers.EMPTY);
    }
}
