package io.coffer.gateway.s3.operation.object;

import io.coffer.common.metadata.AccessControlList;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.BucketCommand;
import io.coffer.common.metadata.BucketQuery;
import io.coffer.common.metadata.ObjectVersion;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.VersionChange;
import io.coffer.common.metadata.VersionSelector;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.operation.ObjectErrors;
import io.coffer.gateway.s3.operation.S3Request;

/** The grants of versions, which change without making another version. Thread-safe. */
final class ObjectGrants {
    private final MetadataService metadata;

    ObjectGrants(MetadataService metadata) {
        this.metadata = metadata;
    }

    /** The version that was decided about. */
    ObjectVersion find(Bucket bucket, S3Request request, VersionSelector asked) throws S3Exception {
        try {
            ObjectVersion found = metadata.ask(
                            bucket,
                            request.key(),
                            partition ->
                                    new BucketQuery.GetObject(partition, request.key(), asked, BucketQuery.Window.NONE))
                    .version();
            if (found.deleteMarker()) {
                throw ObjectErrors.deleteMarker(found, asked, request.method());
            }
            request.permit().check(found);
            return found;
        } catch (RefusedException e) {
            throw ObjectErrors.refused(e, request.key(), asked);
        }
    }

    void set(Bucket bucket, S3Request request, VersionSelector version, AccessControlList acl) throws S3Exception {
        try {
            metadata.tell(
                    bucket,
                    request.key(),
                    partition -> new BucketCommand.ChangeVersion(
                            partition, request.key(), version, new VersionChange.Grants(acl)));
        } catch (RefusedException e) {
            throw ObjectErrors.refused(e, request.key(), version);
        }
    }
}
