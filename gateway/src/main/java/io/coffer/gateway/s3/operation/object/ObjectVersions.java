package io.coffer.gateway.s3.operation.object;

import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.BucketCommand;
import io.coffer.common.metadata.BucketQuery;
import io.coffer.common.metadata.ObjectAttributes;
import io.coffer.common.metadata.ObjectVersion;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.VersionChange;
import io.coffer.common.metadata.VersionSelector;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.header.Keys;
import io.coffer.gateway.s3.header.VersionIds;
import io.coffer.gateway.s3.operation.Buckets;
import io.coffer.gateway.s3.operation.ObjectErrors;
import io.coffer.gateway.s3.operation.Permit;
import io.coffer.gateway.s3.operation.S3Request;

/** What is kept beside the bytes of a version, and changes without another version: its tags and its lock. */
final class ObjectVersions {
    private final MetadataService metadata;
    private final Buckets buckets;

    ObjectVersions(MetadataService metadata, Buckets buckets) {
        this.metadata = metadata;
        this.buckets = buckets;
    }

    /** Which version a request is about; what can't be a version is refused before anything else is looked at. */
    static VersionSelector version(S3Request request) throws S3Exception {
        Keys.check(request.key());
        return VersionIds.of(request.query().first(VersionIds.PARAMETER));
    }

    /** Changes a version; the headers name it. */
    Headers change(S3Request request, VersionSelector version, VersionChange change) throws S3Exception {
        Bucket bucket = buckets.of(request);
        if (request.permit() instanceof Permit.Nothing) {
            find(bucket, request, version);
        }
        try {
            Reply.PutReply changed = metadata.tell(
                    bucket,
                    request.key(),
                    partition -> new BucketCommand.ChangeVersion(
                            partition, request.key(), request.permit().selector(version), change));
            Headers.Builder response = new Headers.Builder();
            VersionIds.write(bucket, changed.version(), changed.nullVersion(), response);
            return response.build();
        } catch (RefusedException e) {
            if (e.refusal() == Refusal.NO_SUCH_KEY || e.refusal() == Refusal.NO_SUCH_VERSION) {
                // A delete marker is refused like nothing at all, but told apart.
                find(bucket, request, version);
            }
            throw ObjectErrors.refused(e, request.key(), version);
        }
    }

    /** The version, and the headers that name it. */
    Found get(S3Request request, VersionSelector version) throws S3Exception {
        Bucket bucket = buckets.of(request);
        ObjectVersion found = find(bucket, request, version);
        Headers.Builder response = new Headers.Builder();
        ObjectHead.versionId(bucket, found, response);
        return new Found(bucket, found.attributes(), response.build());
    }

    record Found(Bucket bucket, ObjectAttributes attributes, Headers headers) {
        /** InvalidRequest in a bucket whose versions can't be locked. */
        void requireLocks() throws S3Exception {
            if (!bucket.settings().partition().lock().enabled()) {
                throw ObjectErrors.noLocks();
            }
        }
    }

    private ObjectVersion find(Bucket bucket, S3Request request, VersionSelector version) throws S3Exception {
        try {
            ObjectVersion found = metadata.ask(
                            bucket,
                            request.key(),
                            partition -> new BucketQuery.GetObject(
                                    partition, request.key(), version, BucketQuery.Window.NONE))
                    .version();
            if (found.deleteMarker()) {
                throw ObjectErrors.deleteMarker(found, version, request.method());
            }
            request.permit().check(found);
            return found;
        } catch (RefusedException e) {
            throw ObjectErrors.refused(e, request.key(), version);
        }
    }
}
