package io.coffer.gateway.s3.operation.bucket;

import io.coffer.common.metadata.Bucket;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.operation.Buckets;
import io.coffer.gateway.s3.operation.Operation;
import io.coffer.gateway.s3.operation.OperationSpec;
import io.coffer.gateway.s3.operation.OperationSpec.BodyPolicy;
import io.coffer.gateway.s3.operation.Route;
import io.coffer.gateway.s3.operation.S3Request;
import io.coffer.gateway.s3.operation.S3Response;
import java.util.List;
import java.util.Set;

/** Deletes a configuration of a bucket that can't be set: tools that clean up do so whether there is one or not. */
public final class BucketConfigurationDelete implements Operation {
    private static final int NO_CONTENT = 204;

    private final Buckets buckets;
    private final OperationSpec spec;
    private final boolean named;

    private BucketConfigurationDelete(Buckets buckets, OperationSpec spec, boolean named) {
        this.buckets = buckets;
        this.spec = spec;
        this.named = named;
    }

    @Override
    public OperationSpec spec() {
        return spec;
    }

    @Override
    public S3Response handle(S3Request request) throws S3Exception {
        Bucket bucket = buckets.of(request);
        if (named) {
            throw new S3Exception(S3Error.NO_SUCH_CONFIGURATION).with("BucketName", bucket.name());
        }
        return S3Response.empty(NO_CONTENT, Headers.EMPTY);
    }

    /** One operation for each configuration. */
    public static List<Operation> all(Buckets buckets) {
        return List.of(
                one(buckets, "DeleteBucketReplication", "replication", "s3:PutReplicationConfiguration"),
                one(buckets, "DeleteBucketWebsite", "website", "s3:DeleteBucketWebsite"),
                named(buckets, "DeleteBucketAnalyticsConfiguration", "analytics", "s3:PutAnalyticsConfiguration"),
                named(
                        buckets,
                        "DeleteBucketIntelligentTieringConfiguration",
                        "intelligent-tiering",
                        "s3:PutIntelligentTieringConfiguration"),
                named(buckets, "DeleteBucketInventoryConfiguration", "inventory", "s3:PutInventoryConfiguration"),
                named(buckets, "DeleteBucketMetricsConfiguration", "metrics", "s3:PutMetricsConfiguration"));
    }

    /** Of which a bucket has none or one. */
    private static Operation one(Buckets buckets, String name, String subresource, String action) {
        Route route = Route.of("DELETE", Route.Kind.BUCKET, subresource);
        return new BucketConfigurationDelete(
                buckets, new OperationSpec(name, route, Set.of(action), BodyPolicy.NONE), false);
    }

    /** Of which a bucket may have several, by their ids. */
    private static Operation named(Buckets buckets, String name, String subresource, String action) {
        Route route = Route.of("DELETE", Route.Kind.BUCKET, subresource).withQuery("id", "");
        return new BucketConfigurationDelete(
                buckets, new OperationSpec(name, route, Set.of(action), BodyPolicy.NONE), true);
    }
}
