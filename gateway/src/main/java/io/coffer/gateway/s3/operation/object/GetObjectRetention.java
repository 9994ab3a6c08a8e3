package io.coffer.gateway.s3.operation.object;

import io.coffer.common.metadata.RetentionMode;
import io.coffer.common.metadata.VersionLock;
import io.coffer.common.metadata.VersionSelector;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.s3.error.S3Error;
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

/** Tells how long a version is retained. */
public final class GetObjectRetention implements Operation {
    private static final OperationSpec SPEC = new OperationSpec(
            "GetObjectRetention",
            Route.of("GET", Route.Kind.OBJECT, "retention"),
            Set.of("s3:GetObjectRetention"),
            BodyPolicy.NONE);

    private final ObjectVersions versions;

    public GetObjectRetention(MetadataService metadata, Buckets buckets) {
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
        VersionLock lock = found.attributes().lock();
        RetentionMode mode = lock.mode();
        if (mode == null) {
            throw new S3Exception(S3Error.NO_SUCH_OBJECT_LOCK_CONFIGURATION);
        }
        return S3Response.xml(200, found.headers(), RetentionXml.retention(mode, lock.untilMillis()));
    }
}
