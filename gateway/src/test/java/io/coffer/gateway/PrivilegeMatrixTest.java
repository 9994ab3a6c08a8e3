package io.coffer.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.gateway.auth.PrivilegeMatrix;
import io.coffer.gateway.object.ObjectReader;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.operation.Operation;
import io.coffer.gateway.s3.operation.OperationSpec;
import io.coffer.gateway.s3.operation.Route;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Everybody × every setting of a bucket × every operation of the catalogue. What is to be expected is written down here per operation,
 * and computed from that alone.
 */
class PrivilegeMatrixTest {
    /**
     * Operation, then for each action that it needs: its name that a policy has to allow, after a slash that on a version if it is
     * another one, and what a grant has to be: where and which, or a dash. {@code own} is a grant on the bucket that counts for one's
     * own objects.
     */
    private static final String TABLE = """
            AbortMultipartUpload                        s3:AbortMultipartUpload -
            AppendObject                                s3:PutObject bucket:WRITE
            CompleteMultipartUpload                     s3:PutObject bucket:WRITE
            ComposeObject                               s3:PutObject bucket:WRITE
            CopyObject                                  s3:PutObject bucket:WRITE
            CreateMultipartUpload                       s3:PutObject bucket:WRITE
            DeleteBucket                                s3:DeleteBucket -
            DeleteBucketAnalyticsConfiguration          s3:PutAnalyticsConfiguration -
            DeleteBucketCors                            s3:PutBucketCORS -
            DeleteBucketEncryption                      s3:PutEncryptionConfiguration -
            DeleteBucketIntelligentTieringConfiguration s3:PutIntelligentTieringConfiguration -
            DeleteBucketInventoryConfiguration          s3:PutInventoryConfiguration -
            DeleteBucketLifecycle                       s3:PutLifecycleConfiguration -
            DeleteBucketMetadataConfiguration           s3:DeleteBucketMetadataTableConfiguration -
            DeleteBucketMetadataTableConfiguration      s3:DeleteBucketMetadataTableConfiguration -
            DeleteBucketMetricsConfiguration            s3:PutMetricsConfiguration -
            DeleteBucketOwnershipControls               s3:PutBucketOwnershipControls -
            DeleteBucketPolicy                          s3:DeleteBucketPolicy -
            DeleteBucketReplication                     s3:PutReplicationConfiguration -
            DeleteBucketTagging                         s3:PutBucketTagging -
            DeleteBucketWebsite                         s3:DeleteBucketWebsite -
            DeleteObject                                s3:DeleteObject/s3:DeleteObjectVersion own:WRITE
            DeleteObjectTagging                         s3:DeleteObjectTagging/s3:DeleteObjectVersionTagging -
            DeletePublicAccessBlock                     s3:PutBucketPublicAccessBlock -
            ForceDeleteBucket                           s3:DeleteBucket - s3:ForceDeleteBucket -
            GetBucketAbac                               s3:GetBucketAbac -
            GetBucketAccelerateConfiguration            s3:GetAccelerateConfiguration -
            GetBucketAcl                                s3:GetBucketAcl bucket:READ_ACP
            GetBucketAnalyticsConfiguration             s3:GetAnalyticsConfiguration -
            GetBucketCors                               s3:GetBucketCORS -
            GetBucketEncryption                         s3:GetEncryptionConfiguration -
            GetBucketIntelligentTieringConfiguration    s3:GetIntelligentTieringConfiguration -
            GetBucketInventoryConfiguration             s3:GetInventoryConfiguration -
            GetBucketLifecycleConfiguration             s3:GetLifecycleConfiguration -
            GetBucketLocation                           s3:GetBucketLocation -
            GetBucketLogging                            s3:GetBucketLogging -
            GetBucketMetadataConfiguration              s3:GetBucketMetadataTableConfiguration -
            GetBucketMetadataTableConfiguration         s3:GetBucketMetadataTableConfiguration -
            GetBucketMetricsConfiguration               s3:GetMetricsConfiguration -
            GetBucketNotificationConfiguration          s3:GetBucketNotification -
            GetBucketOwnershipControls                  s3:GetBucketOwnershipControls -
            GetBucketPolicy                             s3:GetBucketPolicy -
            GetBucketPolicyStatus                       s3:GetBucketPolicyStatus -
            GetBucketReplication                        s3:GetReplicationConfiguration -
            GetBucketRequestPayment                     s3:GetBucketRequestPayment -
            GetBucketTagging                            s3:GetBucketTagging -
            GetBucketVersioning                         s3:GetBucketVersioning -
            GetBucketWebsite                            s3:GetBucketWebsite -
            GetObject                                   s3:GetObject/s3:GetObjectVersion object:READ
            GetObjectAcl                                s3:GetObjectAcl/s3:GetObjectVersionAcl object:READ_ACP
            GetObjectAttributes                         s3:GetObject/s3:GetObjectVersion object:READ s3:GetObjectAttributes/s3:GetObjectVersionAttributes -
            GetObjectLegalHold                          s3:GetObjectLegalHold -
            GetObjectLockConfiguration                  s3:GetBucketObjectLockConfiguration -
            GetObjectRetention                          s3:GetObjectRetention -
            GetObjectTagging                            s3:GetObjectTagging/s3:GetObjectVersionTagging -
            GetPublicAccessBlock                        s3:GetBucketPublicAccessBlock -
            HeadBucket                                  s3:ListBucket bucket:READ
            HeadObject                                  s3:GetObject/s3:GetObjectVersion object:READ
            ListBucketAnalyticsConfigurations           s3:GetAnalyticsConfiguration -
            ListBucketIntelligentTieringConfigurations  s3:GetIntelligentTieringConfiguration -
            ListBucketInventoryConfigurations           s3:GetInventoryConfiguration -
            ListBucketMetricsConfigurations             s3:GetMetricsConfiguration -
            ListMultipartUploads                        s3:ListBucketMultipartUploads bucket:READ
            ListObjectVersions                          s3:ListBucketVersions bucket:READ
            ListObjects                                 s3:ListBucket bucket:READ
            ListObjectsV2                               s3:ListBucket bucket:READ
            ListParts                                   s3:ListMultipartUploadParts -
            PostObject                                  s3:PutObject bucket:WRITE
            PutBucketAccelerateConfiguration            s3:PutAccelerateConfiguration -
            PutBucketAcl                                s3:PutBucketAcl bucket:WRITE_ACP
            PutBucketCors                               s3:PutBucketCORS -
            PutBucketEncryption                         s3:PutEncryptionConfiguration -
            PutBucketLifecycleConfiguration             s3:PutLifecycleConfiguration -
            PutBucketOwnershipControls                  s3:PutBucketOwnershipControls -
            PutBucketPolicy                             s3:PutBucketPolicy -
            PutBucketRequestPayment                     s3:PutBucketRequestPayment -
            PutBucketTagging                            s3:PutBucketTagging -
            PutBucketVersioning                         s3:PutBucketVersioning -
            PutObject                                   s3:PutObject bucket:WRITE
            PutObjectAcl                                s3:PutObjectAcl/s3:PutObjectVersionAcl object:WRITE_ACP
            PutObjectLegalHold                          s3:PutObjectLegalHold -
            PutObjectLockConfiguration                  s3:PutBucketObjectLockConfiguration -
            PutObjectRetention                          s3:PutObjectRetention -
            PutObjectTagging                            s3:PutObjectTagging/s3:PutObjectVersionTagging -
            PutPublicAccessBlock                        s3:PutBucketPublicAccessBlock -
            RenameObject                                s3:PutObject bucket:WRITE
            UploadPart                                  s3:PutObject bucket:WRITE
            UploadPartCopy                              s3:PutObject bucket:WRITE
            """;

    /** Only descriptions are wanted of these operations; they never run. */
    @SuppressWarnings("DataFlowIssue")
    private static final OperationCatalog CATALOG = new OperationCatalog(new OperationCatalog.Parts(
            null, new ObjectReader(null, null, null), null, null, null, null, null, null, null, null, null, null));

    @Test
    void everybodyMayDoWhatIsGrantedAndNothingElse() throws S3Exception {
        Map<String, List<PrivilegeMatrix.Need>> needs = new HashMap<>();
        TABLE.lines().forEach(line -> {
            String[] words = line.split(" +", -1);
            List<PrivilegeMatrix.Need> all = new ArrayList<>();
            for (int i = 1; i < words.length; i += 2) {
                all.add(PrivilegeMatrix.Need.parse(words[i], words[i + 1]));
            }
            needs.put(words[0], all);
        });
        // Each key is asked about as in DeleteObject.
        needs.put("DeleteObjects", needs.get("DeleteObject"));
        int cells = 0;
        for (Operation operation : CATALOG.operations()) {
            OperationSpec spec = operation.spec();
            boolean ofService =
                    spec.route().kind() == Route.Kind.SERVICE || spec.name().equals("CreateBucket");
            if (ofService) {
                continue;
            }
            assertThat(needs).as("the table of this test").containsKey(spec.name());
            cells += new PrivilegeMatrix(spec, needs.get(spec.name())).check();
        }
        assertThat(cells).isGreaterThan(10_000_000);
    }

    @Test
    void onlySignedAccountsListAndCreateBuckets() throws S3Exception {
        for (String name : List.of("ListBuckets", "CreateBucket")) {
            OperationSpec spec = CATALOG.offered().stream()
                    .filter(offered -> offered.name().equals(name))
                    .findFirst()
                    .orElseThrow()
                    .operation()
                    .spec();
            PrivilegeMatrix.checkService(spec);
        }
    }
}
