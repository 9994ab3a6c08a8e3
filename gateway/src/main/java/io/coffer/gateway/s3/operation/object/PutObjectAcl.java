package io.coffer.gateway.s3.operation.object;

import io.coffer.common.metadata.AccessControlList;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.ObjectVersion;
import io.coffer.common.metadata.VersionSelector;
import io.coffer.gateway.access.acl.AclMode;
import io.coffer.gateway.client.MetadataService;
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
import java.io.IOException;
import java.util.Set;

/** Replaces the grants of a version of an object, by a canned list, by headers or by a document; its owner stays. */
public final class PutObjectAcl implements Operation {
    private static final OperationSpec SPEC = new OperationSpec(
            "PutObjectAcl", Route.of("PUT", Route.Kind.OBJECT, "acl"), Set.of("s3:PutObjectAcl"), BodyPolicy.DOCUMENT);

    private final Buckets buckets;
    private final AccessLists lists;
    private final ObjectGrants grants;

    public PutObjectAcl(MetadataService metadata, Buckets buckets, AccessLists lists) {
        this.buckets = buckets;
        this.lists = lists;
        this.grants = new ObjectGrants(metadata);
    }

    @Override
    public OperationSpec spec() {
        return SPEC;
    }

    @Override
    public S3Response handle(S3Request request) throws S3Exception, IOException {
        VersionSelector asked = ObjectVersions.version(request);
        Bucket bucket = buckets.of(request);
        ObjectVersion found = grants.find(bucket, request, asked);
        AccessControlList list = lists.ofReplacement(request, bucket, found.owner());
        lists.requireForObject(bucket, list, request);
        if (lists.mode() == AclMode.FULL) {
            grants.set(bucket, request, new VersionSelector.Exact(found.version()), list);
        }
        Headers.Builder response = new Headers.Builder();
        ObjectHead.versionId(bucket, found, response);
        return S3Response.empty(200, response.build());
    }
}
