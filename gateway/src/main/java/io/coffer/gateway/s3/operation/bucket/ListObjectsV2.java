package io.coffer.gateway.s3.operation.bucket;

import io.coffer.common.id.AccountId;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.ObjectVersion;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.object.BucketLister;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.operation.Buckets;
import io.coffer.gateway.s3.operation.ContinuationToken;
import io.coffer.gateway.s3.operation.Operation;
import io.coffer.gateway.s3.operation.OperationSpec;
import io.coffer.gateway.s3.operation.OperationSpec.BodyPolicy;
import io.coffer.gateway.s3.operation.Owners;
import io.coffer.gateway.s3.operation.Route;
import io.coffer.gateway.s3.operation.S3Request;
import io.coffer.gateway.s3.operation.S3Response;
import io.coffer.gateway.s3.xml.ListObjectsResult;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Lists current objects; pages are continued by a token. */
public final class ListObjectsV2 implements Operation {
    private static final OperationSpec SPEC = new OperationSpec(
            "ListObjectsV2",
            Route.of("GET", Route.Kind.BUCKET).withQuery("list-type", "2"),
            Set.of("s3:ListBucket"),
            BodyPolicy.NONE);

    private final MetadataService metadata;
    private final Buckets buckets;
    private final BucketLister lister;

    public ListObjectsV2(MetadataService metadata, Buckets buckets, BucketLister lister) {
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
        ObjectListing listing = ObjectListing.of(request);
        String token = request.query().first("continuation-token");
        String startAfter = request.query().first("start-after");
        Bucket bucket = buckets.of(request);
        BucketLister.Page<ObjectVersion> page = listing.page(lister, bucket, after(token, startAfter));
        String next = page.truncated() ? ContinuationToken.of(ObjectListing.last(page)) : null;
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
                                new ListObjectsResult.Position.Token(startAfter, token, next),
                                page.entries(),
                                owners(request, bucket, page))
                        .toXml());
    }

    /** A token says where to go on; only the first page starts after a name. */
    private static String after(@Nullable String token, @Nullable String startAfter) throws S3Exception {
        if (token != null) {
            return ContinuationToken.parse(token);
        }
        return startAfter == null ? "" : startAfter;
    }

    private @Nullable Function<AccountId, String> owners(
            S3Request request, Bucket bucket, BucketLister.Page<ObjectVersion> page) throws S3Exception {
        if (!"true".equalsIgnoreCase(request.query().first("fetch-owner"))) {
            return null;
        }
        return Owners.ofObjects(metadata, request.identity(), bucket, ObjectListing.owners(page))::canonicalId;
    }
}
