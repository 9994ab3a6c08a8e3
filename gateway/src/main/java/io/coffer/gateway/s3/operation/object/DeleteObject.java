package io.coffer.gateway.s3.operation.object;

import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.BucketCommand;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.VersionSelector;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.header.Keys;
import io.coffer.gateway.s3.header.VersionIds;
import io.coffer.gateway.s3.operation.Buckets;
import io.coffer.gateway.s3.operation.DeleteConditions;
import io.coffer.gateway.s3.operation.ObjectErrors;
import io.coffer.gateway.s3.operation.Operation;
import io.coffer.gateway.s3.operation.OperationSpec;
import io.coffer.gateway.s3.operation.OperationSpec.BodyPolicy;
import io.coffer.gateway.s3.operation.Route;
import io.coffer.gateway.s3.operation.S3Request;
import io.coffer.gateway.s3.operation.S3Response;
import java.util.Set;

/** Deletes an object or a version; deleting what isn't there succeeds. */
public final class DeleteObject implements Operation {
    private static final OperationSpec SPEC = new OperationSpec(
            "DeleteObject", Route.of("DELETE", Route.Kind.OBJECT), Set.of("s3:DeleteObject"), BodyPolicy.NONE);

    private static final int NO_CONTENT = 204;

    private final MetadataService metadata;
    private final Buckets buckets;

    public DeleteObject(MetadataService metadata, Buckets buckets) {
        this.metadata = metadata;
        this.buckets = buckets;
    }

    @Override
    public OperationSpec spec() {
        return SPEC;
    }

    @Override
    public S3Response handle(S3Request request) throws S3Exception {
        String key = request.key();
        Keys.check(key);
        String versionId = request.query().first(VersionIds.PARAMETER);
        VersionSelector version = versionId == null ? null : VersionIds.of(versionId);
        BucketCommand.DeleteTarget target = DeleteConditions.target(key, version, request.headers());
        Bucket bucket = buckets.of(request);
        DeleteConditions.refuseBypass(request.headers(), bucket);
        Reply.DeleteReply reply;
        try {
            reply = metadata.tell(
                    bucket,
                    key,
                    partition ->
                            new BucketCommand.DeleteObject(partition, target, bucket.versioning(), bucket.owner()));
            if (reply.refusal() != null) {
                throw new RefusedException(reply.refusal());
            }
        } catch (RefusedException e) {
            throw e.refusal() == Refusal.PRECONDITION_FAILED
                    ? DeleteConditions.failed(target)
                    : ObjectErrors.refused(e, key, target.condition());
        }
        Headers.Builder response = new Headers.Builder();
        if (reply.deleteMarker()) {
            response.add("x-amz-delete-marker", "true");
        }
        if (versionId != null) {
            response.add(VersionIds.HEADER, versionId);
        } else if (reply.version() != null) {
            VersionIds.write(bucket, reply.version(), reply.nullVersion(), response);
        }
        return S3Response.empty(NO_CONTENT, response.build());
    }
}
