package io.coffer.gateway.s3;

import io.coffer.gateway.s3.operation.Route;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Amazon's operations on subresources, and those that S3 dialects add: what isn't offered here, and so is answered 501 instead of
 * 405, because asking for it is no mistake.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations.html">S3: operations</a>
 */
final class KnownOperations {
    /** Kind of target, method, subresource, name. */
    private static final String TABLE = """
            BUCKET DELETE analytics DeleteBucketAnalyticsConfiguration
            BUCKET DELETE cors DeleteBucketCors
            BUCKET DELETE encryption DeleteBucketEncryption
            BUCKET DELETE intelligent-tiering DeleteBucketIntelligentTieringConfiguration
            BUCKET DELETE inventory DeleteBucketInventoryConfiguration
            BUCKET DELETE lifecycle DeleteBucketLifecycle
            BUCKET DELETE metadataConfiguration DeleteBucketMetadataConfiguration
            BUCKET DELETE metadataTable DeleteBucketMetadataTableConfiguration
            BUCKET DELETE metrics DeleteBucketMetricsConfiguration
            BUCKET DELETE ownershipControls DeleteBucketOwnershipControls
            BUCKET DELETE policy DeleteBucketPolicy
            BUCKET DELETE publicAccessBlock DeletePublicAccessBlock
            BUCKET DELETE replication DeleteBucketReplication
            BUCKET DELETE tagging DeleteBucketTagging
            BUCKET DELETE website DeleteBucketWebsite
            BUCKET GET abac GetBucketAbac
            BUCKET GET accelerate GetBucketAccelerateConfiguration
            BUCKET GET acl GetBucketAcl
            BUCKET GET analytics GetBucketAnalyticsConfiguration
            BUCKET GET cors GetBucketCors
            BUCKET GET encryption GetBucketEncryption
            BUCKET GET intelligent-tiering GetBucketIntelligentTieringConfiguration
            BUCKET GET inventory GetBucketInventoryConfiguration
            BUCKET GET lifecycle GetBucketLifecycleConfiguration
            BUCKET GET location GetBucketLocation
            BUCKET GET logging GetBucketLogging
            BUCKET GET metadataConfiguration GetBucketMetadataConfiguration
            BUCKET GET metadataTable GetBucketMetadataTableConfiguration
            BUCKET GET metrics GetBucketMetricsConfiguration
            BUCKET GET notification GetBucketNotificationConfiguration
            BUCKET GET object-lock GetObjectLockConfiguration
            BUCKET GET ownershipControls GetBucketOwnershipControls
            BUCKET GET policy GetBucketPolicy
            BUCKET GET policyStatus GetBucketPolicyStatus
            BUCKET GET publicAccessBlock GetPublicAccessBlock
            BUCKET GET replication GetBucketReplication
            BUCKET GET requestPayment GetBucketRequestPayment
            BUCKET GET session CreateSession
            BUCKET GET tagging GetBucketTagging
            BUCKET GET uploads ListMultipartUploads
            BUCKET GET versioning GetBucketVersioning
            BUCKET GET versions ListObjectVersions
            BUCKET GET website GetBucketWebsite
            BUCKET POST delete DeleteObjects
            BUCKET POST metadataConfiguration CreateBucketMetadataConfiguration
            BUCKET POST metadataTable CreateBucketMetadataTableConfiguration
            BUCKET PUT abac PutBucketAbac
            BUCKET PUT accelerate PutBucketAccelerateConfiguration
            BUCKET PUT acl PutBucketAcl
            BUCKET PUT analytics PutBucketAnalyticsConfiguration
            BUCKET PUT cors PutBucketCors
            BUCKET PUT encryption PutBucketEncryption
            BUCKET PUT intelligent-tiering PutBucketIntelligentTieringConfiguration
            BUCKET PUT inventory PutBucketInventoryConfiguration
            BUCKET PUT lifecycle PutBucketLifecycleConfiguration
            BUCKET PUT logging PutBucketLogging
            BUCKET PUT metadataAnnotationTable UpdateBucketMetadataAnnotationTableConfiguration
            BUCKET PUT metadataInventoryTable UpdateBucketMetadataInventoryTableConfiguration
            BUCKET PUT metadataJournalTable UpdateBucketMetadataJournalTableConfiguration
            BUCKET PUT metrics PutBucketMetricsConfiguration
            BUCKET PUT notification PutBucketNotificationConfiguration
            BUCKET PUT object-lock PutObjectLockConfiguration
            BUCKET PUT ownershipControls PutBucketOwnershipControls
            BUCKET PUT policy PutBucketPolicy
            BUCKET PUT publicAccessBlock PutPublicAccessBlock
            BUCKET PUT replication PutBucketReplication
            BUCKET PUT requestPayment PutBucketRequestPayment
            BUCKET PUT tagging PutBucketTagging
            BUCKET PUT versioning PutBucketVersioning
            BUCKET PUT website PutBucketWebsite
            OBJECT DELETE annotation DeleteObjectAnnotation
            OBJECT DELETE tagging DeleteObjectTagging
            OBJECT DELETE uploadId AbortMultipartUpload
            OBJECT GET acl GetObjectAcl
            OBJECT GET annotation GetObjectAnnotation
            OBJECT GET attributes GetObjectAttributes
            OBJECT GET legal-hold GetObjectLegalHold
            OBJECT GET retention GetObjectRetention
            OBJECT GET tagging GetObjectTagging
            OBJECT GET torrent GetObjectTorrent
            OBJECT GET uploadId ListParts
            OBJECT POST restore RestoreObject
            OBJECT POST select SelectObjectContent
            OBJECT POST uploadId CompleteMultipartUpload
            OBJECT POST uploads CreateMultipartUpload
            OBJECT PUT acl PutObjectAcl
            OBJECT PUT annotation PutObjectAnnotation
            OBJECT PUT encryption UpdateObjectEncryption
            OBJECT PUT legal-hold PutObjectLegalHold
            OBJECT PUT renameObject RenameObject
            OBJECT PUT retention PutObjectRetention
            OBJECT PUT tagging PutObjectTagging
            OBJECT PUT uploadId UploadPart
            BUCKET DELETE force_delete ForceDeleteBucket
            OBJECT PUT append AppendObject
            OBJECT PUT compose ComposeObject
            """;

    private static final Map<Key, String> NAMES = parse();

    private record Key(Route.Kind kind, String method, String subresource) {}

    private KnownOperations() {}

    private static Map<Key, String> parse() {
        Map<Key, String> names = new HashMap<>();
        TABLE.lines().forEach(line -> {
            String[] words = line.split(" ", -1);
            names.put(new Key(Route.Kind.valueOf(words[0]), words[1], words[2]), words[3]);
        });
        return names;
    }

    /** The operation that a request with these subresources means; null when S3 has none. */
    static @Nullable String name(Route.Kind kind, String method, Set<String> subresources) {
        return subresources.size() == 1
                ? NAMES.get(new Key(kind, method, subresources.iterator().next()))
                : null;
    }
}
