package io.coffer.gateway.access.policy;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The actions that policies may name, and what they act on.
 *
 * @see <a href="https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html">Actions, resources and
 *     condition keys for Amazon S3</a>
 */
public final class S3Actions {
    /** What an action acts on. */
    public enum Scope {
        /** Nothing that a bucket policy could name. */
        SERVICE,
        BUCKET,
        OBJECT
    }

    private static final String PREFIX = "s3:";

    private static final String SERVICE = """
        CreateJob DescribeJob GetAccountPublicAccessBlock GetStorageLensConfiguration ListAccessPoints ListAllMyBuckets
        ListJobs PutAccountPublicAccessBlock
        """;

    private static final String BUCKET = """
        CreateBucket CreateBucketMetadataTableConfiguration DeleteBucket DeleteBucketMetadataTableConfiguration
        DeleteBucketOwnershipControls DeleteBucketPolicy DeleteBucketWebsite ForceDeleteBucket
        GetAccelerateConfiguration GetAnalyticsConfiguration GetBucketAbac GetBucketAcl GetBucketCORS GetBucketLocation
        GetBucketLogging GetBucketMetadataTableConfiguration GetBucketNotification GetBucketObjectLockConfiguration
        GetBucketOwnershipControls GetBucketPolicy GetBucketPolicyStatus GetBucketPublicAccessBlock
        GetBucketRequestPayment GetBucketTagging GetBucketVersioning GetBucketWebsite GetEncryptionConfiguration
        GetIntelligentTieringConfiguration GetInventoryConfiguration GetLifecycleConfiguration GetMetricsConfiguration
        GetReplicationConfiguration ListBucket ListBucketMultipartUploads ListBucketVersions ListTagsForResource
        PutAccelerateConfiguration PutAnalyticsConfiguration PutBucketAbac PutBucketAcl PutBucketCORS PutBucketLogging
        PutBucketNotification PutBucketObjectLockConfiguration PutBucketOwnershipControls PutBucketPolicy
        PutBucketPublicAccessBlock PutBucketRequestPayment PutBucketTagging PutBucketVersioning PutBucketWebsite
        PutEncryptionConfiguration PutIntelligentTieringConfiguration PutInventoryConfiguration
        PutLifecycleConfiguration PutMetricsConfiguration PutReplicationConfiguration TagResource UntagResource
        UpdateBucketMetadataInventoryTableConfiguration UpdateBucketMetadataJournalTableConfiguration
        """;

    private static final String OBJECT = """
        AbortMultipartUpload BypassGovernanceRetention DeleteObject DeleteObjectTagging DeleteObjectVersion
        DeleteObjectVersionTagging GetObject GetObjectAcl GetObjectAttributes GetObjectLegalHold GetObjectRetention
        GetObjectTagging GetObjectTorrent GetObjectVersion GetObjectVersionAcl GetObjectVersionAttributes
        GetObjectVersionForReplication GetObjectVersionTagging GetObjectVersionTorrent InitiateReplication
        ListMultipartUploadParts ObjectOwnerOverrideToBucketOwner PutObject PutObjectAcl PutObjectLegalHold
        PutObjectRetention PutObjectTagging PutObjectVersionAcl PutObjectVersionTagging ReplicateDelete ReplicateObject
        ReplicateTags RestoreObject UpdateObjectEncryption
        """;

    private static final Map<String, Scope> SCOPES = new HashMap<>();
    private static final Map<String, String> BY_LOWER_CASE = new HashMap<>();

    static {
        add(SERVICE, Scope.SERVICE);
        add(BUCKET, Scope.BUCKET);
        add(OBJECT, Scope.OBJECT);
    }

    private S3Actions() {}

    private static void add(String names, Scope scope) {
        for (String name : names.strip().split("\\s+", -1)) {
            String action = PREFIX + name;
            SCOPES.put(action, scope);
            BY_LOWER_CASE.put(action.toLowerCase(Locale.ROOT), action);
        }
    }

    /** What an action acts on; null for what isn't one. */
    public static @Nullable Scope scope(String action) {
        return SCOPES.get(action);
    }

    /** The actions that a pattern of a policy means, without regard to case; none when it means none. */
    static Set<String> matching(String pattern) {
        Set<String> found = new TreeSet<>();
        String lower = pattern.toLowerCase(Locale.ROOT);
        if (lower.indexOf('*') < 0 && lower.indexOf('?') < 0) {
            String action = BY_LOWER_CASE.get(lower);
            return action == null ? found : Set.of(action);
        }
        boolean ofS3 = lower.equals("*") || lower.startsWith(PREFIX);
        if (ofS3) {
            Glob glob = Glob.of(lower);
            BY_LOWER_CASE.forEach((name, action) -> {
                if (glob.matches(name)) {
                    found.add(action);
                }
            });
        }
        return found;
    }
}
