package io.coffer.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.gateway.form.FormText;
import io.coffer.gateway.form.FormUpload;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.payload.ScriptedBody;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.operation.Identity;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Forms that are signed, with Amazon's worked example, and forms that aren't as they should be. */
final class FormVerifierTest {
    private static final long NOW = Instant.parse("2015-12-29T01:00:00Z").toEpochMilli();

    /** Of Amazon's example "Browser-Based Upload using HTTP POST", with its line ends. */
    private static final String POLICY =
            "eyAiZXhwaXJhdGlvbiI6ICIyMDE1LTEyLTMwVDEyOjAwOjAwLjAwMFoiLA0KICAiY29uZGl0aW9ucyI6IFsNCiAgICB7ImJ1Y2tldCI6ICJzaWd2NGV4YW1wbGVidWNrZXQifSwNCiAgICBbInN0YXJ0cy13aXRoIiwgIiRrZXkiLCAidXNlci91c2VyMS8iXSwNCiAgICB7ImFjbCI6ICJwdWJsaWMtcmVhZCJ9LA0KICAgIHsic3VjY2Vzc19hY3Rpb25fcmVkaXJlY3QiOiAiaHR0cDovL3NpZ3Y0ZXhhbXBsZWJ1Y2tldC5zMy5hbWF6b25hd3MuY29tL3N1Y2Nlc3NmdWxfdXBsb2FkLmh0bWwifSwNCiAgICBbInN0YXJ0cy13aXRoIiwgIiRDb250ZW50LVR5cGUiLCAiaW1hZ2UvIl0sDQogICAgeyJ4LWFtei1tZXRhLXV1aWQiOiAiMTQzNjUxMjM2NTEyNzQifSwNCiAgICB7IngtYW16LXNlcnZlci1zaWRlLWVuY3J5cHRpb24iOiAiQUVTMjU2In0sDQogICAgWyJzdGFydHMtd2l0aCIsICIkeC1hbXotbWV0YS10YWciLCAiIl0sDQoNCiAgICB7IngtYW16LWNyZWRlbnRpYWwiOiAiQUtJQUlPU0ZPRE5ON0VYQU1QTEUvMjAxNTEyMjkvdXMtZWFzdC0xL3MzL2F3czRfcmVxdWVzdCJ9LA0KICAgIHsieC1hbXotYWxnb3JpdGhtIjogIkFXUzQtSE1BQy1TSEEyNTYifSwNCiAgICB7IngtYW16LWRhdGUiOiAiMjAxNTEyMjlUMDAwMDAwWiIgfQ0KICBdDQp9";

    private static final String SIGNATURE = "8afdbf4008c03f22c2cd3cdb72e4afbb1f6a588f3255ac628749a66d7f09699e";
    private static final String SCOPE = "/20151229/us-east-1/s3/aws4_request";

    private final Authenticator v4 = AuthFixture.authenticator(AuthSettings.DEFAULT);
    private final Authenticator both = AuthFixture.authenticator(AuthSettings.DEFAULT.withSigV2(true));

    private final Map<String, String> fields = new LinkedHashMap<>();

    FormVerifierTest() {
        fields.put("key", "user/user1/${filename}");
        fields.put("X-Amz-Credential", AuthFixture.ACCESS_KEY + SCOPE);
        fields.put("X-Amz-Algorithm", "AWS4-HMAC-SHA256");
        fields.put("X-Amz-Date", "20151229T000000Z");
        fields.put("Policy", POLICY);
        fields.put("X-Amz-Signature", SIGNATURE);
    }

    private FormUpload form() throws Exception {
        FormText text = new FormText();
        fields.forEach(text::field);
        return FormUpload.open(
                Headers.of("Content-Type", FormText.CONTENT_TYPE),
                ScriptedBody.whole(text.file("photo.jpg", "jpeg").bytes()));
    }

    private Identity verify(Authenticator authenticator, long now, String... headers) throws Exception {
        return authenticator.authenticateForm(
                AuthFixture.request("POST", "/", Headers.of(headers)), form().fields(), now);
    }

    private S3Exception refusal(Authenticator authenticator, long now, String... headers) {
        try {
            throw new AssertionError("accepted: " + verify(authenticator, now, headers));
        } catch (S3Exception e) {
            return e;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private void signByVersion2() {
        fields.keySet().removeIf(name -> name.startsWith("X-Amz-"));
        fields.put("AWSAccessKeyId", AuthFixture.ACCESS_KEY);
        fields.put("signature", V2Signature.sign(Secret.of(AuthFixture.SECRET), POLICY));
    }

    @Test
    void amazonsExampleIsAccepted() throws Exception {
        assertThat(verify(v4, NOW)).isEqualTo(new Identity.Signed(AuthFixture.ACCOUNT, AuthFixture.ACCESS_KEY));
    }

    @Test
    void version2SignsThePolicyToo() throws Exception {
        signByVersion2();
        assertThat(verify(both, NOW)).isInstanceOf(Identity.Signed.class);
        fields.put("signature", V2Signature.sign(Secret.of("another"), POLICY));
        assertThat(refusal(both, NOW).error()).isEqualTo(S3Error.SIGNATURE_DOES_NOT_MATCH);
        assertThat(refusal(v4, NOW).getMessage()).contains("Please use AWS4-HMAC-SHA256");
    }

    @Test
    void aSecretInPlaceOfASignatureIsNotRepeated() {
        signByVersion2();
        fields.put("signature", AuthFixture.SECRET);
        S3Exception refusal = refusal(both, NOW);
        assertThat(refusal.getMessage()).contains("sent in the clear");
        assertThat(refusal.details().values()).noneMatch(value -> value.contains(AuthFixture.SECRET));
    }

    @Test
    void aFormWithoutASignatureIsAnonymous() throws Exception {
        fields.keySet().retainAll(List.of("key", "Policy"));
        assertThat(verify(v4, NOW)).isEqualTo(Identity.ANONYMOUS);
    }

    @ParameterizedTest
    @CsvSource({
        "X-Amz-Signature, X-Amz-Signature",
        "X-Amz-Algorithm, X-Amz-Algorithm",
        "X-Amz-Credential, X-Amz-Credential",
        "X-Amz-Date, X-Amz-Date",
        "Policy, policy"
    })
    void allOfASignatureMustBeThere(String field, String named) {
        fields.remove(field);
        S3Exception refusal = refusal(v4, NOW);
        assertThat(refusal.error()).isEqualTo(S3Error.INVALID_ARGUMENT);
        assertThat(refusal.getMessage())
                .isEqualTo("Bucket POST must contain a field named '" + named
                        + "'.  If it is specified, please check the order of the fields.");
        assertThat(refusal.details()).containsEntry("ArgumentName", named);
    }

    @Test
    void version2NamesItsOwnFields() {
        signByVersion2();
        fields.remove("signature");
        assertThat(refusal(both, NOW).details()).containsEntry("ArgumentName", "Signature");
        signByVersion2();
        fields.remove("AWSAccessKeyId");
        assertThat(refusal(both, NOW).details()).containsEntry("ArgumentName", "AWSAccessKeyId");
    }

    @Test
    void aSignatureOfSomethingElseDoesNotCount() {
        fields.put("Policy", POLICY.substring(0, POLICY.length() - 4));
        S3Exception refusal = refusal(v4, NOW);
        assertThat(refusal.error()).isEqualTo(S3Error.SIGNATURE_DOES_NOT_MATCH);
        assertThat(refusal.details())
                .containsEntry("AWSAccessKeyId", AuthFixture.ACCESS_KEY)
                .containsEntry("StringToSign", POLICY.substring(0, POLICY.length() - 4))
                .containsEntry("SignatureProvided", SIGNATURE)
                .doesNotContainKey("CanonicalRequest");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "X-Amz-Algorithm | AWS4-HMAC-SHA1 | InvalidArgument",
                "X-Amz-Credential | us-east-1/s3/aws4_request | InvalidArgument",
                "X-Amz-Credential | AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/ec2/aws4_request | InvalidArgument",
                "X-Amz-Credential | AKIAIOSFODNN7EXAMPLE/20151228/us-east-1/s3/aws4_request | InvalidArgument",
                "X-Amz-Credential | AKIAIOSFODNN7EXAMPLE/20151299/us-east-1/s3/aws4_request | InvalidArgument",
                "X-Amz-Credential | AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws5 | InvalidArgument",
                "X-Amz-Credential | AKIAIOSFODNN7EXAMPLE/20151229/eu-west-1/s3/aws4_request | SignatureDoesNotMatch",
                "X-Amz-Credential | UNKNOWN/20151229/us-east-1/s3/aws4_request | InvalidAccessKeyId",
                "X-Amz-Date | 2015-12-29T00:00:00Z | InvalidArgument",
                "X-Amz-Security-Token | token | InvalidToken",
                "AWSAccessKeyId | AKIAIOSFODNN7EXAMPLE | InvalidArgument",
                "signature | x | InvalidArgument"
            })
    void everyPartOfASignatureIsChecked(String field, String value, String code) {
        fields.put(field, value);
        assertThat(refusal(v4, NOW).error().code()).isEqualTo(code);
    }

    @Test
    void aWrongRegionIsToldTheRightOne() {
        S3Exception refusal =
                refusal(AuthFixture.authenticator(AuthSettings.DEFAULT.withRegions(List.of("eu-west-1"))), NOW);
        assertThat(refusal.error()).isEqualTo(S3Error.INVALID_ARGUMENT);
        assertThat(refusal.getMessage()).isEqualTo("the region 'us-east-1' is wrong; expecting 'eu-west-1'");
        assertThat(refusal.details())
                .containsEntry("ArgumentName", "X-Amz-Credential")
                .containsEntry("Region", "eu-west-1");
    }

    @Test
    void aSignatureOfVersion4LastsAWeek() throws Exception {
        long week = 7 * 86_400_000L;
        long made = NOW - 3_600_000;
        assertThat(verify(v4, made + week)).isInstanceOf(Identity.Signed.class);
        assertThat(refusal(v4, made + week + 1).getMessage()).isEqualTo("Request has expired");
        assertThat(refusal(v4, made - 900_001).getMessage()).isEqualTo("Request is not yet valid");
    }

    @Test
    void aRequestThatIsSignedItselfIsNoForm() {
        assertThat(refusal(v4, NOW, "Authorization", "AWS4-HMAC-SHA256 x").getMessage())
                .contains("Only one auth mechanism");
    }
}
