package io.coffer.it.access;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.bucket.LockedBucket;
import io.coffer.it.store.RawResponse;
import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ListPartsResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.ObjectCannedACL;
import software.amazon.awssdk.services.s3.model.ObjectLockMode;
import software.amazon.awssdk.services.s3.model.ObjectLockRetentionMode;
import software.amazon.awssdk.services.s3.model.ObjectOwnership;
import software.amazon.awssdk.services.s3.model.Tag;
import software.amazon.awssdk.services.s3.model.TaggingDirective;

/** What an account may do in another one's bucket, where one request needs several permissions or a body decides. */
@ExtendWith(StoreExtension.class)
class OtherAccountIT {
    private final Store store;
    private final Store friend;

    OtherAccountIT(Store store) {
        this.store = store;
        this.friend = store.newAccount();
    }

    @AfterEach
    void close() {
        friend.close();
    }

    private S3Client friends() {
        return friend.s3();
    }

    /** Actions in simple words, and a condition or nothing. */
    private String statement(String effect, String bucket, String actions, String condition) {
        String quoted = "\"s3:" + actions.replace(" ", "\",\"s3:") + '"';
        return """
                {"Effect":"%s","Principal":{"AWS":"%s"},"Action":[%s],"Resource":["arn:aws:s3:::%s","arn:aws:s3:::%s/*"]%s}
                """.formatted(
                        effect,
                        friend.accountId(),
                        quoted,
                        bucket,
                        bucket,
                        condition.isEmpty() ? "" : ",\"Condition\":" + condition);
    }

    private void policy(String bucket, String... statements) {
        store.s3()
                .putBucketPolicy(put -> put.bucket(bucket)
                        .policy("{\"Version\":\"2012-10-17\",\"Statement\":[" + String.join(",", statements) + "]}"));
    }

    private void tag(String bucket, String key, String value) {
        friends()
                .putObjectTagging(put -> put.bucket(bucket)
                        .key(key)
                        .tagging(t ->
                                t.tagSet(Tag.builder().key("team").value(value).build())));
    }

    @Test
    void conditionsAskForTheTagsThatABodyBrings() {
        String bucket = store.newBucket();
        store.s3().putObject(put -> put.bucket(bucket).key("k"), RequestBody.fromString("x"));
        policy(
                bucket,
                statement(
                        "Allow",
                        bucket,
                        "PutObjectTagging",
                        "{\"StringEquals\":{\"s3:RequestObjectTag/team\":[\"red\",\"blue\"]}}"),
                statement(
                        "Deny",
                        bucket,
                        "PutObjectTagging",
                        "{\"ForAnyValue:StringEquals\":{\"s3:RequestObjectTag/team\":\"blue\"}}"));
        tag(bucket, "k", "red");
        assertRefused(403, "AccessDenied", () -> tag(bucket, "k", "blue"));
        assertRefused(403, "AccessDenied", () -> tag(bucket, "k", "green"));
        assertThat(store.s3()
                        .getObjectTagging(get -> get.bucket(bucket).key("k"))
                        .tagSet()
                        .getFirst()
                        .value())
                .isEqualTo("red");
        // Who may not list isn't told what is missing.
        assertRefused(403, "AccessDenied", () -> tag(bucket, "missing", "red"));
    }

    @Test
    void conditionsAskForTheRetentionThatABodyBrings() {
        LockedBucket locked = new LockedBucket(store);
        String bucket = locked.name();
        String version = locked.put("k", put -> {});
        policy(
                bucket,
                statement(
                        "Allow",
                        bucket,
                        "PutObjectRetention PutObjectLegalHold",
                        "{\"NumericLessThanEqualsIfExists\":{\"s3:object-lock-remaining-retention-days\":\"10\"},"
                                + "\"StringEqualsIfExists\":{\"s3:object-lock-mode\":\"GOVERNANCE\","
                                + "\"s3:object-lock-legal-hold\":\"ON\"}}"));
        assertRefused(403, "AccessDenied", () -> retain(bucket, version, ObjectLockRetentionMode.GOVERNANCE, 11));
        assertRefused(403, "AccessDenied", () -> retain(bucket, version, ObjectLockRetentionMode.COMPLIANCE, 5));
        assertThat(locked.head("k", version).objectLockMode()).isNull();
        retain(bucket, version, ObjectLockRetentionMode.GOVERNANCE, 9);
        friends()
                .putObjectLegalHold(
                        put -> put.bucket(bucket).key("k").versionId(version).legalHold(hold -> hold.status("ON")));
        assertRefused(
                403,
                "AccessDenied",
                () -> friends()
                        .putObjectLegalHold(put ->
                                put.bucket(bucket).key("k").versionId(version).legalHold(hold -> hold.status("OFF"))));
        assertThat(locked.head("k", version).objectLockMode()).isEqualTo(ObjectLockMode.GOVERNANCE);
    }

    private void retain(String bucket, String version, ObjectLockRetentionMode mode, int days) {
        friends()
                .putObjectRetention(put -> put.bucket(bucket)
                        .key("k")
                        .versionId(version)
                        .retention(now ->
                                now.mode(mode).retainUntilDate(Instant.now().plus(Duration.ofDays(days)))));
    }

    /** What it asks for it couldn't have: the object is the bucket's owner's. */
    @Test
    void nobodyButTheOwnerAsksForPrivacyWhereThereAreNoLists() {
        String bucket = store.newBucket();
        policy(bucket, statement("Allow", bucket, "GetObject PutObject PutObjectAcl", ""));
        for (Store writer : List.of(store, friend)) {
            RawResponse response = writer.request("PUT", "/" + bucket + "/k")
                    .header("x-amz-acl", "private")
                    .body("x")
                    .send();
            if (writer == store) {
                assertThat(response.status()).isEqualTo(200);
            } else {
                assertRefused(400, "AccessControlListNotSupported", response);
            }
        }
        assertRefused(
                400,
                "AccessControlListNotSupported",
                () -> friends()
                        .createMultipartUpload(
                                create -> create.bucket(bucket).key("k").acl(ObjectCannedACL.PRIVATE)));
        assertRefused(
                400,
                "AccessControlListNotSupported",
                () -> friends()
                        .copyObject(copy -> copy.sourceBucket(bucket)
                                .sourceKey("k")
                                .destinationBucket(bucket)
                                .destinationKey("copy")
                                .acl(ObjectCannedACL.PRIVATE)));
        friends()
                .putObject(
                        put -> put.bucket(bucket).key("k").acl(ObjectCannedACL.BUCKET_OWNER_FULL_CONTROL),
                        RequestBody.fromString("y"));
    }

    @Test
    void whoBeganAnUploadListsItsPartsAndAbortsIt() {
        String bucket = store.newBucket();
        policy(bucket, statement("Allow", bucket, "PutObject", ""));
        String upload = begin(friends(), bucket);
        friends()
                .uploadPart(
                        part -> part.bucket(bucket).key("k").uploadId(upload).partNumber(1),
                        RequestBody.fromString("x"));
        ListPartsResponse parts =
                friends().listParts(list -> list.bucket(bucket).key("k").uploadId(upload));
        assertThat(parts.parts()).hasSize(1);
        String owner =
                store.s3().getBucketAcl(get -> get.bucket(bucket)).owner().id();
        assertThat(parts.owner().id()).isEqualTo(owner);
        assertThat(parts.initiator().id()).isNotEqualTo(owner);
        MultipartUpload listed = store.s3()
                .listMultipartUploads(list -> list.bucket(bucket))
                .uploads()
                .getFirst();
        assertThat(listed.initiator()).isEqualTo(parts.initiator());
        assertThat(listed.owner().id()).isEqualTo(owner);

        String owners = begin(store.s3(), bucket);
        assertRefused(403, "AccessDenied", () -> abort(bucket, owners));
        assertRefused(
                403,
                "AccessDenied",
                () -> friends().listParts(list -> list.bucket(bucket).key("k").uploadId(owners)));
        abort(bucket, upload);
        assertThat(store.s3().listMultipartUploads(list -> list.bucket(bucket)).uploads())
                .extracting(MultipartUpload::uploadId)
                .containsExactly(owners);

        policy(
                bucket,
                statement("Allow", bucket, "PutObject", ""),
                statement("Deny", bucket, "AbortMultipartUpload", ""));
        String kept = begin(friends(), bucket);
        assertRefused(403, "AccessDenied", () -> abort(bucket, kept));
    }

    private static String begin(S3Client s3, String bucket) {
        return s3.createMultipartUpload(create -> create.bucket(bucket).key("k"))
                .uploadId();
    }

    private void abort(String bucket, String upload) {
        friends().abortMultipartUpload(abort -> abort.bucket(bucket).key("k").uploadId(upload));
    }

    @Test
    void onlyWhoMayBypassGovernanceDoes() {
        LockedBucket locked = new LockedBucket(store);
        String bucket = locked.name();
        String version = locked.retained("k", ObjectLockMode.GOVERNANCE);
        policy(bucket, statement("Allow", bucket, "DeleteObjectVersion", ""));
        assertRefused(403, "AccessDenied", () -> delete(bucket, version, false));
        assertRefused(403, "AccessDenied", () -> delete(bucket, version, true));
        var several = friends()
                .deleteObjects(delete -> delete.bucket(bucket)
                        .bypassGovernanceRetention(true)
                        .delete(d -> d.objects(o -> o.key("k").versionId(version))));
        assertThat(several.errors().getFirst().code()).isEqualTo("AccessDenied");
        assertThat(locked.head("k", version).objectLockMode()).isEqualTo(ObjectLockMode.GOVERNANCE);
        policy(bucket, statement("Allow", bucket, "DeleteObjectVersion BypassGovernanceRetention", ""));
        delete(bucket, version, true);
    }

    private void delete(String bucket, String version, boolean bypassing) {
        friends().deleteObject(delete -> {
            delete.bucket(bucket).key("k").versionId(version);
            if (bypassing) {
                delete.bypassGovernanceRetention(true);
            }
        });
    }

    @Test
    void tagsAndLocksAreToldToWhoMayAskForThem() {
        LockedBucket locked = new LockedBucket(store);
        String bucket = locked.name();
        locked.put(
                "k",
                put -> put.tagging("a=b")
                        .objectLockMode(ObjectLockMode.GOVERNANCE)
                        .objectLockRetainUntilDate(locked.soon)
                        .objectLockLegalHoldStatus("ON"));
        policy(bucket, statement("Allow", bucket, "GetObject", ""));
        var head = friends().headObject(get -> get.bucket(bucket).key("k"));
        assertThat(head.objectLockMode()).isNull();
        assertThat(head.objectLockRetainUntilDate()).isNull();
        assertThat(head.objectLockLegalHoldStatus()).isNull();
        assertThat(head.sdkHttpResponse().firstMatchingHeader("x-amz-tagging-count"))
                .isEmpty();
        policy(
                bucket,
                statement("Allow", bucket, "GetObject GetObjectTagging GetObjectRetention GetObjectLegalHold", ""));
        var told = friends().headObject(get -> get.bucket(bucket).key("k"));
        assertThat(told.objectLockMode()).isEqualTo(ObjectLockMode.GOVERNANCE);
        assertThat(told.objectLockLegalHoldStatusAsString()).isEqualTo("ON");
        assertThat(told.sdkHttpResponse().firstMatchingHeader("x-amz-tagging-count"))
                .contains("1");
    }

    @Test
    void tagsComeAlongWithACopyOnlyForWhoMayReadThem() {
        String bucket = store.newBucket();
        store.s3().putObject(put -> put.bucket(bucket).key("k").tagging("a=b"), RequestBody.fromString("x"));
        String own = friend.newBucket();
        policy(bucket, statement("Allow", bucket, "GetObject", ""));
        assertRefused(403, "AccessDenied", () -> copy(bucket, own, TaggingDirective.COPY));
        copy(bucket, own, TaggingDirective.REPLACE);
        assertThat(friends().getObjectTagging(get -> get.bucket(own).key("k")).tagSet())
                .isEmpty();
        policy(bucket, statement("Allow", bucket, "GetObject GetObjectTagging", ""));
        copy(bucket, own, TaggingDirective.COPY);
        assertThat(friends().getObjectTagging(get -> get.bucket(own).key("k")).tagSet())
                .hasSize(1);
    }

    private void copy(String from, String to, TaggingDirective directive) {
        friends()
                .copyObject(copy -> copy.sourceBucket(from)
                        .sourceKey("k")
                        .destinationBucket(to)
                        .destinationKey("k")
                        .taggingDirective(directive));
    }

    @Test
    void whatOthersOwnTheyShareThemselves() {
        String bucket = store.freshName();
        store.s3().createBucket(create -> create.bucket(bucket).objectOwnership(ObjectOwnership.OBJECT_WRITER));
        policy(bucket, statement("Allow", bucket, "PutObject PutObjectAcl", ""));
        friends().putObject(put -> put.bucket(bucket).key("k"), RequestBody.fromString("x"));
        assertRefused(
                403,
                "AccessDenied",
                () -> store.s3().getObjectAsBytes(get -> get.bucket(bucket).key("k")));
        assertRefused(
                403,
                "AccessDenied",
                () -> store.s3().putObjectAcl(put -> put.bucket(bucket).key("k").acl(ObjectCannedACL.PUBLIC_READ)));
        assertThat(store.s3()
                        .getObjectTagging(get -> get.bucket(bucket).key("k"))
                        .tagSet())
                .isEmpty();
        friends().putObjectAcl(put -> put.bucket(bucket).key("k").acl(ObjectCannedACL.BUCKET_OWNER_FULL_CONTROL));
        assertThat(store.s3()
                        .getObjectAsBytes(get -> get.bucket(bucket).key("k"))
                        .asUtf8String())
                .isEqualTo("x");
        assertRefused(
                404,
                "NoSuchKey",
                () -> store.s3().getObjectAsBytes(get -> get.bucket(bucket).key("missing")));
        store.s3()
                .putBucketOwnershipControls(put -> put.bucket(bucket)
                        .ownershipControls(
                                o -> o.rules(r -> r.objectOwnership(ObjectOwnership.BUCKET_OWNER_ENFORCED))));
        assertThat(store.s3()
                        .getObjectAcl(get -> get.bucket(bucket).key("k"))
                        .owner()
                        .id())
                .isEqualTo(store.canonicalId());
    }

    @Test
    void nobodyCopiesOrBeginsAnUploadAnonymously() {
        String bucket = store.newBucket();
        store.s3().putObject(put -> put.bucket(bucket).key("k"), RequestBody.fromString("x"));
        store.s3().putBucketPolicy(put -> put.bucket(bucket).policy("""
                        {"Statement":{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::%s/*"}}
                        """.formatted(bucket)));
        assertRefused(
                403,
                "AccessDenied",
                store.request("POST", "/" + bucket + "/k?uploads").anonymous().send());
        assertRefused(
                403,
                "AccessDenied",
                store.request("PUT", "/" + bucket + "/l")
                        .header("x-amz-copy-source", "/" + bucket + "/k")
                        .anonymous()
                        .send());
    }
}
