package io.coffer.gateway.s3.operation.object;

import io.coffer.common.metadata.VersionChange;
import io.coffer.common.metadata.VersionSelector;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.operation.Buckets;
import io.coffer.gateway.s3.operation.Operation;
import io.coffer.gateway.s3.operation.OperationSpec;
import io.coffer.gateway.s3.operation.OperationSpec.BodyPolicy;
import io.coffer.gateway.s3.operation.Route;
import io.coffer.gateway.s3.operation.S3Request;
import io.coffer.gateway.s3.operation.S3Response;
import java.util.Map;
import java.util.Set;

/** Takes all tags off a version; it needn't have any. */
public final class DeleteObjectTagging implements Operation {
    private static final OperationSpec SPEC = new OperationSpec(
            "DeleteObjectTagging",
            Route.of("DELETE", Route.Kind.OBJECT, "tagging"),
            Set.of("s3:DeleteObjectTagging"),
            BodyPolicy.NONE);

    private static final int NO_CONTENT = 204;

    private final ObjectVersions versions;

    public DeleteObjectTagging(MetadataService metadata, Buckets buckets) {
        this.versions = new ObjectVersions(metadata, buckets);
    }

    @Override
    public OperationSpec spec() {
        return SPEC;
    }

    @Override
    public S3Response handle(S3Request request) throws S3Exception {
        VersionSelector version = ObjectVersions.version(request);
        return S3Response.empty(NO_CONTENT, versions.change(request, version, new VersionChange.Tags(Map.of())));
    }
}
