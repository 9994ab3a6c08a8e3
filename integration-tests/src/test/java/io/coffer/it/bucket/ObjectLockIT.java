package io.coffer.it.bucket;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.RawResponse;
import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.ObjectLockEnabled;
import software.amazon.awssdk.services.s3.model.ObjectLockLegalHoldStatus;
import software.amazon.awssdk.services.s3.model.ObjectLockMode;
import software.amazon.awssdk.services.s3.model.ObjectLockRetentionMode;
import software.amazon.awssdk.services.s3.model.S3Error;

/** Locks as backup software uses them, from the creation of the bucket on. */
@ExtendWith(StoreExtension.class)
class ObjectLockIT {
    private final Store store;
    private final String bucket;
    private final LockedBucket locked;

    ObjectLockIT(Store store) {
        this.store = store;
        this.locked = new LockedBucket(store);
        this.bucket = locked.name();
    }

    private void standard(ObjectLockRetentionMode mode, int days) {
        store.s3()
                .putObjectLockConfiguration(put -> put.bucket(bucket)
                        .objectLockConfiguration(lock -> lock.objectLockEnabled(ObjectLockEnabled.ENABLED)
                                .rule(rule -> rule.defaultRetention(
                                        retention -> retention.mode(mode).days(days)))));
    }

    @Test
    void complianceHoldsAgainstEverybody() {
        String version = locked.retained("k", ObjectLockMode.COMPLIANCE);
        HeadObjectResponse head = locked.head("k", version);
        assertThat(head.objectLockMode()).isEqualTo(ObjectLockMode.COMPLIANCE);
        assertThat(head.objectLockRetainUntilDate()).isEqualTo(locked.soon);
        assertRefused(403, "AccessDenied", () -> locked.delete("k", version, false));
        assertRefused(403, "AccessDenied", () -> locked.delete("k", version, true));
        assertRefused(
                403,
                "AccessDenied",
                () -> store.s3()
                        .putObjectRetention(put -> put.bucket(bucket)
                                .key("k")
                                .versionId(version)
                                .bypassGovernanceRetention(true)
                                .retention(now -> now.mode(ObjectLockRetentionMode.COMPLIANCE)
                                        .retainUntilDate(locked.soon.minus(Duration.ofHours(1))))));
        S3Error refused = store.s3()
                .deleteObjects(delete -> delete.bucket(bucket)
                        .bypassGovernanceRetention(true)
                        .delete(what -> what.objects(ObjectIdentifier.builder()
                                .key("k")
                                .versionId(version)
                                .build())))
                .errors()
                .getFirst();
        assertThat(refused.code()).isEqualTo("AccessDenied");
        store.s3().deleteObject(delete -> delete.bucket(bucket).key("k"));
        assertThat(store.s3()
                        .getObjectAsBytes(get -> get.bucket(bucket).key("k").versionId(version))
                        .asUtf8String())
                .isEqualTo("k");
        assertRefused(409, "BucketNotEmpty", () -> store.s3().deleteBucket(delete -> delete.bucket(bucket)));
    }

    @Test
    void governanceEndsForThoseWhoSaySo() {
        String version = locked.retained("k", ObjectLockMode.GOVERNANCE);
        assertRefused(403, "AccessDenied", () -> locked.delete("k", version, false));
        locked.delete("k", version, true);
        assertRefused(
                404,
                "NoSuchVersion",
                () -> store.s3()
                        .getObjectRetention(get -> get.bucket(bucket).key("k").versionId(version)));
    }

    /** Amazon asks for a digest of whatever will be locked, also by a default that the client doesn't know of. */
    @Test
    void whatTheDefaultLocksComesWithADigest() {
        String body = "locked";
        String crc32 = "6tLIkQ==";
        String target = "/" + bucket + "/";
        assertThat(store.request("PUT", target + "free").body(body).send().status())
                .isEqualTo(200);
        standard(ObjectLockRetentionMode.GOVERNANCE, 3);
        RawResponse refused = assertRefused(
                400,
                "InvalidRequest",
                store.request("PUT", target + "k").body(body).send());
        assertThat(refused.element("Message")).contains("Put Object requests with Object Lock parameters");
        assertRefused(
                400,
                "InvalidRequest",
                store.request("PUT", target + "k?append").body(body).send());
        assertRefused(404, "NoSuchKey", store.request("GET", target + "k").send());
        assertThat(store.request("PUT", target + "k")
                        .header("x-amz-checksum-crc32", crc32)
                        .body(body)
                        .send()
                        .status())
                .isEqualTo(200);
        String upload = store.s3()
                .createMultipartUpload(create -> create.bucket(bucket).key("k"))
                .uploadId();
        String part = target + "k?partNumber=1&uploadId=" + upload;
        assertThat(assertRefused(
                                400,
                                "InvalidRequest",
                                store.request("PUT", part).body(body).send())
                        .element("Message"))
                .contains("Put Part requests with Object Lock parameters");
        assertThat(store.request("PUT", part)
                        .header("x-amz-checksum-crc32", crc32)
                        .body(body)
                        .send()
                        .status())
                .isEqualTo(200);
    }

    @Test
    void theDefaultIsForPutsCopiesAndUploads() {
        standard(ObjectLockRetentionMode.GOVERNANCE, 3);
        String put = locked.put("k", more -> {});
        assertThat(locked.head("k", put).objectLockMode()).isEqualTo(ObjectLockMode.GOVERNANCE);
        assertThat(locked.head("k", put).objectLockRetainUntilDate())
                .isBetween(Instant.now().plus(Duration.ofDays(2)), Instant.now().plus(Duration.ofDays(3)));
        String copied = store.s3()
                .copyObject(copy -> copy.sourceBucket(bucket)
                        .sourceKey("k")
                        .destinationBucket(bucket)
                        .destinationKey("copy")
                        .objectLockMode(ObjectLockMode.COMPLIANCE)
                        .objectLockRetainUntilDate(locked.soon))
                .versionId();
        assertThat(locked.head("copy", copied).objectLockMode()).isEqualTo(ObjectLockMode.COMPLIANCE);
        String upload = store.s3()
                .createMultipartUpload(create -> create.bucket(bucket).key("parts"))
                .uploadId();
        String etag = store.s3()
                .uploadPart(
                        part -> part.bucket(bucket)
                                .key("parts")
                                .uploadId(upload)
                                .partNumber(1),
                        RequestBody.fromString("whole"))
                .eTag();
        String version = store.s3()
                .completeMultipartUpload(complete -> complete.bucket(bucket)
                        .key("parts")
                        .uploadId(upload)
                        .multipartUpload(all -> all.parts(
                                CompletedPart.builder().partNumber(1).eTag(etag).build())))
                .versionId();
        assertThat(locked.head("parts", version).objectLockMode()).isEqualTo(ObjectLockMode.GOVERNANCE);
        assertRefused(403, "AccessDenied", () -> locked.delete("parts", version, false));
    }

    @Test
    void withoutALockNothingIsLocked() {
        String plain = store.newBucket();
        assertRefused(
                404,
                "ObjectLockConfigurationNotFoundError",
                () -> store.s3().getObjectLockConfiguration(get -> get.bucket(plain)));
        assertRefused(
                400,
                "InvalidRequest",
                () -> store.s3()
                        .putObject(
                                put -> put.bucket(plain)
                                        .key("k")
                                        .checksumAlgorithm(ChecksumAlgorithm.CRC32)
                                        .objectLockMode(ObjectLockMode.GOVERNANCE)
                                        .objectLockRetainUntilDate(locked.soon),
                                RequestBody.fromString("x")));
        store.s3().putObject(put -> put.bucket(plain).key("k"), RequestBody.fromString("x"));
        assertRefused(
                400,
                "InvalidRequest",
                () -> store.s3()
                        .putObjectLegalHold(put -> put.bucket(plain)
                                .key("k")
                                .legalHold(hold -> hold.status(ObjectLockLegalHoldStatus.ON))));
        assertRefused(
                400,
                "InvalidRequest",
                () -> store.s3().getObjectRetention(get -> get.bucket(plain).key("k")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "x-amz-object-lock-mode|GOVERNANCE||",
                "x-amz-object-lock-retain-until-date|2100-01-01T00:00:00Z||",
                "x-amz-object-lock-mode|Governance|x-amz-object-lock-retain-until-date|2100-01-01T00:00:00Z",
                "x-amz-object-lock-mode|GOVERNANCE|x-amz-object-lock-retain-until-date|tomorrow",
                "x-amz-object-lock-mode|GOVERNANCE|x-amz-object-lock-retain-until-date|2001-01-01T00:00:00Z",
                "x-amz-object-lock-legal-hold|on||"
            })
    void badHeadersAreRefused(String name, String value, String other, String otherValue) {
        var request = store.request("PUT", "/" + bucket + "/bad")
                .header("Content-MD5", "nd+4aB6ZRhKEhcCtnAtH3Q==")
                .header(name, value)
                .body("k");
        if (other != null) {
            request.header(other, otherValue);
        }
        RawResponse refused = request.send();
        assertThat(refused.status()).as(refused.toString()).isEqualTo(400);
        assertThat(store.request("HEAD", "/" + bucket + "/bad").send().status()).isEqualTo(404);
    }
}
