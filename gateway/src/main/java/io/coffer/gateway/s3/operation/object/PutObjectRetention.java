package io.coffer.gateway.s3.operation.object;

import io.coffer.common.metadata.VersionSelector;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.operation.Access;
import io.coffer.gateway.s3.operation.Buckets;
import io.coffer.gateway.s3.operation.DeleteConditions;
import io.coffer.gateway.s3.operation.Documents;
import io.coffer.gateway.s3.operation.Operation;
import io.coffer.gateway.s3.operation.OperationSpec;
import io.coffer.gateway.s3.operation.OperationSpec.BodyPolicy;
import io.coffer.gateway.s3.operation.Route;
import io.coffer.gateway.s3.operation.S3Request;
import io.coffer.gateway.s3.operation.S3Response;
import io.coffer.gateway.s3.xml.RetentionXml;
import java.io.IOException;
import java.util.Set;

/** Sets, prolongs or takes back how long a version is retained. */
public final class PutObjectRetention implements Operation {
    private static final OperationSpec SPEC = new OperationSpec(
            "PutObjectRetention",
            Route.of("PUT", Route.Kind.OBJECT, "retention"),
            Set.of("s3:PutObjectRetention"),
            BodyPolicy.DOCUMENT,
            true);

    private final BodyChanges changes;

    /** @param access decides about what the body wants */
    public PutObjectRetention(MetadataService metadata, Buckets buckets, Access access) {
        this.changes = new BodyChanges(metadata, buckets, access);
    }

    @Override
    public OperationSpec spec() {
        return SPEC;
    }

    @Override
    public S3Response handle(S3Request request) throws S3Exception, IOException {
        VersionSelector version = ObjectVersions.version(request);
        boolean bypassing = DeleteConditions.bypasses(request.headers());
        return S3Response.empty(
                200,
                changes.make(
                        request,
                        SPEC,
                        version,
                        RetentionXml.parseRetention(Documents.readPromised(request), bypassing)));
    }
}
