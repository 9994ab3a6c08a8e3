package io.coffer.it.bucket;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.RawResponse;
import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

@ExtendWith(StoreExtension.class)
class PutBucketEncryptionIT {
    private static final String ALGORITHM = "<SSEAlgorithm>%s</SSEAlgorithm>";

    private final Store store;
    private final String bucket;

    PutBucketEncryptionIT(Store store) {
        this.store = store;
        this.bucket = store.newBucket();
    }

    private RawResponse set(String rules) {
        return store.request("PUT", "/" + bucket + "?encryption")
                .document("<ServerSideEncryptionConfiguration>" + rules + "</ServerSideEncryptionConfiguration>")
                .send();
    }

    private static String rule(String byDefault, String rest) {
        return "<Rule><ApplyServerSideEncryptionByDefault>" + byDefault + "</ApplyServerSideEncryptionByDefault>" + rest
                + "</Rule>";
    }

    private PutObjectResponse put(String key) {
        return store.s3().putObject(put -> put.bucket(bucket).key(key), RequestBody.fromString("body"));
    }

    @Test
    void objectsAreEncryptedAsTheBucketSays() {
        assertThat(put("plain").serverSideEncryption()).isNull();
        assertThat(set(rule(ALGORITHM.formatted("AES256"), "")).status()).isEqualTo(200);
        assertThat(put("aes").serverSideEncryption()).isEqualTo(ServerSideEncryption.AES256);
        assertThat(set(rule(ALGORITHM.formatted("aws:kms"), "<BucketKeyEnabled>true</BucketKeyEnabled>"))
                        .status())
                .isEqualTo(200);
        PutObjectResponse managed = put("kms");
        assertThat(managed.serverSideEncryption()).isEqualTo(ServerSideEncryption.AWS_KMS);
        assertThat(managed.ssekmsKeyId()).startsWith("arn:aws:kms:us-east-1:");
        assertThat(managed.bucketKeyEnabled()).isTrue();
        for (String key : new String[] {"plain", "aes", "kms"}) {
            assertThat(store.s3()
                            .getObjectAsBytes(get -> get.bucket(bucket).key(key))
                            .asUtf8String())
                    .isEqualTo("body");
        }
        assertThat(store.request("PUT", "/" + bucket + "/asked")
                        .header("x-amz-server-side-encryption", "AES256")
                        .body("x")
                        .send()
                        .header("x-amz-server-side-encryption"))
                .as("a request says it first")
                .isEqualTo("AES256");
    }

    @Test
    void itIsToldAsItWasSet() {
        String key = "arn:aws:kms:us-east-1:000000000000:alias/not-there";
        String document = rule(
                ALGORITHM.formatted("aws:kms") + "<KMSMasterKeyID>" + key + "</KMSMasterKeyID>",
                "<BucketKeyEnabled>true</BucketKeyEnabled><BlockedEncryptionTypes><EncryptionType>SSE-C</EncryptionType></BlockedEncryptionTypes>");
        assertThat(set(document).status()).isEqualTo(200);
        assertThat(store.request("GET", "/" + bucket + "?encryption").send().text())
                .contains(document);
        assertRefused(
                400,
                "KMS.NotFoundException",
                store.request("PUT", "/" + bucket + "/k").body("x").send());
    }

    @Test
    void customersKeysAreBlocked() {
        String onlyBlocked =
                "<Rule><BlockedEncryptionTypes><EncryptionType>%s</EncryptionType></BlockedEncryptionTypes></Rule>";
        assertThat(set(onlyBlocked.formatted("SSE-C")).status()).isEqualTo(200);
        assertThat(put("k").serverSideEncryption()).as("nothing else is set").isNull();
        for (String target : new String[] {"/k", "/k?uploads"}) {
            assertRefused(
                    403,
                    "AccessDenied",
                    store.request(target.contains("?") ? "POST" : "PUT", "/" + bucket + target)
                            .header("x-amz-server-side-encryption-customer-algorithm", "AES256")
                            .header(
                                    "x-amz-server-side-encryption-customer-key",
                                    "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")
                            .header("x-amz-server-side-encryption-customer-key-MD5", "KYvwGXoFFJ42a2u2GDWhwQ==")
                            .send());
        }
        assertThat(set(onlyBlocked.formatted("NONE")).status()).isEqualTo(200);
        assertThat(store.request("PUT", "/" + bucket + "/k")
                        .header("x-amz-server-side-encryption-customer-algorithm", "AES256")
                        .header(
                                "x-amz-server-side-encryption-customer-key",
                                "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")
                        .header("x-amz-server-side-encryption-customer-key-MD5", "KYvwGXoFFJ42a2u2GDWhwQ==")
                        .body("x")
                        .send()
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "'', 400, MalformedXML",
        "<Rule/>, 400, MalformedXML",
        "<Rule><BucketKeyEnabled>true</BucketKeyEnabled></Rule>, 400, MalformedXML",
        "<Rule><ApplyServerSideEncryptionByDefault/></Rule>, 400, MalformedXML",
        "<Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm/></ApplyServerSideEncryptionByDefault></Rule>, 400, MalformedXML",
        "<Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES128</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule>, 400, MalformedXML",
        "<Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>SSE-C</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule>, 400, MalformedXML",
        "<Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>aws:kms:dsse</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule>, 501, NotImplemented",
        "<Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm><KMSMasterKeyID>k</KMSMasterKeyID></ApplyServerSideEncryptionByDefault></Rule>, 400, InvalidArgument",
        "<Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>aws:kms</SSEAlgorithm><KMSMasterKeyID/></ApplyServerSideEncryptionByDefault></Rule>, 400, MalformedXML",
        "<Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault><BucketKeyEnabled>perhaps</BucketKeyEnabled></Rule>, 400, MalformedXML",
        "<Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule>, 400, MalformedXML",
        "<Rule><BlockedEncryptionTypes/></Rule>, 400, MalformedXML",
        "<Rule><BlockedEncryptionTypes><EncryptionType>SSE-KMS</EncryptionType></BlockedEncryptionTypes></Rule>, 400, MalformedXML",
        "<Rule><BlockedEncryptionTypes><EncryptionType>NONE</EncryptionType><EncryptionType>SSE-C</EncryptionType></BlockedEncryptionTypes></Rule>, 400, MalformedXML",
        "<Other/>, 400, MalformedXML",
    })
    void badDocumentsChangeNothing(String rules, int status, String code) {
        assertThat(set(rule(ALGORITHM.formatted("AES256"), "")).status()).isEqualTo(200);
        assertRefused(status, code, set(rules));
        assertThat(put("k").serverSideEncryption()).isEqualTo(ServerSideEncryption.AES256);
    }

    @Test
    void aBodyMustBeThereAndTheBucketOnesOwn() {
        assertRefused(
                400,
                "MissingRequestBodyError",
                store.request("PUT", "/" + bucket + "?encryption").send());
        assertRefused(
                403,
                "AccessDenied",
                store.newAccount()
                        .request("PUT", "/" + bucket + "?encryption")
                        .document("<ServerSideEncryptionConfiguration/>")
                        .send());
    }
}
