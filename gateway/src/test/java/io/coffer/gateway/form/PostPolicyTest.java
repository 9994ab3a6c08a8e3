package io.coffer.gateway.form;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coffer.gateway.http.Headers;
import io.coffer.gateway.payload.ObjectBody;
import io.coffer.gateway.payload.ScriptedBody;
import io.coffer.gateway.s3.error.S3Exception;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What policies allow, and the words in which Amazon refuses. */
class PostPolicyTest {
    private static final long NOW = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();
    private static final String EXPIRATION = "2026-01-02T00:00:00.000Z";
    private static final String BUCKET = "{\"bucket\": \"b\"}";
    private static final String ANY_KEY = "[\"starts-with\", \"$key\", \"\"]";

    private static String document(String conditions) {
        return "{\"expiration\": \"" + EXPIRATION + "\", \"conditions\": [" + conditions + "]}";
    }

    /** Reads the whole form. */
    private static String outcome(String policy, FormText form) {
        return outcome(
                form.field("policy", Base64.getEncoder().encodeToString(policy.getBytes(StandardCharsets.UTF_8))));
    }

    private static String outcome(FormText form) {
        return outcome(form, "content");
    }

    private static String outcome(FormText form, String content) {
        try {
            FormUpload upload = FormUpload.open(
                    Headers.of("Content-Type", FormText.CONTENT_TYPE),
                    ScriptedBody.inPiecesOf(100, form.file("photo.png", content).bytes()));
            ObjectBody file = upload.file("b", NOW);
            while (file.read() != null) {}
            return "taken";
        } catch (S3Exception e) {
            return e.error().code() + ": " + e.getMessage();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static FormText key(String key) {
        return new FormText().field("key", key);
    }

    private static String withConditions(String conditions, FormText form) {
        return outcome(document(BUCKET + "," + conditions), form);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"key\": \"user/a\"}",
                "{\"KeY\": \"user/a\"}",
                "[\"eq\", \"$key\", \"user/a\"]",
                "[\"EQ\", \"$Key\", \"user/a\"]",
                "[\"starts-with\", \"$key\", \"user/\"]",
                "[\"StArTs-WiTh\", \"$kEy\", \"\"]",
                "[\"starts-with\", \"$key\", \"\"], [\"starts-with\", \"$acl\", \"\"]",
                "[\"starts-with\", \"$key\", \"\"], [\"content-length-range\", 7, 7]",
                "[\"starts-with\", \"$key\", \"\"], [\"content-length-range\", \"0\", \"10\"]"
            })
    void conditionsThatHoldAllowTheForm(String conditions) {
        assertThat(withConditions(conditions, key("user/a"))).isEqualTo("taken");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"key\": \"user/A\"} | [\"eq\", \"$key\", \"user/A\"]",
                "{\"Key\": \"b\"} | [\"eq\", \"$Key\", \"b\"]",
                "[\"eq\", \"key\", \"user/a\"] | [\"eq\", \"key\", \"user/a\"]",
                "[\"starts-with\", \"$key\", \"User/\"] | [\"starts-with\", \"$key\", \"User/\"]",
                "{\"acl\": \"private\"} | [\"eq\", \"$acl\", \"private\"]",
                "[\"starts-with\", \"$acl\", \"p\"] | [\"starts-with\", \"$acl\", \"p\"]",
                "{\"Content-Disposition\": \"a\\\"b\\\\\"} | [\"eq\", \"$Content-Disposition\", \"a\\\"b\\\\\"]",
                "[\"content-length-range\", \"test\", \"10\"] | [\"content-length-range\", \"test\", \"10\"]",
                "{\"bucket\": \"other\"} | [\"eq\", \"$bucket\", \"other\"]"
            })
    void theConditionThatFailsIsNamed(String condition, String named) {
        assertThat(withConditions(condition, key("user/a")))
                .isEqualTo("AccessDenied: Invalid according to Policy: Policy Condition failed: " + named);
    }

    @Test
    void theBucketIsTheRequestsWhateverAFieldSays() {
        assertThat(outcome(document("{\"bucket\": \"other\"}," + ANY_KEY), key("k").field("bucket", "other")))
                .contains("[\"eq\", \"$bucket\", \"other\"]");
        assertThat(outcome(document(BUCKET + "," + ANY_KEY), key("k").field("bucket", "b")))
                .isEqualTo("taken");
    }

    @Test
    void conditionsSeeTheFilesName() {
        assertThat(withConditions("{\"key\": \"in/photo.png\"}", key("in/${filename}")))
                .isEqualTo("taken");
        assertThat(withConditions("{\"key\": \"in/${filename}\"}", key("in/${filename}")))
                .contains("Policy Condition failed");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "image/png | taken",
                "image/png, image/gif | taken",
                "image/png,text/html | failed",
                "text/html | failed",
                "'' | failed"
            })
    void contentTypesMayBeAList(String type, String outcome) {
        String conditions = ANY_KEY + ",[\"starts-with\", \"$Content-Type\", \"image/\"]";
        assertThat(withConditions(conditions, key("k").field("Content-Type", type)))
                .contains(outcome);
    }

    @Test
    void everyFieldNeedsACondition() {
        assertThat(withConditions(ANY_KEY, key("k").field("StorageClass", "x")))
                .isEqualTo("AccessDenied: Invalid according to Policy: Extra input fields: storageclass");
        assertThat(outcome(document(BUCKET), key("k")))
                .isEqualTo("AccessDenied: Invalid according to Policy: Extra input fields: key");
        assertThat(outcome(document(ANY_KEY), key("k")))
                .isEqualTo("AccessDenied: Invalid according to Policy: Extra input fields: bucket");
        assertThat(withConditions(
                        ANY_KEY,
                        key("k").field("X-Ignore-Me", "1")
                                .field("x-amz-signature", "s")
                                .field("signature", "s")
                                .field("AWSAccessKeyId", "a")
                                .field("x-amz-checksum-crc32", "AAAAAA==")))
                .isEqualTo("taken");
        assertThat(withConditions(ANY_KEY, key("k").field("x-amz-date", "d"))).contains("x-amz-date");
    }

    @ParameterizedTest
    @CsvSource({"0, 7, taken", "7, 9, taken", "8, 9, EntityTooSmall", "0, 6, EntityTooLarge", "9, 3, EntityTooLarge"})
    void theFilesSizeIsHeldAgainstEveryRange(long min, long max, String outcome) {
        String range = "[\"content-length-range\", " + min + ", " + max + "]";
        assertThat(withConditions(ANY_KEY + "," + range, key("k"))).startsWith(outcome);
        assertThat(withConditions(ANY_KEY + ",[\"content-length-range\", 0, 1000]," + range, key("k")))
                .startsWith(outcome);
    }

    @Test
    void sizesAreTold() throws Exception {
        FormText form = key("k").field(
                        "policy", base64(document(BUCKET + "," + ANY_KEY + ",[\"content-length-range\", 5, 10]")));
        FormUpload upload = FormUpload.open(
                Headers.of("Content-Type", FormText.CONTENT_TYPE),
                ScriptedBody.whole(form.file("f", "123456789012").bytes()));
        ObjectBody file = upload.file("b", NOW);
        assertThatThrownBy(() -> {
                    while (file.read() != null) {}
                })
                .isInstanceOfSatisfying(
                        S3Exception.class,
                        e -> assertThat(e.details())
                                .containsEntry("ProposedSize", "12")
                                .containsEntry("MaxSizeAllowed", "10"));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aPolicyEnds() {
        String conditions = BUCKET + "," + ANY_KEY;
        assertThat(outcome(document(conditions).replace(EXPIRATION, "2026-01-01T00:00:00Z"), key("k")))
                .isEqualTo("taken");
        assertThat(outcome(document(conditions).replace(EXPIRATION, "2025-12-31T23:59:59.999Z"), key("k")))
                .isEqualTo("AccessDenied: Invalid according to Policy: Policy expired.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-01-02 00:00:00Z",
                "2026-01-02T00:00:00+00:00",
                "2026-02-30T00:00:00Z",
                "2026-01-02T24:00:01Z",
                "2026-01-02",
                "tomorrow",
                ""
            })
    void aTimeThatCannotBeReadIsTold(String time) {
        assertThat(outcome(document(BUCKET + "," + ANY_KEY).replace(EXPIRATION, time), key("k")))
                .isEqualTo("InvalidPolicyDocument: Invalid Policy: Invalid 'expiration' value: '" + time + "'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[] | Invalid JSON.",
                "expiration | Invalid JSON.",
                "{\"expiration\": \"2026-01-02T00:00:00Z\", \"conditions\": []} x | Invalid JSON.",
                "{\"expiration\": 1, \"conditions\": []} | Invalid JSON.",
                "{\"conditions\": []} | Policy missing expiration.",
                "{\"expiration\": \"2026-01-02T00:00:00Z\"} | Policy missing conditions.",
                "{\"expiration\": \"2026-01-02T00:00:00Z\", \"CONDITIONS\": []} | Unexpected: 'conditions'",
                "{\"expiration\": \"2026-01-02T00:00:00Z\", \"conditions\": {}} | Invalid 'conditions' value: must be a List.",
                "{\"expiration\": \"2026-01-02T00:00:00Z\", \"conditions\": [], \"conditions\": []} | Invalid JSON."
            })
    void aDocumentThatIsNoPolicyIsTold(String document, String why) {
        assertThat(outcome(document, key("k"))).isEqualTo("InvalidPolicyDocument: Invalid Policy: " + why);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.",
                "{\"a\": \"b\", \"c\": \"d\"} | Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.",
                "{\"a\": 1} | Invalid Simple-Condition: value must be a string.",
                "{\"a\": null} | Invalid JSON.",
                "\"bucket\" | Invalid condition test: must be a List or Object.",
                "[] | Invalid Condition: missing operation identifier.",
                "[\"ends-with\", \"$key\", \"a\"] | Invalid Condition: unknown operation 'ends-with'.",
                "[\"eq\", \"$key\"] | Invalid eq: wrong number of arguments.",
                "[\"content-length-range\", 0] | Invalid content-length-range: wrong number of arguments.",
                "[\"content-length-range\", -1, 0] | Invalid content-length-range: sizes must not be negative.",
                "[\"content-length-range\", 0, 512.0] | Invalid JSON.",
                "[\"content-length-range\", 0, 9999999999999999999] | Invalid JSON.",
                "[\"eq\", \"$key\", 1] | Invalid JSON."
            })
    void aConditionThatIsNoneIsTold(String condition, String why) {
        assertThat(withConditions(condition, key("k"))).isEqualTo("InvalidPolicyDocument: Invalid Policy: " + why);
    }

    @Test
    void whatIsNotBase64IsNoPolicy() {
        assertThat(outcome(key("k").field("policy", "{policy}")))
                .isEqualTo("InvalidPolicyDocument: Invalid Policy: Invalid JSON.");
        assertThat(outcome(key("k").field("policy", "")))
                .isEqualTo("InvalidPolicyDocument: Invalid Policy: Invalid JSON.");
    }

    @Test
    void linesInBase64AndEscapedDollarsAreRead() {
        String policy = base64(document(BUCKET + ",[\"eq\", \"$key\", \"a\\$b\"]"));
        assertThat(outcome(key("a$b").field("policy", policy.substring(0, 9) + "\r\n" + policy.substring(9))))
                .isEqualTo("taken");
        assertThat(withConditions("[\"starts-with\", \"$key\", \"\\\\$foo\"]", key("\\$foo.txt")))
                .isEqualTo("taken");
    }
}
