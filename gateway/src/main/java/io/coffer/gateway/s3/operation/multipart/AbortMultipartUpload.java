package io.coffer.gateway.s3.operation.multipart;

import io.coffer.common.id.UploadId;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.BucketCommand;
import io.coffer.common.metadata.RefusedException;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.header.Keys;
import io.coffer.gateway.s3.operation.Buckets;
import io.coffer.gateway.s3.operation.ObjectErrors;
import io.coffer.gateway.s3.operation.Operation;
import io.coffer.gateway.s3.operation.OperationSpec;
import io.coffer.gateway.s3.operation.OperationSpec.BodyPolicy;
import io.coffer.gateway.s3.operation.Route;
import io.coffer.gateway.s3.operation.S3Request;
import io.coffer.gateway.s3.operation.S3Response;
import io.coffer.gateway.s3.operation.UploadIds;
import java.util.Set;

/** Ends an upload without an object; its parts' space comes back. */
public final class AbortMultipartUpload implements Operation {
    private static final OperationSpec SPEC = new OperationSpec(
            "AbortMultipartUpload",
            Route.of("DELETE", Route.Kind.OBJECT).withQuery(UploadIds.PARAMETER, ""),
            Set.of("s3:AbortMultipartUpload"),
            BodyPolicy.NONE);

    private static final int NO_CONTENT = 204;

    private final MetadataService metadata;
    private final Buckets buckets;

    public AbortMultipartUpload(MetadataService metadata, Buckets buckets) {
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
        UploadId id = UploadIds.of(request);
        Bucket bucket = buckets.of(request);
        try {
            metadata.tell(bucket, key, partition -> new BucketCommand.AbortUpload(partition, key, id));
        } catch (RefusedException e) {
            throw ObjectErrors.refused(e, key, id.toString());
        }
        return S3Response.empty(NO_CONTENT, Headers.EMPTY);
    }
}
