package io.coffer.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coffer.common.id.AccountId;
import io.coffer.common.id.BucketId;
import io.coffer.common.id.VersionId;
import io.coffer.common.metadata.AccessControlList;
import io.coffer.common.metadata.AccessControlList.Grant;
import io.coffer.common.metadata.AccessControlList.Grantee;
import io.coffer.common.metadata.AccessControlList.Permission;
import io.coffer.common.metadata.Account;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.BucketSetting;
import io.coffer.common.metadata.BucketSettings;
import io.coffer.common.metadata.ObjectOwnership;
import io.coffer.common.metadata.RetentionMode;
import io.coffer.common.metadata.VersionChange;
import io.coffer.gateway.access.acl.AclMode;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.operation.Circumstances;
import io.coffer.gateway.s3.operation.Identity;
import io.coffer.gateway.s3.operation.Permit;
import io.coffer.gateway.s3.operation.QueryParameters;
import io.coffer.gateway.s3.operation.Target;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which value a request has of each key of conditions, seen through policies that deny what has that value. */
final class RequestFactsTest {
    private static final long NOW = 1_767_225_600_000L + 3_600_000;
    private static final Account FRIEND =
            new Account(new AccountId("000000000002"), "2".repeat(64), "friend", "", false, true, 0);
    private static final Bucket BUCKET = new Bucket(
            new BucketId(1),
            "bucket",
            new AccountId("000000000001"),
            "eu-north-1",
            0,
            Bucket.State.ACTIVE,
            "",
            List.of(),
            BucketSettings.UNSET.with(new BucketSetting.OwnershipControls(ObjectOwnership.OBJECT_WRITER)));

    private final FakeResources resources = new FakeResources();
    private final Authorizer authorizer = new Authorizer(resources, AclMode.FULL);

    private static QueryParameters query(String text) {
        List<QueryParameters.Parameter> parameters = new ArrayList<>();
        for (String pair : text.split(" ")) {
            if (!pair.isEmpty()) {
                String[] parts = pair.split("=", 2);
                parameters.add(new QueryParameters.Parameter(parts[0], parts.length > 1 ? parts[1] : ""));
            }
        }
        return new QueryParameters(parameters);
    }

    private static Headers headers(String lines) {
        Headers.Builder headers = new Headers.Builder();
        for (String line : lines.split(";")) {
            if (!line.isBlank()) {
                String[] parts = line.split(":", 2);
                headers.add(parts[0].strip(), parts[1].strip());
            }
        }
        return headers.build();
    }

    private static AccessRequest request(
            Identity identity, String method, String action, String query, String headers) {
        boolean ofBucket = action.equals("s3:ListBucket");
        return new AccessRequest(
                identity,
                Set.of(action),
                ofBucket ? new Target.BucketTarget("bucket") : new Target.ObjectTarget("bucket", "key"),
                BUCKET,
                new Circumstances(
                        method, query(query), headers(headers), new InetSocketAddress("192.0.2.7", 1), "1.3", NOW),
                query(query).first("versionId"));
    }

    /** Whether a policy that denies everything with this value denies the request. */
    private boolean has(String key, String operator, String value, AccessRequest request) throws S3Exception {
        resources.policyOf("bucket", """
                {"Version":"2012-10-17","Statement":[
                {"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::bucket","arn:aws:s3:::bucket/*"]},
                {"Effect":"Deny","Principal":"*","Action":"%s","Resource":["arn:aws:s3:::bucket","arn:aws:s3:::bucket/*"],
                 "Condition":{"%s":{"%s":"%s"}}}]}
                """.formatted(request.actions().iterator().next(), operator, key, value));
        return authorizer.ask(request) == null;
    }

    /** Key, value, action, query, headers. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            s3:prefix                   | p/            | s3:ListBucket | prefix=p/ |
            s3:delimiter                | /             | s3:ListBucket | delimiter=/ |
            s3:max-keys                 | 7             | s3:ListBucket | max-keys=7 |
            s3:max-keys                 | 7             | s3:ListBucket | max-keys=+07 |
            s3:max-keys                 | 7             | s3:ListBucket | max-keys=٧ |
            s3:max-keys                 | seven         | s3:ListBucket | max-keys=seven |
            s3:x-amz-acl                | public-read   | s3:PutObject  | | x-amz-acl: public-read
            s3:x-amz-grant-read         | id=x          | s3:PutObject  | | x-amz-grant-read: id=x
            s3:x-amz-grant-write        | id=x          | s3:PutObject  | | x-amz-grant-write: id=x
            s3:x-amz-grant-read-acp     | id=x          | s3:PutObject  | | x-amz-grant-read-acp: id=x
            s3:x-amz-grant-write-acp    | id=x          | s3:PutObject  | | x-amz-grant-write-acp: id=x
            s3:x-amz-grant-full-control | id=x          | s3:PutObject  | | x-amz-grant-full-control: id=x
            s3:x-amz-copy-source        | other/a b     | s3:PutObject  | | x-amz-copy-source: /other/%61%20b
            s3:x-amz-metadata-directive | REPLACE       | s3:PutObject  | | x-amz-metadata-directive: REPLACE
            s3:x-amz-server-side-encryption | AES256    | s3:PutObject  | | x-amz-server-side-encryption: AES256
            s3:x-amz-server-side-encryption-aws-kms-key-id | k | s3:PutObject | | x-amz-server-side-encryption-aws-kms-key-id: k
            s3:x-amz-server-side-encryption-customer-algorithm | AES256 | s3:PutObject | | x-amz-server-side-encryption-customer-algorithm: AES256
            s3:x-amz-storage-class      | STANDARD_IA   | s3:PutObject  | | x-amz-storage-class: STANDARD_IA
            s3:x-amz-website-redirect-location | /x     | s3:PutObject  | | x-amz-website-redirect-location: /x
            s3:x-amz-object-ownership   | ObjectWriter  | s3:PutObject  | | x-amz-object-ownership: ObjectWriter
            s3:x-amz-content-sha256     | UNSIGNED-PAYLOAD | s3:PutObject | | x-amz-content-sha256: UNSIGNED-PAYLOAD
            s3:x-amz-content-sha256     | UNSIGNED-PAYLOAD | s3:PutObject | X-Amz-Algorithm=AWS4-HMAC-SHA256 |
            s3:VersionId                | v             | s3:GetObjectVersion | versionId=v |
            s3:signatureversion         | AWS4-HMAC-SHA256 | s3:PutObject | | authorization: AWS4-HMAC-SHA256 Credential=x
            s3:signatureversion         | AWS4-HMAC-SHA256 | s3:PutObject | X-Amz-Signature=x |
            s3:signatureversion         | AWS           | s3:PutObject  | | authorization: AWS x:y
            s3:signatureversion         | AWS           | s3:PutObject  | Signature=x AWSAccessKeyId=y |
            s3:authType                 | REST-HEADER   | s3:PutObject  | | authorization: AWS x:y
            s3:authType                 | REST-QUERY-STRING | s3:PutObject | Signature=x |
            s3:signatureAge             | 3600000       | s3:PutObject  | | x-amz-date: 20260101T000000Z
            s3:signatureAge             | 3600000       | s3:PutObject  | X-Amz-Signature=x X-Amz-Date=20260101T000000Z |
            s3:RequestObjectTag/team    | red blue      | s3:PutObject  | | x-amz-tagging: a=b&team=red+blue
            s3:RequestObjectTagKeys     | team          | s3:PutObject  | | x-amz-tagging: a=b&team=red
            s3:object-lock-mode         | GOVERNANCE    | s3:PutObject  | | x-amz-object-lock-mode: GOVERNANCE
            s3:object-lock-retain-until-date | 2026-01-02T00:00:00Z | s3:PutObject | | x-amz-object-lock-retain-until-date: 2026-01-02T00:00:00Z
            s3:object-lock-remaining-retention-days | 2 | s3:PutObject  | | x-amz-object-lock-retain-until-date: 2026-01-02T03:00:00Z
            s3:object-lock-legal-hold   | ON            | s3:PutObject  | | x-amz-object-lock-legal-hold: ON
            s3:if-match                 | x             | s3:PutObject  | | if-match: x
            s3:if-none-match            | *             | s3:PutObject  | | If-None-Match: *
            s3:ResourceAccount          | 000000000001  | s3:PutObject  | |
            aws:ResourceAccount         | 000000000001  | s3:PutObject  | |
            s3:ObjectCreationOperation  | true          | s3:PutObject  | |
            s3:ObjectCreationOperation  | false         | s3:PutObject  | uploads |
            s3:ObjectCreationOperation  | false         | s3:PutObject  | uploadId=x partNumber=1 |
            aws:SourceIp                | 192.0.2.7     | s3:PutObject  | |
            s3:TlsVersion               | 1.3           | s3:PutObject  | |
            aws:SecureTransport         | true          | s3:PutObject  | |
            aws:CurrentTime             | 2026-01-01T01:00:00Z | s3:PutObject | |
            aws:EpochTime               | 1767229200    | s3:PutObject  | |
            aws:UserAgent               | x/1           | s3:PutObject  | | user-agent: x/1
            aws:Referer                 | http://x/     | s3:PutObject  | | referer: http://x/
            aws:PrincipalArn            | arn:aws:iam::000000000002:root | s3:PutObject | |
            aws:PrincipalAccount        | 000000000002  | s3:PutObject  | |
            aws:PrincipalType           | Account       | s3:PutObject  | |
            aws:PrincipalIsAWSService   | false         | s3:PutObject  | |
            aws:ViaAWSService           | false         | s3:PutObject  | |
            aws:userid                  | 000000000002  | s3:PutObject  | |
            aws:username                | friend        | s3:PutObject  | |
            aws:RequestedRegion         | eu-north-1    | s3:PutObject  | |
            """)
    void aKeyHasTheRequestsValue(String key, String value, String action, String query, String headers)
            throws S3Exception {
        AccessRequest request = request(
                new Identity.Signed(FRIEND, "K"),
                "PUT",
                action,
                query == null ? "" : query,
                headers == null ? "" : headers);
        assertThat(has(key, "StringEquals", value, request)).isTrue();
        assertThat(has(key, "StringEquals", value + "x", request)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3:x-amz-acl",
                "s3:signatureversion",
                "s3:authType",
                "s3:signatureAge",
                "s3:VersionId",
                "aws:username",
                "aws:PrincipalArn",
                "aws:PrincipalAccount",
                "s3:ExistingObjectTag/a",
                "s3:RequestObjectTag/a",
                "s3:RequestObjectTagKeys",
                "aws:SourceVpc",
                "aws:PrincipalOrgID",
                "s3:object-lock-remaining-retention-days",
                "s3:x-amz-content-sha256"
            })
    void whatTheRequestDoesNotHaveIsAbsent(String key) throws S3Exception {
        AccessRequest request = request(Identity.ANONYMOUS, "PUT", "s3:PutObject", "", "");
        assertThat(has(key, "Null", "true", request)).isTrue();
        assertThat(has(key, "Null", "false", request)).isFalse();
    }

    @Test
    void anonymousRequestsAreToldApart() throws S3Exception {
        AccessRequest request = request(Identity.ANONYMOUS, "PUT", "s3:PutObject", "", "");
        assertThat(has("aws:PrincipalType", "StringEquals", "Anonymous", request))
                .isTrue();
        assertThat(has("aws:userid", "StringEquals", "anonymous", request)).isTrue();
    }

    /** A body's tags and lock are told as those in headers are. */
    @ParameterizedTest
    @MethodSource("changes")
    void whatABodyWantsChangedIsKnown(String action, VersionChange change, String key, String value)
            throws S3Exception {
        AccessRequest plain = request(new Identity.Signed(FRIEND, "K"), "PUT", action, "", "");
        AccessRequest changing = new AccessRequest(
                plain.identity(),
                plain.actions(),
                plain.resource(),
                plain.bucket(),
                plain.circumstances(),
                null,
                change);
        assertThat(has(key, "StringEquals", value, changing)).isTrue();
        assertThat(has(key, "StringEquals", value + "x", changing)).isFalse();
        assertThat(has(key, "Null", "true", plain)).isTrue();
    }

    static List<Arguments> changes() {
        VersionChange tags = new VersionChange.Tags(Map.of("team", "red"));
        long days = TimeUnit.DAYS.toMillis(2);
        VersionChange retention = new VersionChange.Retention(RetentionMode.COMPLIANCE, NOW + days, false);
        return List.of(
                Arguments.of("s3:PutObjectTagging", tags, "s3:RequestObjectTag/team", "red"),
                Arguments.of("s3:PutObjectTagging", tags, "s3:RequestObjectTagKeys", "team"),
                Arguments.of("s3:PutObjectRetention", retention, "s3:object-lock-mode", "COMPLIANCE"),
                Arguments.of("s3:PutObjectRetention", retention, "s3:object-lock-remaining-retention-days", "2"),
                Arguments.of(
                        "s3:PutObjectRetention",
                        retention,
                        "s3:object-lock-retain-until-date",
                        Instant.ofEpochMilli(NOW + days).toString()),
                Arguments.of(
                        "s3:PutObjectLegalHold", new VersionChange.LegalHold(true), "s3:object-lock-legal-hold", "ON"),
                Arguments.of(
                        "s3:PutObjectLegalHold",
                        new VersionChange.LegalHold(false),
                        "s3:object-lock-legal-hold",
                        "OFF"));
    }

    /** As at Amazon. A policy that counted on it would be got round by an overwrite between the look and the act. */
    @ParameterizedTest
    @ValueSource(strings = {"s3:PutObject", "s3:DeleteObject", "s3:DeleteObjectVersion"})
    void tagsOfWhatIsOverwrittenOrDeletedDecideNothing(String action) throws S3Exception {
        resources.put("key", BUCKET.owner(), null, Map.of("team", "red"));
        AccessRequest request = request(new Identity.Signed(FRIEND, "K"), "PUT", action, "", "");
        assertThat(has("s3:ExistingObjectTag/team", "Null", "true", request)).isTrue();
        assertThat(resources.lookups).isZero();
    }

    @Test
    void anAddressIsTheSameOnEveryLink() throws S3Exception, UnknownHostException {
        InetAddress linkLocal = Inet6Address.getByAddress(
                "", new byte[] {(byte) 0xfe, (byte) 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 2);
        AccessRequest request = new AccessRequest(
                Identity.ANONYMOUS,
                Set.of("s3:ListBucket"),
                new Target.BucketTarget("bucket"),
                BUCKET,
                new Circumstances("GET", query(""), Headers.EMPTY, new InetSocketAddress(linkLocal, 1), null, NOW),
                null);
        assertThat(has("aws:SourceIp", "IpAddress", "fe80::/10", request)).isTrue();
        assertThat(has("aws:SourceIp", "NotIpAddress", "fe80::/10", request)).isFalse();
    }

    @Test
    void tagsOfTheObjectAreLookedUpOnlyWhenTheyAreAskedFor() throws S3Exception {
        resources.put("key", BUCKET.owner(), null, Map.of("team", "red"));
        AccessRequest request = request(new Identity.Signed(FRIEND, "K"), "GET", "s3:GetObject", "", "");
        assertThat(has("aws:SourceIp", "IpAddress", "192.0.2.0/24", request)).isTrue();
        assertThat(resources.lookups).isZero();
        assertThat(has("s3:ExistingObjectTag/team", "StringEquals", "red", request))
                .isTrue();
        assertThat(resources.lookups).isEqualTo(1);
        assertThat(has("s3:ExistingObjectTag/team", "StringEquals", "blue", request))
                .isFalse();
        assertThat(authorizer.require(request)).isEqualTo(new Permit.Only(new VersionId(1)));
    }

    @Test
    void aDecisionThatRestsOnAVersionIsForNoOther() throws S3Exception {
        resources.put("key", BUCKET.owner(), null, Map.of());
        Permit permit = new Permit.Only(new VersionId(1));
        permit.check(resources.objects.get("key"));
        Permit.ANY.check(resources.objects.get("key"));
        for (Permit other : List.of(new Permit.Only(new VersionId(2)), Permit.NOTHING)) {
            assertThatThrownBy(() -> other.check(resources.objects.get("key")))
                    .isInstanceOfSatisfying(
                            S3Exception.class, e -> assertThat(e.error()).isEqualTo(S3Error.SERVICE_UNAVAILABLE));
        }
    }

    @Test
    void whatIsMissingIsToldToWhoMayList() throws S3Exception {
        AccessRequest request = request(Identity.ANONYMOUS, "GET", "s3:GetObject", "", "");
        assertThat(authorizer.ask(request)).isNull();
        assertThat(authorizer.mayKnowWhatIsMissing(request)).isFalse();
        resources.bucketAcl = new AccessControlList(List.of(new Grant(new Grantee.AllUsers(), Permission.READ)));
        assertThat(authorizer.mayKnowWhatIsMissing(request)).isTrue();
        assertThat(authorizer.ask(request)).isEqualTo(Permit.NOTHING);
        resources.put("key", BUCKET.owner(), null, Map.of());
        assertThat(authorizer.ask(request)).isNull();
    }

    @Test
    void whoMayWriteMayDeleteItsOwnObjects() throws S3Exception {
        resources.bucketAcl =
                new AccessControlList(List.of(new Grant(new Grantee.AuthenticatedUsers(), Permission.WRITE)));
        AccessRequest request = request(new Identity.Signed(FRIEND, "K"), "DELETE", "s3:DeleteObject", "", "");
        resources.put("key", BUCKET.owner(), null, Map.of());
        assertThat(authorizer.ask(request)).isNull();
        resources.put("key", FRIEND.id(), null, Map.of());
        assertThat(authorizer.ask(request)).isNotNull();
    }

    /** Action, query and headers of a request, and which further action decides as well. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            s3:PutObject     | | x-amz-acl: private                | s3:PutObjectAcl
            s3:PutObject     | | x-amz-grant-read: id=x            | s3:PutObjectAcl
            s3:PutObject     | | x-amz-tagging: a=b                | s3:PutObjectTagging
            s3:PutObject     | | x-amz-object-lock-mode: COMPLIANCE | s3:PutObjectRetention
            s3:PutObject     | | x-amz-object-lock-legal-hold: ON  | s3:PutObjectLegalHold
            s3:PutObject     | | If-Match: "x"                     | s3:GetObject
            s3:DeleteObject  | | If-Match: "x"                     | s3:GetObject
            s3:DeleteObject  | | x-amz-if-match-size: 1            | s3:GetObject
            s3:DeleteObject  | | x-amz-bypass-governance-retention: true | s3:BypassGovernanceRetention
            s3:DeleteObject  | versionId=v | x-a: b                | s3:DeleteObjectVersion
            s3:GetObject     | versionId=v | x-a: b                | s3:GetObjectVersion
            s3:GetObjectAcl  | versionId=v | x-a: b                | s3:GetObjectVersionAcl
            s3:PutObjectTagging | versionId=v | x-a: b             | s3:PutObjectVersionTagging
            """)
    void headersAndVersionsNeedFurtherActions(String action, String query, String headers, String further)
            throws S3Exception {
        String policy = """
                {"Version":"2012-10-17","Statement":[
                {"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::bucket/*"},
                {"Effect":"Deny","Principal":"*","Action":"%s","Resource":"arn:aws:s3:::bucket/*"}]}
                """;
        Identity friend = new Identity.Signed(FRIEND, "K");
        resources.policyOf("bucket", policy.formatted(further));
        assertThat(authorizer.ask(request(friend, "PUT", action, query == null ? "" : query, headers)))
                .isNull();
        assertThat(authorizer.ask(request(friend, "PUT", action, "", ""))).isNotNull();
    }

    @Test
    void thatAnObjectIsThereMayBeFoundOutByWriting() throws S3Exception {
        resources.policyOf("bucket", """
                {"Statement":{"Effect":"Allow","Principal":"*","Action":"s3:PutObject","Resource":"arn:aws:s3:::bucket/*"}}
                """);
        Identity friend = new Identity.Signed(FRIEND, "K");
        for (String header : List.of("If-Match: *", "If-None-Match: *")) {
            assertThat(authorizer.ask(request(friend, "PUT", "s3:PutObject", "", header)))
                    .isNotNull();
        }
    }

    /** The list is the new object's, whoever owns the one that is there. */
    @Test
    void whoMayWriteMayGiveAListToWhatItWrites() throws S3Exception {
        resources.bucketAcl =
                new AccessControlList(List.of(new Grant(new Grantee.AuthenticatedUsers(), Permission.WRITE)));
        Identity friend = new Identity.Signed(FRIEND, "K");
        Identity owner =
                new Identity.Signed(new Account(BUCKET.owner(), "1".repeat(64), "owner", "", false, true, 0), "K");
        AccessRequest writing = request(friend, "PUT", "s3:PutObject", "", "x-amz-acl: private");
        assertThat(authorizer.ask(writing)).isNotNull();
        resources.put("key", BUCKET.owner(), null, Map.of());
        assertThat(authorizer.ask(writing)).isNotNull();
        assertThat(authorizer.ask(request(friend, "PUT", "s3:PutObjectAcl", "", "x-amz-acl: private")))
                .isNull();
        resources.put("key", FRIEND.id(), null, Map.of());
        assertThat(authorizer.ask(request(owner, "PUT", "s3:PutObject", "", "x-amz-acl: private")))
                .isNotNull();
        assertThat(authorizer.ask(request(owner, "PUT", "s3:PutObjectAcl", "", "x-amz-acl: private")))
                .isNull();
    }
}
