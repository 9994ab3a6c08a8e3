package io.coffer.gateway.s3.operation.multipart;

import io.coffer.common.id.UploadId;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.BucketQuery;
import io.coffer.common.metadata.ObjectPart;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.Upload;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.header.Keys;
import io.coffer.gateway.s3.operation.Buckets;
import io.coffer.gateway.s3.operation.ExpiryHeaders;
import io.coffer.gateway.s3.operation.ListParameters;
import io.coffer.gateway.s3.operation.ObjectErrors;
import io.coffer.gateway.s3.operation.Operation;
import io.coffer.gateway.s3.operation.OperationSpec;
import io.coffer.gateway.s3.operation.OperationSpec.BodyPolicy;
import io.coffer.gateway.s3.operation.Owners;
import io.coffer.gateway.s3.operation.Route;
import io.coffer.gateway.s3.operation.S3Request;
import io.coffer.gateway.s3.operation.S3Response;
import io.coffer.gateway.s3.operation.UploadIds;
import io.coffer.gateway.s3.xml.ListPartsResult;
import java.util.List;
import java.util.Set;

/** Lists the parts that an upload has. */
public final class ListParts implements Operation {
    private static final OperationSpec SPEC = new OperationSpec(
            "ListParts",
            Route.of("GET", Route.Kind.OBJECT).withQuery(UploadIds.PARAMETER, ""),
            Set.of("s3:ListMultipartUploadParts"),
            BodyPolicy.NONE);

    private final MetadataService metadata;
    private final Buckets buckets;
    private final Uploads uploads;
    private final ExpiryHeaders expiry;

    public ListParts(MetadataService metadata, Buckets buckets, ExpiryHeaders expiry) {
        this.metadata = metadata;
        this.buckets = buckets;
        this.uploads = new Uploads(metadata);
        this.expiry = expiry;
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
        int limit = ListParameters.limit(request, "max-parts");
        int marker = ListParameters.number("part-number-marker", request.query().first("part-number-marker"), 0);
        Bucket bucket = buckets.of(request);
        Upload upload;
        List<ObjectPart> parts = List.of();
        boolean truncated = false;
        if (limit == 0) {
            upload = uploads.find(bucket, key, id);
        } else {
            Reply.PartsPage page = page(bucket, key, id, marker, limit);
            upload = page.upload() == null ? uploads.find(bucket, key, id) : page.upload();
            parts = page.parts();
            truncated = page.truncated();
        }
        Owners owners =
                new Owners(metadata, request.identity(), Set.copyOf(List.of(upload.initiator(), upload.owner())));
        Headers.Builder response = new Headers.Builder();
        expiry.ofUpload(bucket, key, upload.initiatedMillis(), response);
        return S3Response.xml(
                200,
                response.build(),
                new ListPartsResult(
                                request.bucket(),
                                upload,
                                owners.account(upload.initiator()),
                                owners.account(upload.owner()),
                                marker,
                                limit,
                                truncated,
                                parts)
                        .toXml());
    }

    private Reply.PartsPage page(Bucket bucket, String key, UploadId id, int marker, int limit) throws S3Exception {
        try {
            return metadata.ask(bucket, key, partition -> new BucketQuery.ListParts(partition, key, id, marker, limit));
        } catch (RefusedException e) {
            throw ObjectErrors.refused(e, key, id.toString());
        }
    }
}
