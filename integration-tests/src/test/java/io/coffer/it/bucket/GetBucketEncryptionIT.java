package io.coffer.it.bucket;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.StoreProcess;
import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;
import software.amazon.awssdk.services.s3.model.ServerSideEncryptionRule;

@ExtendWith(StoreExtension.class)
class GetBucketEncryptionIT {
    private static final String PLAIN_TEXT = "this must not be found on any disk";

    private final Store store;

    GetBucketEncryptionIT(Store store) {
        this.store = store;
    }

    @Test
    void aStoreWithoutARootKeyOfItsOwnEncryptsNothingUnasked() {
        String bucket = store.newBucket();
        assertRefused(
                404,
                "ServerSideEncryptionConfigurationNotFoundError",
                store.request("GET", "/" + bucket + "?encryption").send());
    }

    /** Also what a root key is for: the disk alone tells nothing, and the store doesn't serve without it. */
    @Test
    void aStoreThatWasGivenARootKeyEncryptsByDefault(@TempDir Path directory) throws Exception {
        Map<String, String> given =
                Map.of("COFFER_ENCRYPTION_ROOT_KEY", Base64.getEncoder().encodeToString(new byte[32]));
        List<Path> disks = List.of(directory.resolve("disk"));
        try (StoreProcess process = StoreProcess.start(disks, given);
                Store encrypting =
                        new Store(process.s3(), process.admin(), StoreProcess.ACCESS_KEY, StoreProcess.SECRET_KEY)) {
            String bucket = encrypting.newBucket();
            ServerSideEncryptionRule rule = encrypting
                    .s3()
                    .getBucketEncryption(get -> get.bucket(bucket))
                    .serverSideEncryptionConfiguration()
                    .rules()
                    .getFirst();
            assertThat(rule.applyServerSideEncryptionByDefault().sseAlgorithm()).isEqualTo(ServerSideEncryption.AES256);
            assertThat(rule.bucketKeyEnabled()).isFalse();
            assertThat(encrypting
                            .s3()
                            .putObject(
                                    put -> put.bucket(bucket).key("k"), RequestBody.fromString(PLAIN_TEXT.repeat(1000)))
                            .serverSideEncryption())
                    .isEqualTo(ServerSideEncryption.AES256);
            encrypting.s3().deleteBucketEncryption(delete -> delete.bucket(bucket));
            assertThat(encrypting
                            .s3()
                            .getBucketEncryption(get -> get.bucket(bucket))
                            .serverSideEncryptionConfiguration()
                            .rules())
                    .hasSize(1);
            assertThat(process.stop()).isZero();
        }
        assertThat(DiskBytes.contain(directory, PLAIN_TEXT)).isFalse();
        try (StoreProcess process = StoreProcess.start(disks, given);
                Store again =
                        new Store(process.s3(), process.admin(), StoreProcess.ACCESS_KEY, StoreProcess.SECRET_KEY)) {
            String bucket = again.s3().listBuckets().buckets().getFirst().name();
            assertThat(again.s3()
                            .getObjectAsBytes(get -> get.bucket(bucket).key("k"))
                            .asUtf8String())
                    .isEqualTo(PLAIN_TEXT.repeat(1000));
        }
        try (StoreProcess process = StoreProcess.start(disks);
                Store without =
                        new Store(process.s3(), process.admin(), StoreProcess.ACCESS_KEY, StoreProcess.SECRET_KEY)) {
            String bucket = without.s3().listBuckets().buckets().getFirst().name();
            assertRefused(
                    503,
                    "ServiceUnavailable",
                    without.request("GET", "/" + bucket + "/k").send());
        }
    }
}
