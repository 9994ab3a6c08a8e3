package io.coffer.gateway.s3.operation.object;

import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.ObjectVersion;
import io.coffer.common.metadata.VersionSelector;
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
import io.coffer.gateway.s3.xml.AccessControlPolicy;
import java.util.Set;

/** Tells who may do what with a version of an object beside what policies say. */
public final class GetObjectAcl implements Operation {
    private static final OperationSpec SPEC = new OperationSpec(
            "GetObjectAcl", Route.of("GET", Route.Kind.OBJECT, "acl"), Set.of("s3:GetObjectAcl"), BodyPolicy.NONE);

    private final Buckets buckets;
    private final AccessLists lists;
    private final ObjectGrants grants;

    public GetObjectAcl(MetadataService metadata, Buckets buckets, AccessLists lists) {
        this.buckets = buckets;
        this.lists = lists;
        this.grants = new ObjectGrants(metadata);
    }

    @Override
    public OperationSpec spec() {
        return SPEC;
    }

    @Override
    public S3Response handle(S3Request request) throws S3Exception {
        VersionSelector asked = ObjectVersions.version(request);
        Bucket bucket = buckets.of(request);
        ObjectVersion found = grants.find(bucket, request, asked);
        Headers.Builder response = new Headers.Builder();
        ObjectHead.versionId(bucket, found, response);
        AccessControlPolicy list =
                lists.of(bucket, found.owner(), found.attributes().acl(), request);
        return S3Response.xml(200, response.build(), list.toXml());
    }
}
