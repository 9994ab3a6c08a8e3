package io.coffer.gateway.s3.operation.object;

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
import io.coffer.gateway.s3.xml.RetentionXml;
import java.util.Set;

/** Tells whether a version is held. */
public final class GetObjectLegalHold implements Operation {
    private static final OperationSpec SPEC = new OperationSpec(
            "GetObjectLegalHold",
            Route.of("GET", Route.Kind.OBJECT, "legal-hold"),
            Set.of("s3:GetObjectLegalHold"),
            BodyPolicy.NONE);

    private final ObjectVersions versions;

    public GetObjectLegalHold(MetadataService metadata, Buckets buckets) {
        this.versions = new ObjectVersions(metadata, buckets);
    }

    @Override
    public OperationSpec spec() {
        return SPEC;
    }

    @Override
    public S3Response handle(S3Request request) throws S3Exception {
        VersionSelector version = ObjectVersions.version(request);
        ObjectVersions.Found found = versions.get(request, version);
        found.requireLocks();
        return S3Response.xml(
                200,
                found.headers(),
                RetentionXml.hold(found.attributes().lock().hold()));
    }
}
