package io.coffer.gateway.s3.operation.bucket;

import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.BucketSetting;
import io.coffer.common.metadata.ObjectOwnership;
import io.coffer.gateway.access.acl.AclMode;
import io.coffer.gateway.access.acl.AclRules;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.object.BucketChanges;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.operation.AccessLists;
import io.coffer.gateway.s3.operation.Buckets;
import io.coffer.gateway.s3.operation.Documents;
import io.coffer.gateway.s3.operation.Operation;
import io.coffer.gateway.s3.operation.OperationSpec;
import io.coffer.gateway.s3.operation.OperationSpec.BodyPolicy;
import io.coffer.gateway.s3.operation.Route;
import io.coffer.gateway.s3.operation.S3Request;
import io.coffer.gateway.s3.operation.S3Response;
import io.coffer.gateway.s3.xml.AccessControlPolicy;
import io.coffer.gateway.s3.xml.OwnershipControls;
import java.io.IOException;
import java.util.Set;

/** Says whose the objects are that others write into a bucket, and whether access control lists count there. */
public final class PutBucketOwnershipControls implements Operation {
    private static final OperationSpec SPEC = new OperationSpec(
            "PutBucketOwnershipControls",
            Route.of("PUT", Route.Kind.BUCKET, "ownershipControls"),
            Set.of("s3:PutBucketOwnershipControls"),
            BodyPolicy.DOCUMENT);

    private final Buckets buckets;
    private final BucketChanges changes;
    private final AccessLists lists;

    public PutBucketOwnershipControls(Buckets buckets, BucketChanges changes, AccessLists lists) {
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
        ObjectOwnership asked =
                OwnershipControls.parse(Documents.readRequired(request)).ownership();
        Bucket bucket = buckets.of(request);
        if (asked == ObjectOwnership.BUCKET_OWNER_ENFORCED) {
            AccessControlPolicy list = lists.of(bucket, request);
            if (!AclRules.isOwnersOnly(list.acl(), list.owner(), list.owner())) {
                throw new S3Exception(S3Error.INVALID_BUCKET_ACL_WITH_OWNERSHIP);
            }
        } else if (lists.mode() == AclMode.DISABLED) {
            throw new S3Exception(S3Error.ACL_NOT_SUPPORTED);
        }
        changes.set(bucket, new BucketSetting.OwnershipControls(asked));
        return S3Response.empty(200, Headers.EMPTY);
    }
}
