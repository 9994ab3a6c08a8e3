package io.coffer.it.bucket;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.RawResponse;
import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;

@ExtendWith(StoreExtension.class)
class PutBucketPolicyIT {
    private final Store store;
    private final String bucket;

    PutBucketPolicyIT(Store store) {
        this.store = store;
        this.bucket = store.newBucket();
        store.s3().putObject(put -> put.bucket(bucket).key("public/a b"), RequestBody.fromString("x"));
        store.s3().putObject(put -> put.bucket(bucket).key("private"), RequestBody.fromString("y"));
    }

    private String statement(String effect, String principal, String action, String resource, String condition) {
        return "{\"Effect\":\"%s\",\"Principal\":%s,\"Action\":\"%s\",\"Resource\":\"arn:aws:s3:::%s%s\"%s}"
                .formatted(effect, principal, action, bucket, resource, condition);
    }

    private static String policy(String... statements) {
        return "{\"Version\":\"2012-10-17\",\"Statement\":[" + String.join(",", statements) + "]}";
    }

    private void put(String policy) {
        store.s3().putBucketPolicy(put -> put.bucket(bucket).policy(policy));
    }

    private int anonymous(String method, String target) {
        return store.request(method, "/" + bucket + target).anonymous().send().status();
    }

    @Test
    void everybodyMayDoWhatItAllowsAndNothingElse() {
        assertThat(anonymous("GET", "/public/a%20b")).isEqualTo(403);
        put(policy(statement("Allow", "\"*\"", "s3:GetObject", "/public/*", "")));
        assertThat(anonymous("GET", "/public/a%20b")).isEqualTo(200);
        assertThat(anonymous("HEAD", "/public/a%20b")).isEqualTo(200);
        assertThat(anonymous("GET", "/private")).isEqualTo(403);
        assertThat(anonymous("PUT", "/public/b")).isEqualTo(403);
        assertThat(anonymous("DELETE", "/public/a%20b")).isEqualTo(403);
        assertThat(anonymous("GET", "/public/a%20b?acl")).isEqualTo(403);
        assertThat(anonymous("GET", "")).isEqualTo(403);
    }

    @Test
    void whatIsMissingIsToldToWhoMayListOnly() {
        put(policy(statement("Allow", "\"*\"", "s3:GetObject", "/*", "")));
        assertThat(anonymous("GET", "/missing")).isEqualTo(403);
        put(policy(
                statement("Allow", "\"*\"", "s3:GetObject", "/*", ""),
                statement("Allow", "\"*\"", "s3:ListBucket", "", "")));
        assertThat(anonymous("GET", "/missing")).isEqualTo(404);
        assertThat(anonymous("GET", "")).isEqualTo(200);
    }

    @Test
    void anotherAccountMayDoWhatItAllows() {
        try (Store friend = store.newAccount()) {
            String principal = "{\"AWS\":\"arn:aws:iam::" + friend.accountId() + ":root\"}";
            put(policy(
                    statement("Allow", principal, "s3:*Object", "/*", ""),
                    statement("Allow", principal, "s3:GetBucketPolicy", "", "")));
            friend.s3().putObject(object -> object.bucket(bucket).key("k"), RequestBody.fromString("z"));
            String mine = friend.newBucket();
            friend.s3()
                    .copyObject(copy -> copy.sourceBucket(bucket)
                            .sourceKey("k")
                            .destinationBucket(mine)
                            .destinationKey("k"));
            assertThat(store.s3()
                            .getObjectAsBytes(get -> get.bucket(bucket).key("k"))
                            .asUtf8String())
                    .isEqualTo("z");
            assertRefused(403, "AccessDenied", () -> friend.s3().listObjectsV2(list -> list.bucket(bucket)));
            assertRefused(405, "MethodNotAllowed", () -> friend.s3().getBucketPolicy(get -> get.bucket(bucket)));
        }
    }

    @Test
    void eachKeyOfAMultiDeleteIsDecidedAbout() {
        try (Store friend = store.newAccount()) {
            String principal = "{\"AWS\":\"" + friend.accountId() + "\"}";
            put(policy(statement("Allow", principal, "s3:DeleteObject", "/public/*", "")));
            var deleted = friend.s3()
                    .deleteObjects(delete -> delete.bucket(bucket)
                            .delete(d -> d.objects(List.of(
                                    ObjectIdentifier.builder().key("public/a b").build(),
                                    ObjectIdentifier.builder().key("private").build()))));
            assertThat(deleted.deleted()).extracting("key").containsExactly("public/a b");
            assertThat(deleted.errors()).extracting("key").containsExactly("private");
            assertThat(deleted.errors().getFirst().code()).isEqualTo("AccessDenied");
            assertThat(store.s3().listObjectsV2(list -> list.bucket(bucket)).keyCount())
                    .isEqualTo(1);
        }
    }

    @Test
    void whatItDeniesIsDeniedToTheOwnerTooButForTheWayBack() {
        put(policy(statement("Deny", "\"*\"", "s3:*", "*", "")));
        assertRefused(403, "AccessDenied", () -> store.s3().listObjectsV2(list -> list.bucket(bucket)));
        assertRefused(
                403,
                "AccessDenied",
                () -> store.s3().getObjectAsBytes(get -> get.bucket(bucket).key("private")));
        assertThat(store.s3().getBucketPolicy(get -> get.bucket(bucket)).policy())
                .contains("Deny");
        store.s3().deleteBucketPolicy(delete -> delete.bucket(bucket));
        assertThat(store.s3().listObjectsV2(list -> list.bucket(bucket)).keyCount())
                .isEqualTo(2);
    }

    @Test
    void conditionsAskTheRequestAndTheObject() {
        store.s3()
                .putObject(
                        object -> object.bucket(bucket).key("tagged").tagging("team=red"), RequestBody.fromString("t"));
        put(
                policy(
                        statement(
                                "Allow",
                                "\"*\"",
                                "s3:GetObject",
                                "/*",
                                ",\"Condition\":{\"StringEquals\":{\"s3:ExistingObjectTag/team\":\"red\"}}"),
                        statement(
                                "Allow",
                                "\"*\"",
                                "s3:ListBucket",
                                "",
                                ",\"Condition\":{\"StringLike\":{\"s3:prefix\":\"public/*\"},\"IpAddress\":{\"aws:SourceIp\":[\"127.0.0.0/8\",\"::1\"]}}")));
        assertThat(anonymous("GET", "/tagged")).isEqualTo(200);
        assertThat(anonymous("GET", "/private")).isEqualTo(403);
        assertThat(anonymous("GET", "?prefix=public/x")).isEqualTo(200);
        assertThat(anonymous("GET", "")).isEqualTo(403);
    }

    @Test
    void nobodyCreatesABucketAnonymously() {
        put(policy(statement("Allow", "\"*\"", "s3:*", "*", "")));
        assertRefused(
                403,
                "AccessDenied",
                store.request("PUT", "/" + store.freshName()).anonymous().send());
        assertThat(anonymous("PUT", "/anybodys")).isEqualTo(200);
    }

    @Test
    void aPublicOneIsRefusedWhereThatIsBlocked() {
        store.s3()
                .putPublicAccessBlock(put ->
                        put.bucket(bucket).publicAccessBlockConfiguration(block -> block.blockPublicPolicy(true)));
        assertRefused(403, "AccessDenied", () -> put(policy(statement("Allow", "\"*\"", "s3:GetObject", "/*", ""))));
        put(policy(statement(
                "Allow",
                "\"*\"",
                "s3:GetObject",
                "/*",
                ",\"Condition\":{\"IpAddress\":{\"aws:SourceIp\":\"192.0.2.0/24\"}}")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            x                                    | Policies must be valid JSON and the first byte must be '{'
            {"Statement":[]}                     | Could not parse the policy: Statement is empty!
            {"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::other/*"}]} | Policy has invalid resource
            {"Statement":[{"Effect":"Allow","Principal":{"AWS":"999999999999"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::BUCKET/*"}]} | Invalid principal in policy
            {"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::999999999999:user/x"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::BUCKET/*"}]} | Invalid principal in policy
            {"Statement":[{"Effect":"Allow","Principal":{"CanonicalUser":"9999999999999999999999999999999999999999999999999999999999999999"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::BUCKET/*"}]} | Invalid principal in policy
            {"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:ListBucket","Resource":"arn:aws:s3:::BUCKET/*"}]} | Action does not apply to any resource(s) in statement
            """)
    void whatIsNoPolicyIsRefusedAndChangesNothing(String policy, String message) {
        RawResponse refused = assertRefused(
                400,
                "MalformedPolicy",
                store.request("PUT", "/" + bucket + "?policy")
                        .body(policy.replace("BUCKET", bucket))
                        .send());
        assertThat(refused.element("Message")).isEqualTo(message);
        assertRefused(404, "NoSuchBucketPolicy", () -> store.s3().getBucketPolicy(get -> get.bucket(bucket)));
    }

    @Test
    void itMustBeThereAndShort() {
        assertRefused(
                400,
                "MissingRequestBodyError",
                store.request("PUT", "/" + bucket + "?policy").send());
        assertRefused(
                400,
                "MalformedPolicy",
                store.request("PUT", "/" + bucket + "?policy")
                        .body(" ".repeat((20 << 10) + 1))
                        .send());
    }
}
