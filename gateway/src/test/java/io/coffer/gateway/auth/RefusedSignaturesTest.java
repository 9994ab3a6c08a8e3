package io.coffer.gateway.auth;

import static io.coffer.gateway.auth.AuthFixture.ACCESS_KEY;
import static io.coffer.gateway.auth.AuthFixture.NOW;
import static io.coffer.gateway.auth.AuthFixture.SECRET;
import static io.coffer.gateway.auth.AuthFixture.refusal;
import static io.coffer.gateway.auth.AuthFixture.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.coffer.common.metadata.Account;
import io.coffer.gateway.http.Header;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.payload.PayloadCheck;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.operation.Identity;
import io.coffer.gateway.s3.operation.QueryParameters;
import io.coffer.gateway.s3.operation.QueryParameters.Parameter;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What authentication refuses, and with which words: the signature table of {@code docs/protocol}. */
final class RefusedSignaturesTest {
    private static final String NOTHING = Sha256.OF_NOTHING;
    private static final long MINUTE = Duration.ofMinutes(1).toMillis();

    private final Authenticator authenticator = AuthFixture.authenticator(AuthSettings.DEFAULT);
    private final Authenticator withV2 = AuthFixture.authenticator(AuthSettings.DEFAULT.withSigV2(true));
    private final RequestSigner signer = new RequestSigner(ACCESS_KEY, Secret.of(SECRET), "us-east-1", "s3");

    private static SigningRequest withHeaders(SigningRequest request, Headers headers) {
        return new SigningRequest(
                request.method(), request.path(), request.rawPath(), request.query(), headers, request.hostBucket());
    }

    private static SigningRequest withQuery(SigningRequest request, QueryParameters query) {
        return new SigningRequest(
                request.method(), request.path(), request.rawPath(), query, request.headers(), request.hostBucket());
    }

    private SigningRequest signed(SigningRequest request, String payload, long at) {
        return withHeaders(request, signer.sign(request, payload, at).headers());
    }

    private SigningRequest signed() {
        return signed(request("GET", "/bucket/key", Headers.of("Host", "localhost:9000")), NOTHING, NOW);
    }

    private SigningRequest link(String method, long expirySeconds) {
        SigningRequest request = request(method, "/bucket/key", Headers.of("Host", "localhost:9000"));
        return withQuery(request, signer.presign(request, expirySeconds, NOW));
    }

    private static SigningRequest replaceHeader(SigningRequest request, String name, UnaryOperator<String> change) {
        Headers.Builder headers = new Headers.Builder();
        for (Header line : request.headers()) {
            headers.add(line.name(), line.name().equalsIgnoreCase(name) ? change.apply(line.value()) : line.value());
        }
        return withHeaders(request, headers.build());
    }

    private static SigningRequest addHeader(SigningRequest request, String name, String value) {
        return withHeaders(
                request,
                new Headers.Builder().addAll(request.headers()).add(name, value).build());
    }

    private static SigningRequest dropHeader(SigningRequest request, String name) {
        Headers.Builder headers = new Headers.Builder();
        for (Header line : request.headers()) {
            if (!line.name().equalsIgnoreCase(name)) {
                headers.add(line.name(), line.value());
            }
        }
        return withHeaders(request, headers.build());
    }

    private static SigningRequest replaceParameter(SigningRequest request, String name, String value) {
        return withQuery(
                request,
                new QueryParameters(request.query().list().stream()
                        .map(p -> p.name().equals(name) ? new Parameter(name, value) : p)
                        .collect(Collectors.toList())));
    }

    private static SigningRequest dropParameter(SigningRequest request, String name) {
        return withQuery(
                request,
                new QueryParameters(request.query().list().stream()
                        .filter(p -> !p.name().equals(name))
                        .toList()));
    }

    private SigningRequest withAuthorization(String old, String replacement) {
        return replaceHeader(signed(), "Authorization", value -> {
            assertThat(value).contains(old);
            return value.replace(old, replacement);
        });
    }

    private static void assertRefused(S3Exception refusal, S3Error error, String message) {
        assertThat(refusal.error()).isEqualTo(error);
        assertThat(refusal).hasMessageContaining(message);
    }

    @Test
    void aSignatureWithAnyCharacterChangedIsRefusedAndExplained() {
        String authorization = signed().headers().first("Authorization");
        int start = authorization.indexOf("Signature=") + "Signature=".length();
        for (int i = start; i < authorization.length(); i++) {
            char other = authorization.charAt(i) == '0' ? '1' : '0';
            String changed = authorization.substring(0, i) + other + authorization.substring(i + 1);
            S3Exception refusal =
                    refusal(authenticator, replaceHeader(signed(), "Authorization", value -> changed), NOW);
            assertThat(refusal.error()).isEqualTo(S3Error.SIGNATURE_DOES_NOT_MATCH);
        }
    }

    @Test
    void theMismatchDocumentShowsWhatWasSigned() {
        S3Exception refusal = refusal(authenticator, withAuthorization("Signature=", "Signature=0"), NOW);

        assertThat(refusal.details().keySet())
                .containsExactly(
                        "AWSAccessKeyId",
                        "StringToSign",
                        "SignatureProvided",
                        "StringToSignBytes",
                        "CanonicalRequest",
                        "CanonicalRequestBytes");
        assertThat(refusal.details().get("CanonicalRequest"))
                .isEqualTo("GET\n/bucket/key\n\nhost:localhost:9000\nx-amz-content-sha256:" + NOTHING
                        + "\nx-amz-date:20130524T000000Z\n\nhost;x-amz-content-sha256;x-amz-date\n" + NOTHING);
        assertThat(refusal.details().get("StringToSign"))
                .startsWith("AWS4-HMAC-SHA256\n20130524T000000Z\n20130524/us-east-1/s3/aws4_request\n");
        assertThat(refusal.details().get("StringToSignBytes")).startsWith("41 57 53 34 2d 48");
        assertThat(refusal.details().values()).noneMatch(value -> value.contains(SECRET));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/us-east-1/s3/|/us-east-1/ec2/|incorrect service \"ec2\". This endpoint belongs to \"s3\".",
                "aws4_request|aws3_request|incorrect terminator \"aws3_request\". This endpoint uses \"aws4_request\".",
                "20130524/us|20130523/us|Invalid credential date \"20130523\". This date is not the same as X-Amz-Date: \"20130524\".",
                "20130524/us|2013052/us|incorrect date format \"2013052\". This date in the credential must be in the format \"yyyyMMdd\".",
                "20130524/us|20130231/us|incorrect date format \"20130231\".",
                "/us-east-1/|//|the region '' is wrong; expecting 'us-east-1'",
                "/s3/aws4_request|/s3|the Credential is mal-formed; expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\".",
                "Credential=|Credentials=|requires three components: Credential, SignedHeaders, and Signature.",
                "Signature=|Signature=a,Signature=|requires three components",
                "SignedHeaders=host|SignedHeaders=;host|SignedHeaders are mal-formed",
                "SignedHeaders=host|SignedHeaders=Host|SignedHeaders are mal-formed",
                "SignedHeaders=host|SignedHeaders=host;|SignedHeaders are mal-formed",
            })
    void aMalformedHeaderIsToldApart(String old, String replacement, String message) {
        assertRefused(
                refusal(authenticator, withAuthorization(old, replacement), NOW),
                S3Error.AUTHORIZATION_HEADER_MALFORMED,
                message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x-amz-content-sha256;host;x-amz-date",
                "host;host;x-amz-content-sha256;x-amz-date",
                "content-type;host;x-amz-content-sha256;x-amz-date"
            })
    void signedHeadersThatArentCanonicalDontMatch(String names) {
        SigningRequest request = withAuthorization("host;x-amz-content-sha256;x-amz-date", names);

        assertThat(refusal(authenticator, request, NOW).error()).isEqualTo(S3Error.SIGNATURE_DOES_NOT_MATCH);
    }

    @Test
    void unsortedSignedHeadersAreRefusedEvenWhenTheyWereSignedSo() {
        SigningRequest request = signed();
        List<String> names = List.of("x-amz-date", "host", "x-amz-content-sha256");
        CredentialScope scope = CredentialScope.of(ACCESS_KEY, "20130524", "us-east-1", "s3");
        String stringToSign = "AWS4-HMAC-SHA256\n20130524T000000Z\n" + scope.text() + "\n"
                + java.util.HexFormat.of().formatHex(Sha256.of(CanonicalRequest.of(request, names, NOTHING)));
        String signature = java.util.HexFormat.of()
                .formatHex(SigningKeys.derive(scope, Secret.of(SECRET)).sign(stringToSign));
        SigningRequest unsorted = replaceHeader(
                request,
                "Authorization",
                value -> "AWS4-HMAC-SHA256 Credential=" + ACCESS_KEY + "/" + scope.text()
                        + ", SignedHeaders=x-amz-date;host;x-amz-content-sha256, Signature=" + signature);

        assertThat(refusal(authenticator, unsorted, NOW).error()).isEqualTo(S3Error.SIGNATURE_DOES_NOT_MATCH);
    }

    @Test
    void whatS3ObeysMustBeSigned() {
        S3Exception noHost = refusal(authenticator, withAuthorization("SignedHeaders=host;", "SignedHeaders="), NOW);
        assertRefused(noHost, S3Error.ACCESS_DENIED, "There were headers present in the request which were not signed");
        assertThat(noHost.details()).containsEntry("HeadersNotSigned", "host");

        SigningRequest more = addHeader(addHeader(signed(), "X-Amz-Copy-Source", "/a/b"), "Content-MD5", "x");
        S3Exception unsigned = refusal(authenticator, more, NOW);
        assertThat(unsigned.details()).containsEntry("HeadersNotSigned", "x-amz-copy-source, content-md5");

        S3Exception onALink =
                refusal(authenticator, addHeader(link("PUT", 60), "x-amz-copy-source", "/other/secret"), NOW);
        assertThat(onALink.details()).containsEntry("HeadersNotSigned", "x-amz-copy-source");
    }

    @Test
    void headersThatS3DoesntObeyNeedNoSignature() {
        SigningRequest request = addHeader(addHeader(signed(), "User-Agent", "x"), "X-Amzn-Trace-Id", "y");

        assertThatCode(() -> authenticator.authenticate(request, NOW)).doesNotThrowAnyException();
    }

    @Test
    void aChangedHeaderDoesntMatchButFoldedWhiteSpaceDoes() {
        SigningRequest request = signed(
                request("GET", "/b/k", Headers.of("Host", "h", "x-amz-meta-a", "one  two\t three")), NOTHING, NOW);

        SigningRequest folded = replaceHeader(request, "x-amz-meta-a", value -> "one two   three");
        assertThatCode(() -> authenticator.authenticate(folded, NOW)).doesNotThrowAnyException();
        SigningRequest changed = replaceHeader(request, "x-amz-meta-a", value -> "onetwo three");
        assertThat(refusal(authenticator, changed, NOW).error()).isEqualTo(S3Error.SIGNATURE_DOES_NOT_MATCH);
        SigningRequest repeated = addHeader(request, "x-amz-meta-a", "more");
        assertThat(refusal(authenticator, repeated, NOW).error()).isEqualTo(S3Error.SIGNATURE_DOES_NOT_MATCH);
    }

    @Test
    void repeatedHeadersAreJoinedByCommas() {
        SigningRequest joined =
                signed(request("GET", "/b/k", Headers.of("Host", "h", "x-amz-meta-a", "1,2")), NOTHING, NOW);
        SigningRequest repeated = addHeader(replaceHeader(joined, "x-amz-meta-a", value -> "1"), "X-Amz-Meta-A", "2");

        assertThatCode(() -> authenticator.authenticate(repeated, NOW)).doesNotThrowAnyException();
    }

    @Test
    void theClockMayBeFifteenMinutesOff() {
        for (long off : new long[] {15 * MINUTE, -15 * MINUTE}) {
            SigningRequest request = signed(request("GET", "/", Headers.of("Host", "h")), NOTHING, NOW + off);
            assertThatCode(() -> authenticator.authenticate(request, NOW)).doesNotThrowAnyException();
        }
        for (long off : new long[] {15 * MINUTE + 1000, -15 * MINUTE - 1000}) {
            SigningRequest request = signed(request("GET", "/", Headers.of("Host", "h")), NOTHING, NOW + off);
            S3Exception refusal = refusal(authenticator, request, NOW);
            assertThat(refusal.error()).isEqualTo(S3Error.REQUEST_TIME_TOO_SKEWED);
            assertThat(refusal.details())
                    .containsEntry("RequestTime", SignatureTime.isoBasic(NOW + off))
                    .containsEntry("ServerTime", "2013-05-24T00:00:00Z")
                    .containsEntry("MaxAllowedSkewMilliseconds", "900000");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "yesterday", "20130524T250000Z", "2013-05-24", "20130524T000000"})
    void aDateThatIsNoneIsRefused(String date) {
        assertRefused(
                refusal(authenticator, replaceHeader(signed(), "x-amz-date", value -> date), NOW),
                S3Error.ACCESS_DENIED,
                "AWS authentication requires a valid Date or x-amz-date header");
    }

    @Test
    void aRequestWithoutADateIsRefused() {
        assertRefused(
                refusal(authenticator, dropHeader(signed(), "x-amz-date"), NOW),
                S3Error.ACCESS_DENIED,
                "AWS authentication requires a valid Date or x-amz-date header");
    }

    @Test
    void unknownAndDisabledKeysLookTheSameAndADisabledAccountIsTold() throws Exception {
        Account disabled = new Account(AuthFixture.ACCOUNT.id(), "d".repeat(64), "disabled", "", false, false, 0);
        Authenticator others = new Authenticator(
                AuthSettings.DEFAULT,
                new AuthFixture.Keys()
                        .add(ACCESS_KEY, SECRET, AuthFixture.ACCOUNT, false)
                        .add("FROZEN", SECRET, disabled, true));

        S3Exception off = refusal(others, signed(), NOW);
        assertThat(off.error()).isEqualTo(S3Error.INVALID_ACCESS_KEY_ID);
        assertThat(off.details()).containsExactlyEntriesOf(java.util.Map.of("AWSAccessKeyId", ACCESS_KEY));
        S3Exception unknown = refusal(others, withAuthorization(ACCESS_KEY, "NOBODY"), NOW);
        assertThat(unknown.error()).isEqualTo(S3Error.INVALID_ACCESS_KEY_ID);
        S3Exception huge = refusal(others, withAuthorization(ACCESS_KEY, "A".repeat(10_000)), NOW);
        assertThat(huge.error()).isEqualTo(S3Error.INVALID_ACCESS_KEY_ID);
        assertThat(huge.details().get("AWSAccessKeyId")).hasSize(1024);

        RequestSigner frozen = new RequestSigner("FROZEN", Secret.of(SECRET), "us-east-1", "s3");
        SigningRequest plain = request("GET", "/", Headers.of("Host", "h"));
        SigningRequest good =
                withHeaders(plain, frozen.sign(plain, NOTHING, NOW).headers());
        assertThat(refusal(others, good, NOW).error()).isEqualTo(S3Error.ACCOUNT_PROBLEM);
        SigningRequest bad = replaceHeader(good, "Host", value -> "other");
        assertThat(refusal(others, bad, NOW).error()).isEqualTo(S3Error.SIGNATURE_DOES_NOT_MATCH);
    }

    @Test
    void aSessionTokenIsNotTakenWithAPermanentKey() {
        SigningRequest request =
                signed(request("GET", "/", Headers.of("Host", "h", "x-amz-security-token", "abc")), NOTHING, NOW);
        assertThat(refusal(authenticator, request, NOW).error()).isEqualTo(S3Error.INVALID_TOKEN);

        SigningRequest plain = request("GET", "/", Headers.of("Host", "h"), "X-Amz-Security-Token", "abc");
        SigningRequest link = withQuery(plain, signer.presign(plain, 60, NOW));
        assertThat(refusal(authenticator, link, NOW).error()).isEqualTo(S3Error.INVALID_TOKEN);
    }

    @Test
    void twoMechanismsAtOnceAreRefused() {
        SigningRequest both = withHeaders(link("GET", 60), signed().headers());
        assertRefused(refusal(authenticator, both, NOW), S3Error.INVALID_ARGUMENT, "Only one auth mechanism allowed");
        SigningRequest twice = addHeader(signed(), "Authorization", "AWS a:b");
        assertRefused(refusal(authenticator, twice, NOW), S3Error.INVALID_ARGUMENT, "Only one auth mechanism allowed");
        SigningRequest v2AndV4 = request(
                "GET", "/", Headers.of("Host", "h"), "X-Amz-Signature", "a", "Signature", "b", "AWSAccessKeyId", "c");
        assertRefused(refusal(withV2, v2AndV4, NOW), S3Error.INVALID_ARGUMENT, "Only one auth mechanism allowed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"aws4-hmac-sha256 x", "Bearer abc", "AWS4-HMAC-SHA512 x", "AWS4-HMAC-SHA256Credential=", "x", ""
            })
    void unknownSchemesAreRefused(String authorization) {
        SigningRequest request = request("GET", "/", Headers.of("Host", "h", "Authorization", authorization));

        assertRefused(refusal(authenticator, request, NOW), S3Error.INVALID_ARGUMENT, "Unsupported Authorization Type");
    }

    @ParameterizedTest
    @ValueSource(strings = {ACCESS_KEY + ":" + SECRET, "Basic QUtJQTpzZWNyZXQ="})
    void aKeyPairInTheClearIsExplainedAndNotRepeated(String authorization) {
        SigningRequest request = request("GET", "/", Headers.of("Host", "h", "Authorization", authorization));

        S3Exception refusal = refusal(authenticator, request, NOW);
        assertThat(refusal.error().status()).isEqualTo(400);
        assertRefused(refusal, S3Error.INVALID_REQUEST, "must never be sent");
        assertThat(refusal.details()).isEmpty();
    }

    @Test
    void version2IsOffUnlessItIsSwitchedOn() {
        SigningRequest header = request("GET", "/", Headers.of("Host", "h", "Authorization", "AWS a:b"));
        SigningRequest link = request("GET", "/", Headers.of("Host", "h"), "AWSAccessKeyId", "a", "Signature", "b");
        for (SigningRequest request : List.of(header, link)) {
            assertRefused(
                    refusal(authenticator, request, NOW),
                    S3Error.INVALID_REQUEST,
                    "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.");
        }
    }

    @Test
    void version2RefusesWhatItMust() {
        String date = "Fri, 24 May 2013 00:00:00 GMT";
        SigningRequest wrong =
                request("GET", "/", Headers.of("Date", date, "Authorization", "AWS " + ACCESS_KEY + ":x"));
        S3Exception mismatch = refusal(withV2, wrong, NOW);
        assertThat(mismatch.error()).isEqualTo(S3Error.SIGNATURE_DOES_NOT_MATCH);
        assertThat(mismatch.details()).containsEntry("StringToSign", "GET\n\n\n" + date + "\n/");

        SigningRequest secret =
                request("GET", "/", Headers.of("Date", date, "Authorization", "AWS " + ACCESS_KEY + ":" + SECRET));
        assertRefused(refusal(withV2, secret, NOW), S3Error.INVALID_REQUEST, "must never be sent");

        for (String form : List.of("AWS", "AWS x", "AWS :x", "AWS x:", "AWS a b:c")) {
            assertRefused(
                    refusal(withV2, request("GET", "/", Headers.of("Date", date, "Authorization", form)), NOW),
                    S3Error.INVALID_ARGUMENT,
                    "AWS authorization header is invalid.  Expected AwsAccessKeyId:signature");
        }
        assertThat(refusal(withV2, wrong, NOW + 16 * MINUTE).error()).isEqualTo(S3Error.REQUEST_TIME_TOO_SKEWED);
        for (String skewed : List.of("Tue, 07 Jul 2010 21:53:04 GMT", "Tue, 07 Jul 9999 21:53:04 GMT")) {
            SigningRequest wrongDay =
                    request("GET", "/", Headers.of("x-amz-date", skewed, "Authorization", "AWS " + ACCESS_KEY + ":x"));
            assertThat(refusal(withV2, wrongDay, NOW).error()).isEqualTo(S3Error.REQUEST_TIME_TOO_SKEWED);
        }
        SigningRequest ancient = request(
                "GET",
                "/",
                Headers.of("x-amz-date", "Tue, 07 Jul 1950 21:53:04 GMT", "Authorization", "AWS " + ACCESS_KEY + ":x"));
        assertRefused(refusal(withV2, ancient, NOW), S3Error.ACCESS_DENIED, "requires a valid Date");
        SigningRequest undated = request("GET", "/", Headers.of("Authorization", "AWS " + ACCESS_KEY + ":x"));
        assertRefused(refusal(withV2, undated, NOW), S3Error.ACCESS_DENIED, "requires a valid Date");
    }

    @Test
    void version2LinksAreBounded() {
        Headers host = Headers.of("Host", "h");
        SigningRequest missing = request("GET", "/", host, "AWSAccessKeyId", ACCESS_KEY, "Signature", "x");
        assertRefused(
                refusal(withV2, missing, NOW),
                S3Error.ACCESS_DENIED,
                "Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters");
        SigningRequest word =
                request("GET", "/", host, "AWSAccessKeyId", ACCESS_KEY, "Signature", "x", "Expires", "tomorrow");
        assertRefused(
                refusal(withV2, word, NOW), S3Error.ACCESS_DENIED, "Invalid date (should be seconds since epoch)");
        String nextYear = Long.toString(NOW / 1000 + 365 * 86400);
        SigningRequest far =
                request("GET", "/", host, "AWSAccessKeyId", ACCESS_KEY, "Signature", "x", "Expires", nextYear);
        assertRefused(refusal(withV2, far, NOW), S3Error.ACCESS_DENIED, "too far away");
    }

    @Test
    void theExtensionsOfVersion2AreSigned() throws Exception {
        for (String extension : List.of("append", "compose", "force_delete", "retention")) {
            SigningRequest plain = request("PUT", "/b/k", Headers.of("x-amz-date", "20130524T000000Z"));
            SigningRequest extended =
                    request("PUT", "/b/k", Headers.of("x-amz-date", "20130524T000000Z"), extension, "true");
            String signature = V2Signature.sign(Secret.of(SECRET), V2Signature.stringToSign(extended, ""));
            String authorization = "AWS " + ACCESS_KEY + ":" + signature;

            assertThat(withV2.authenticate(addHeader(extended, "Authorization", authorization), NOW)
                            .identity())
                    .isInstanceOf(Identity.Signed.class);
            assertThat(refusal(withV2, addHeader(plain, "Authorization", authorization), NOW)
                            .error())
                    .isEqualTo(S3Error.SIGNATURE_DOES_NOT_MATCH);
        }
    }

    @Test
    void aLinkServesItsMethodOnlyAndUntilItExpires() throws Exception {
        assertThat(authenticator.authenticate(link("GET", 60), NOW + MINUTE).payload())
                .isEqualTo(PayloadCheck.UNSIGNED);
        for (String method : List.of("HEAD", "PUT", "DELETE", "POST")) {
            SigningRequest other = new SigningRequest(
                    method,
                    "/bucket/key",
                    "/bucket/key",
                    link("GET", 60).query(),
                    link("GET", 60).headers(),
                    null);
            assertThat(refusal(authenticator, other, NOW).error()).isEqualTo(S3Error.SIGNATURE_DOES_NOT_MATCH);
        }
        S3Exception expired = refusal(authenticator, link("GET", 60), NOW + MINUTE + 1);
        assertRefused(expired, S3Error.ACCESS_DENIED, "Request has expired");
        assertThat(expired.details())
                .containsEntry("X-Amz-Expires", "60")
                .containsEntry("Expires", "2013-05-24T00:01:00Z")
                .containsEntry("ServerTime", "2013-05-24T00:01:00Z");
        assertRefused(
                refusal(authenticator, link("GET", 60), NOW - 16 * MINUTE),
                S3Error.ACCESS_DENIED,
                "Request is not yet valid");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "X-Amz-Expires|604801|X-Amz-Expires must be less than a week (in seconds)",
                "X-Amz-Expires|99999999999999999999|X-Amz-Expires must be less than a week",
                "X-Amz-Expires|-1|X-Amz-Expires must be non-negative",
                "X-Amz-Expires|0|X-Amz-Expires must be at least 1 second",
                "X-Amz-Expires|soon|X-Amz-Expires should be a number",
                "X-Amz-Expires|+5|X-Amz-Expires should be a number",
                "X-Amz-Algorithm|aws4-hmac-sha256|X-Amz-Algorithm only supports",
                "X-Amz-Date|Fri, 24 May 2013 00:00:00 GMT|X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"",
                "X-Amz-Credential|AKIAIOSFODNN7EXAMPLE|Error parsing the X-Amz-Credential parameter; the Credential is mal-formed",
                "X-Amz-Credential|AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/sns/aws4_request|Error parsing the X-Amz-Credential parameter; incorrect service \"sns\".",
                "X-Amz-SignedHeaders|Host|X-Amz-SignedHeaders is mal-formed",
                "X-Amz-SignedHeaders|''|X-Amz-SignedHeaders is mal-formed",
            })
    void aMalformedLinkIsToldApart(String name, String value, String message) {
        String unquoted = value.equals("''") ? "" : value;
        assertRefused(
                refusal(authenticator, replaceParameter(link("GET", 60), name, unquoted), NOW),
                S3Error.AUTHORIZATION_QUERY_PARAMETERS_ERROR,
                message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Amz-Algorithm",
                "X-Amz-Credential",
                "X-Amz-Date",
                "X-Amz-Expires",
                "X-Amz-SignedHeaders",
                "X-Amz-Signature"
            })
    void aLinkNeedsEachParameterOnce(String name) {
        assertRefused(
                refusal(authenticator, dropParameter(link("GET", 60), name), NOW),
                S3Error.AUTHORIZATION_QUERY_PARAMETERS_ERROR,
                "Query-string authentication version 4 requires");
        SigningRequest twice = withQuery(
                link("GET", 60),
                new QueryParameters(java.util.stream.Stream.concat(
                                link("GET", 60).query().list().stream(),
                                java.util.stream.Stream.of(new Parameter(name, "x")))
                        .toList()));
        assertThat(refusal(authenticator, twice, NOW).error()).isEqualTo(S3Error.AUTHORIZATION_QUERY_PARAMETERS_ERROR);
    }

    @Test
    void aWeekIsAllowed() {
        assertThatCode(() -> authenticator.authenticate(link("GET", 604_800), NOW))
                .doesNotThrowAnyException();
    }

    @Test
    void onlyListedRegionsAreTakenWhereThereIsAList() {
        Authenticator listed = AuthFixture.authenticator(AuthSettings.DEFAULT.withRegions(List.of("KR1", "KR2")));
        S3Exception refusal = refusal(listed, signed(), NOW);

        assertRefused(
                refusal,
                S3Error.AUTHORIZATION_HEADER_MALFORMED,
                "The authorization header is malformed; the region 'us-east-1' is wrong; expecting 'KR1'");
        assertThat(refusal.details()).containsEntry("Region", "KR1");
        RequestSigner korea = new RequestSigner(ACCESS_KEY, Secret.of(SECRET), "KR2", "s3");
        SigningRequest plain = request("GET", "/", Headers.of("Host", "h"));
        SigningRequest good = withHeaders(plain, korea.sign(plain, NOTHING, NOW).headers());
        assertThatCode(() -> listed.authenticate(good, NOW)).doesNotThrowAnyException();
        assertThatCode(() -> authenticator.authenticate(good, NOW)).doesNotThrowAnyException();
    }

    @Test
    void thePayloadMustBeDeclared() {
        assertRefused(
                refusal(authenticator, dropHeader(signed(), "x-amz-content-sha256"), NOW),
                S3Error.INVALID_REQUEST,
                "Missing required header for this request: x-amz-content-sha256");
        for (String wrong : List.of("", "abc", "UNSIGNED", "streaming-unsigned-payload-trailer", "g".repeat(64))) {
            SigningRequest request = signed(request("PUT", "/b/k", Headers.of("Host", "h")), wrong, NOW);
            S3Exception refusal = refusal(authenticator, request, NOW);
            assertRefused(refusal, S3Error.INVALID_ARGUMENT, "x-amz-content-sha256 must be");
            assertThat(refusal.details()).containsEntry("ArgumentValue", wrong);
        }
    }

    @Test
    void eachDeclarationBecomesItsCheck() throws Exception {
        SigningRequest put = request("PUT", "/b/k", Headers.of("Host", "h"));
        assertThat(check(put, "UNSIGNED-PAYLOAD")).isEqualTo(PayloadCheck.UNSIGNED);
        assertThat(check(put, "STREAMING-UNSIGNED-PAYLOAD-TRAILER")).isEqualTo(PayloadCheck.UNSIGNED_TRAILER);
        assertThat(check(put, "AB".repeat(32))).isEqualTo(new PayloadCheck.Sha256("ab".repeat(32)));
        assertThat(check(put, "STREAMING-AWS4-HMAC-SHA256-PAYLOAD")).isInstanceOf(PayloadCheck.SignedChunks.class);
    }

    private PayloadCheck check(SigningRequest request, String payload) throws S3Exception {
        return authenticator.authenticate(signed(request, payload, NOW), NOW).payload();
    }

    @Test
    void nobodysChunksCantBeSigned() throws Exception {
        SigningRequest anonymous = request("PUT", "/b/k", Headers.of("Host", "h"));
        assertThat(authenticator.authenticate(anonymous, NOW))
                .isEqualTo(new Authentication(Identity.ANONYMOUS, PayloadCheck.UNSIGNED));
        SigningRequest trailer = addHeader(anonymous, "x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER");
        assertThat(authenticator.authenticate(trailer, NOW).payload()).isEqualTo(PayloadCheck.UNSIGNED_TRAILER);
        for (String streaming :
                List.of("STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER")) {
            SigningRequest signedChunks = addHeader(anonymous, "x-amz-content-sha256", streaming);
            assertThat(refusal(authenticator, signedChunks, NOW).error()).isEqualTo(S3Error.INVALID_REQUEST);
        }
    }

    @Test
    void aChangedSecretForgetsTheOldSigningKey() throws Exception {
        AuthFixture.Keys keys = AuthFixture.keys();
        Authenticator changing = new Authenticator(AuthSettings.DEFAULT, keys);
        changing.authenticate(signed(), NOW);
        keys.add(ACCESS_KEY, "another secret", AuthFixture.ACCOUNT, true);

        assertThat(refusal(changing, signed(), NOW).error()).isEqualTo(S3Error.SIGNATURE_DOES_NOT_MATCH);
    }
}
