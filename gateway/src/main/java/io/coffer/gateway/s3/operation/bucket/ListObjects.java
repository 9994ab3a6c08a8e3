package io.coffer.gateway.s3.operation.bucket;

import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.ObjectVersion;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.object.BucketLister;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.operation.Buckets;
import io.coffer.gateway.s3.operation.ListParameters;
import io.coffer.gateway.s3.operation.Operation;
import io.coffer.gateway.s3.operation.OperationSpec;
import io.coffer.gateway.s3.operation.OperationSpec.BodyPolicy;
import io.coffer.gateway.s3.operation.Owners;
import io.coffer.gateway.s3.operation.Route;
import io.coffer.gateway.s3.operation.S3Request;
import io.coffer.gateway.s3.operation.S3Response;
import io.coffer.gateway.s3.xml.ListObjectsResult;
import java.util.Set;

/** Lists current objects, the first way: pages are continued by a marker, which is a name. */
public final class ListObjects implements Operation {
    private static final OperationSpec SPEC = new OperationSpec(
            "ListObjects", Route.of("GET", Route.Kind.BUCKET), Set.of("s3:ListBucket"), BodyPolicy.NONE);

    private final MetadataService metadata;
    private final Buckets buckets;
    private final BucketLister lister;

    public ListObjects(MetadataService metadata, Buckets buckets, BucketLister lister) {
        this.metadata = metadata;
        this.buckets = buckets;
        this.lister = lister;
    }

    @Override
    public OperationSpec spec() {
        return SPEC;
    }

    @Override
    public S3Response handle(S3Request request) throws S3Exception {
        String type = request.query().first("list-type");
        if (type != null) {
            throw ListParameters.invalid("list-type", type, "Invalid List Type specified in Request");
        }
        ObjectListing listing = ObjectListing.of(request);
        String marker = ListParameters.text(request, "marker");
        Bucket bucket = buckets.of(request);
        BucketLister.Page<ObjectVersion> page = listing.page(lister, bucket, marker);
        // Without a delimiter, clients go on from the last key.
        String next = page.truncated() && listing.delimiter() != null ? ObjectListing.last(page) : null;
        Owners owners = Owners.ofObjects(metadata, request.identity(), bucket, ObjectListing.owners(page));
        return S3Response.xml(
                200,
                Headers.of("x-amz-bucket-region", bucket.region()),
                new ListObjectsResult(
                                request.bucket(),
                                listing.prefix(),
                                listing.delimiter(),
                                listing.limit(),
                                listing.urlEncoded(),
                                page.truncated(),
                                new ListObjectsResult.Position.Marker(marker, next),
                                page.entries(),
                                owners::canonicalId)
                        .toXml());
    }
}
