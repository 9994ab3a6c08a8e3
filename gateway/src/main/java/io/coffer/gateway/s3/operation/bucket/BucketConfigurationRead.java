package io.coffer.gateway.s3.operation.bucket;

import io.coffer.common.metadata.Bucket;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.operation.Buckets;
import io.coffer.gateway.s3.operation.Configuration;
import io.coffer.gateway.s3.operation.Operation;
import io.coffer.gateway.s3.operation.OperationSpec;
import io.coffer.gateway.s3.operation.OperationSpec.BodyPolicy;
import io.coffer.gateway.s3.operation.Route;
import io.coffer.gateway.s3.operation.S3Request;
import io.coffer.gateway.s3.operation.S3Response;
import io.coffer.gateway.s3.xml.XmlWriter;
import java.util.List;
import java.util.Set;

/**
 * Reads a configuration of a bucket that can't be set yet. Tools that manage buckets read all of them before they change one, and
 * take anything but S3's own answers for a failure.
 */
public final class BucketConfigurationRead implements Operation {
    private final Buckets buckets;
    private final OperationSpec spec;
    private final Configuration configuration;

    BucketConfigurationRead(Buckets buckets, OperationSpec spec, Configuration configuration) {
        this.buckets = buckets;
        this.spec = spec;
        this.configuration = configuration;
    }

    @Override
    public OperationSpec spec() {
        return spec;
    }

    @Override
    public S3Response handle(S3Request request) throws S3Exception {
        Bucket bucket = buckets.of(request);
        return configuration.answer(bucket, Headers.EMPTY);
    }

    /** One operation for each configuration. */
    public static List<Operation> all(Buckets buckets) {
        Table table = new Table(buckets);
        return List.of(
                table.row("GetBucketAbac", "abac", "s3:GetBucketAbac", abac()),
                table.row(
                        "GetBucketLogging",
                        "logging",
                        "s3:GetBucketLogging",
                        Configuration.empty("BucketLoggingStatus")),
                table.row(
                        "GetBucketMetadataConfiguration",
                        "metadataConfiguration",
                        "s3:GetBucketMetadataTableConfiguration",
                        absent(S3Error.METADATA_CONFIGURATION_NOT_FOUND)),
                table.row(
                        "GetBucketMetadataTableConfiguration",
                        "metadataTable",
                        "s3:GetBucketMetadataTableConfiguration",
                        absent(S3Error.METADATA_CONFIGURATION_NOT_FOUND)),
                table.row(
                        "GetBucketNotificationConfiguration",
                        "notification",
                        "s3:GetBucketNotification",
                        Configuration.empty("NotificationConfiguration")),
                table.row(
                        "GetBucketReplication",
                        "replication",
                        "s3:GetReplicationConfiguration",
                        absent(S3Error.REPLICATION_CONFIGURATION_NOT_FOUND)),
                table.row(
                        "GetBucketWebsite",
                        "website",
                        "s3:GetBucketWebsite",
                        absent(S3Error.NO_SUCH_WEBSITE_CONFIGURATION)),
                table.row(
                        "ListBucketAnalyticsConfigurations",
                        "analytics",
                        "s3:GetAnalyticsConfiguration",
                        Configuration.emptyList("ListBucketAnalyticsConfigurationResult")),
                table.rowOfOne("GetBucketAnalyticsConfiguration", "analytics", "s3:GetAnalyticsConfiguration"),
                table.row(
                        "ListBucketIntelligentTieringConfigurations",
                        "intelligent-tiering",
                        "s3:GetIntelligentTieringConfiguration",
                        Configuration.emptyList("ListBucketIntelligentTieringConfigurationsOutput")),
                table.rowOfOne(
                        "GetBucketIntelligentTieringConfiguration",
                        "intelligent-tiering",
                        "s3:GetIntelligentTieringConfiguration"),
                table.row(
                        "ListBucketInventoryConfigurations",
                        "inventory",
                        "s3:GetInventoryConfiguration",
                        Configuration.emptyList("ListInventoryConfigurationsResult")),
                table.rowOfOne("GetBucketInventoryConfiguration", "inventory", "s3:GetInventoryConfiguration"),
                table.row(
                        "ListBucketMetricsConfigurations",
                        "metrics",
                        "s3:GetMetricsConfiguration",
                        Configuration.emptyList("ListMetricsConfigurationsResult")),
                table.rowOfOne("GetBucketMetricsConfiguration", "metrics", "s3:GetMetricsConfiguration"));
    }

    private static Configuration absent(S3Error error) {
        return new Configuration.Absent(error);
    }

    /** Tags of buckets decide about no access. */
    private static Configuration abac() {
        return new Configuration.Default(bucket -> new XmlWriter()
                .root("AbacStatus")
                .element("Status", "Disabled")
                .close("AbacStatus")
                .document());
    }

    /** Makes the rows of {@link #all}. */
    private record Table(Buckets buckets) {
        Operation row(String name, String subresource, String action, Configuration configuration) {
            return row(name, Route.of("GET", Route.Kind.BUCKET, subresource), action, configuration);
        }

        /** One of several configurations of a kind, by its id. */
        Operation rowOfOne(String name, String subresource, String action) {
            return row(
                    name,
                    Route.of("GET", Route.Kind.BUCKET, subresource).withQuery("id", ""),
                    action,
                    absent(S3Error.NO_SUCH_CONFIGURATION));
        }

        private Operation row(String name, Route route, String action, Configuration configuration) {
            OperationSpec spec = new OperationSpec(name, route, Set.of(action), BodyPolicy.NONE);
            return new BucketConfigurationRead(buckets, spec, configuration);
        }
    }
}
