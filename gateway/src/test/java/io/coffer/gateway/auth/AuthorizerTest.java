package io.coffer.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coffer.common.id.AccountId;
import io.coffer.common.id.BucketId;
import io.coffer.common.metadata.Account;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.Versioning;
import io.coffer.gateway.access.acl.AclMode;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.operation.Circumstances;
import io.coffer.gateway.s3.operation.Identity;
import io.coffer.gateway.s3.operation.Permit;
import io.coffer.gateway.s3.operation.QueryParameters;
import io.coffer.gateway.s3.operation.Target;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class AuthorizerTest {
    private static final Identity OWNER = new Identity.Signed(AuthFixture.ACCOUNT, "A");
    private static final Identity OTHER = new Identity.Signed(
            new Account(new AccountId("000000000001"), "e".repeat(64), "other", "", true, true, 0), "B");
    private static final Bucket BUCKET = new Bucket(
            new BucketId(1),
            "bucket",
            AuthFixture.ACCOUNT.id(),
            "us-east-1",
            0,
            Bucket.State.ACTIVE,
            Versioning.UNVERSIONED,
            "",
            List.of());

    private static final Circumstances PLAIN = new Circumstances(
            "GET",
            QueryParameters.EMPTY,
            Headers.EMPTY,
            new InetSocketAddress("192.0.2.7", 1234),
            null,
            AuthFixture.NOW);

    private final FakeResources resources = new FakeResources();
    private final Authorizer authorizer = new Authorizer(resources, AclMode.FULL);

    private boolean allows(Identity identity, Bucket bucket, String... actions) throws S3Exception {
        return authorizer.ask(new AccessRequest(
                        identity, Set.of(actions), new Target.BucketTarget("bucket"), bucket, PLAIN, null))
                != null;
    }

    @Test
    void theOwnerOfABucketMayDoEverythingAndNobodyElseAnything() throws S3Exception {
        assertThat(allows(OWNER, BUCKET, "s3:GetObject", "s3:DeleteBucket")).isTrue();
        assertThat(allows(OTHER, BUCKET, "s3:GetObject")).isFalse();
        assertThat(allows(Identity.ANONYMOUS, BUCKET, "s3:GetObject")).isFalse();
    }

    @Test
    void signedAccountsMayListAndCreateBuckets() throws S3Exception {
        assertThat(allows(OTHER, null, "s3:ListAllMyBuckets")).isTrue();
        assertThat(allows(OTHER, null, "s3:CreateBucket")).isTrue();
        assertThat(allows(Identity.ANONYMOUS, null, "s3:CreateBucket")).isFalse();
        assertThat(allows(Identity.ANONYMOUS, null, "s3:ListAllMyBuckets")).isFalse();
    }

    @Test
    void whatNoRuleAllowsIsDenied() throws S3Exception {
        assertThat(allows(OWNER, null, "s3:GetObject")).isFalse();
        assertThat(allows(OWNER, null, "s3:CreateBucket", "s3:GetObject")).isFalse();
        assertThat(allows(OWNER, null)).isFalse();
        assertThat(allows(OWNER, BUCKET)).isFalse();
        assertThatThrownBy(() -> authorizer.require(new AccessRequest(
                        OTHER, Set.of("s3:GetObject"), new Target.ObjectTarget("bucket", "key"), BUCKET, PLAIN, null)))
                .isInstanceOfSatisfying(
                        S3Exception.class,
                        refusal -> assertThat(refusal.error()).isEqualTo(S3Error.ACCESS_DENIED));
    }

    @Test
    void anOwnerFindsTheWayBackToItsPolicyWhateverThatSays() throws S3Exception {
        resources.policyOf("bucket", """
                {"Statement":{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::bucket"}}
                """);
        for (String action : List.of("s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy")) {
            assertThat(allows(OWNER, BUCKET, action)).isTrue();
            assertThat(allows(OTHER, BUCKET, action)).isFalse();
        }
        assertThat(allows(OWNER, BUCKET, "s3:GetBucketPolicy", "s3:ListBucket")).isFalse();
        resources.unreadable = true;
        assertThat(allows(OWNER, BUCKET, "s3:PutBucketPolicy")).isTrue();
        assertThatThrownBy(() -> allows(OWNER, BUCKET, "s3:ListBucket")).isInstanceOf(S3Exception.class);
    }

    @Test
    void whoBeganAnUploadMayListItsPartsAndAbortItUnlessThePolicyForbidsIt() throws S3Exception {
        resources.initiators.put("key 1", ((Identity.Signed) OTHER).accountId());
        for (String action : List.of("s3:AbortMultipartUpload", "s3:ListMultipartUploadParts")) {
            assertThat(onUpload(OTHER, "1", action)).isTrue();
            assertThat(onUpload(OWNER, "1", action)).isTrue();
            assertThat(onUpload(OTHER, "2", action)).as("no such upload").isFalse();
            assertThat(onUpload(Identity.ANONYMOUS, "1", action)).isFalse();
            assertThat(onUpload(Identity.ANONYMOUS, "2", action)).isFalse();
        }
        assertThat(onUpload(OTHER, "1", "s3:PutObject")).isFalse();
        resources.policyOf("bucket", """
                {"Statement":{"Effect":"Deny","Principal":"*","Action":"s3:Abort*","Resource":"arn:aws:s3:::bucket/*"}}
                """);
        assertThat(onUpload(OTHER, "1", "s3:AbortMultipartUpload")).isFalse();
        assertThat(onUpload(OTHER, "1", "s3:ListMultipartUploadParts")).isTrue();
    }

    private boolean onUpload(Identity identity, String upload, String action) throws S3Exception {
        Circumstances circumstances = new Circumstances(
                "DELETE",
                new QueryParameters(List.of(new QueryParameters.Parameter("uploadId", upload))),
                Headers.EMPTY,
                PLAIN.remote(),
                null,
                AuthFixture.NOW);
        return authorizer.ask(new AccessRequest(
                        identity,
                        Set.of(action),
                        new Target.ObjectTarget("bucket", "key"),
                        BUCKET,
                        circumstances,
                        null))
                != null;
    }

    /** The policy aside, which the bucket itself says that there is none of. */
    @Test
    void theOwnerOfAPlainBucketCostsNoLook() throws S3Exception {
        for (String action : List.of("s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:GetObjectAcl")) {
            AccessRequest request = new AccessRequest(
                    OWNER, Set.of(action), new Target.ObjectTarget("bucket", "key"), BUCKET, PLAIN, null);
            assertThat(authorizer.require(request)).isEqualTo(Permit.ANY);
        }
        assertThat(resources.lookups).isZero();
    }
}
