package io.coffer.gateway.access.acl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coffer.common.id.AccountId;
import io.coffer.common.metadata.AccessControlList;
import io.coffer.common.metadata.AccessControlList.Grant;
import io.coffer.common.metadata.AccessControlList.Grantee;
import io.coffer.common.metadata.AccessControlList.Permission;
import io.coffer.common.metadata.Account;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AclRequestTest {
    private static final String OWNER = "a".repeat(64);
    private static final String BUCKET_OWNER = "b".repeat(64);
    private static final Account FRIEND =
            new Account(new AccountId("000000000003"), "c".repeat(64), "friend", "friend@example.com", false, true, 0);

    private static final Accounts ACCOUNTS = new Accounts() {
        @Override
        public List<Account> withCanonicalId(String id) {
            return id.equals(FRIEND.canonicalId()) ? List.of(FRIEND) : List.of();
        }

        @Override
        public List<Account> withEmail(String address) {
            return switch (address) {
                case "friend@example.com" -> List.of(FRIEND);
                case "twice@example.com" -> List.of(FRIEND, FRIEND);
                default -> List.of();
            };
        }
    };

    private static String resolved(Headers headers) throws S3Exception {
        AccessControlList acl = new AclResolver(ACCOUNTS).resolve(AclRequest.of(headers), OWNER, BUCKET_OWNER);
        return acl.grants().stream().map(AclRequestTest::text).collect(Collectors.joining(" "));
    }

    private static String text(Grant grant) {
        String who = switch (grant.grantee()) {
            case Grantee.User(String id) -> id.substring(0, 1);
            case Grantee.AllUsers() -> "all";
            case Grantee.AuthenticatedUsers() -> "signed";
            case Grantee.LogDelivery() -> "log";
        };
        return who + ":" + grant.permission();
    }

    @ParameterizedTest
    @CsvSource({
        "private, a:FULL_CONTROL",
        "public-read, a:FULL_CONTROL all:READ",
        "public-read-write, a:FULL_CONTROL all:READ all:WRITE",
        "authenticated-read, a:FULL_CONTROL signed:READ",
        "bucket-owner-read, a:FULL_CONTROL b:READ",
        "bucket-owner-full-control, a:FULL_CONTROL b:FULL_CONTROL",
        "aws-exec-read, a:FULL_CONTROL 6:READ",
        "log-delivery-write, a:FULL_CONTROL log:WRITE log:READ_ACP"
    })
    void aCannedListStandsForGrants(String canned, String grants) throws S3Exception {
        assertThat(resolved(Headers.of("X-Amz-Acl", canned))).isEqualTo(grants);
    }

    @Test
    void theOwnerOfABucketIsNotNamedTwice() throws S3Exception {
        AccessControlList acl = new AclResolver(ACCOUNTS)
                .resolve(AclRequest.of(Headers.of("x-amz-acl", "bucket-owner-full-control")), OWNER, OWNER);
        assertThat(acl.grants()).hasSize(1);
        assertThat(AclRules.isOwnersOnly(acl, OWNER, OWNER)).isTrue();
    }

    @Test
    void nothingAskedForIsPrivate() throws S3Exception {
        assertThat(AclRequest.of(Headers.of("x-amz-meta-a", "b"))).isSameAs(AclRequest.NOTHING);
        assertThat(resolved(Headers.EMPTY)).isEqualTo("a:FULL_CONTROL");
    }

    @Test
    void headersNameWhoGetsWhat() throws S3Exception {
        String canonical = FRIEND.canonicalId();
        assertThat(resolved(Headers.of(
                        "x-amz-grant-read",
                        "id=\"" + canonical + "\", uri=\"" + AclResolver.ALL_USERS + "\"",
                        "x-amz-grant-write",
                        "emailAddress=\"friend@example.com\"",
                        "x-amz-grant-read-acp",
                        "ID=" + canonical,
                        "x-amz-grant-write-acp",
                        "uri = \"" + AclResolver.AUTHENTICATED_USERS + "\"",
                        "x-amz-grant-full-control",
                        "id=" + OWNER + ",id=" + OWNER)))
                .isEqualTo("c:READ all:READ c:WRITE c:READ_ACP signed:WRITE_ACP a:FULL_CONTROL");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "friend", "name=\"x\"", "id=\"x", "id=", "id=\"\"", "id=\"a\",", "id=a\"b"})
    void aGrantThatCannotBeReadIsRefused(String value) {
        assertThatThrownBy(() -> resolved(Headers.of("x-amz-grant-read", value)))
                .isInstanceOfSatisfying(S3Exception.class, e -> {
                    assertThat(e.error()).isEqualTo(S3Error.INVALID_ARGUMENT);
                    assertThat(e.details()).containsEntry("ArgumentName", "x-amz-grant-read");
                });
    }

    @ParameterizedTest
    @CsvSource({
        "id=unknown, InvalidArgument, CanonicalUser/ID",
        "uri=http://example.com/, InvalidArgument, Group/URI",
        "emailAddress=nobody@example.com, UnresolvableGrantByEmailAddress, ",
        "emailAddress=twice@example.com, AmbiguousGrantByEmailAddress, "
    })
    void whoIsNotThereGetsNothing(String value, String code, String argument) {
        assertThatThrownBy(() -> resolved(Headers.of("x-amz-grant-read", value)))
                .isInstanceOfSatisfying(S3Exception.class, e -> {
                    assertThat(e.error().code()).isEqualTo(code);
                    assertThat(e.details().get("ArgumentName")).isEqualTo(argument);
                });
    }

    @Test
    void otherListsAreRefused() {
        assertError(S3Error.INVALID_ARGUMENT, Headers.of("x-amz-acl", "public"));
        assertError(S3Error.INVALID_ARGUMENT, Headers.of("x-amz-acl", ""));
        assertError(S3Error.INVALID_REQUEST, Headers.of("x-amz-acl", "private", "x-amz-grant-read", "id=" + OWNER));
        String many = String.join(",", java.util.Collections.nCopies(101, "id=" + OWNER));
        assertError(S3Error.INVALID_REQUEST, Headers.of("x-amz-grant-read", many));
    }

    private static void assertError(S3Error error, Headers headers) {
        assertThatThrownBy(() -> AclRequest.of(headers))
                .isInstanceOfSatisfying(
                        S3Exception.class, e -> assertThat(e.error()).isEqualTo(error));
    }

    @Test
    void aGrantIsForWhomItNames() {
        AccessControlList acl = new AccessControlList(List.of(
                new Grant(new Grantee.User(OWNER), Permission.FULL_CONTROL),
                new Grant(new Grantee.AuthenticatedUsers(), Permission.READ_ACP),
                new Grant(new Grantee.AllUsers(), Permission.READ),
                new Grant(new Grantee.LogDelivery(), Permission.WRITE)));
        assertThat(AclRules.isPublic(acl)).isTrue();
        for (Permission permission : Permission.values()) {
            assertThat(AclRules.grants(acl, OWNER, permission, false)).isTrue();
            assertThat(AclRules.grants(acl, BUCKET_OWNER, permission, true))
                    .isEqualTo(permission == Permission.READ || permission == Permission.READ_ACP);
            assertThat(AclRules.grants(acl, null, permission, true)).isEqualTo(permission == Permission.READ);
            assertThat(AclRules.grants(acl, null, permission, false)).isFalse();
        }
    }
}
