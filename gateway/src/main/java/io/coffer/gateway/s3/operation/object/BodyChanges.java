package io.coffer.gateway.s3.operation.object;

import io.coffer.common.metadata.VersionChange;
import io.coffer.common.metadata.VersionSelector;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.header.VersionIds;
import io.coffer.gateway.s3.operation.Access;
import io.coffer.gateway.s3.operation.Buckets;
import io.coffer.gateway.s3.operation.OperationSpec;
import io.coffer.gateway.s3.operation.Permit;
import io.coffer.gateway.s3.operation.S3Request;

/** Changes of versions that stand in bodies, and which policies may allow or deny for what they are. */
final class BodyChanges {
    private final Buckets buckets;
    private final Access access;
    private final ObjectVersions versions;

    BodyChanges(MetadataService metadata, Buckets buckets, Access access) {
        this.buckets = buckets;
        this.access = access;
        this.versions = new ObjectVersions(metadata, buckets);
    }

    /** Makes the change if it is allowed; the headers name the version. */
    Headers make(S3Request request, OperationSpec spec, VersionSelector version, VersionChange change)
            throws S3Exception {
        Permit permit = access.require(
                request,
                new Access.Question(
                        spec.actions(),
                        request.target(),
                        buckets.of(request),
                        request.query().first(VersionIds.PARAMETER),
                        change));
        return versions.change(request.with(permit), version, change);
    }
}
