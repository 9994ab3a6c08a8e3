package io.coffer.gateway.s3.xml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.coffer.common.lifecycle.LifecycleFilter;
import io.coffer.common.lifecycle.LifecycleRule;
import io.coffer.common.lifecycle.LifecycleRule.Expiration;
import io.coffer.common.lifecycle.LifecycleRule.Noncurrent;
import io.coffer.gateway.s3.error.S3Exception;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LifecycleConfigurationTest {
    private static final String HEAD = "<ID>r</ID><Filter/><Status>Enabled</Status>";
    private static final String OLD_HEAD = "<ID>r</ID><Prefix>p</Prefix><Status>Enabled</Status>";
    private static final String DAY = "<Expiration><Days>1</Days></Expiration>";

    private static List<LifecycleRule> parse(String rules) throws S3Exception {
        String document = "<LifecycleConfiguration>" + rules + "</LifecycleConfiguration>";
        return LifecycleConfiguration.parse(ByteBuffer.wrap(document.getBytes(StandardCharsets.UTF_8)), new Random(1))
                .rules();
    }

    private static LifecycleRule one(String content) throws S3Exception {
        return parse("<Rule>" + content + "</Rule>").getFirst();
    }

    private static String filtered(String filter, String action) {
        return "<ID>r</ID><Filter>" + filter + "</Filter><Status>Enabled</Status>" + action;
    }

    private static void assertRefused(String code, @Nullable String message, String rules) {
        S3Exception refused = catchThrowableOfType(S3Exception.class, () -> parse(rules));
        assertThat(refused).as(rules).isNotNull();
        assertThat(refused.error().code()).isEqualTo(code);
        if (message != null) {
            assertThat(refused.getMessage()).isEqualTo(message);
        }
    }

    @Test
    void readsEveryElement() throws S3Exception {
        assertThat(one(
                        "<Status>Disabled</Status><Filter><And><Tag><Key>a</Key><Value>1</Value></Tag><Prefix>p/</Prefix>"
                                + "<ObjectSizeLessThan>20</ObjectSizeLessThan><ObjectSizeGreaterThan>10</ObjectSizeGreaterThan><Tag><Key>b</Key><Value/></Tag></And></Filter><ID>"
                                + " x </ID>"
                                + "<Expiration><Date>2030-01-01T00:00:00Z</Date></Expiration><NoncurrentVersionExpiration>"
                                + "<NewerNoncurrentVersions>5</NewerNoncurrentVersions><NoncurrentDays>30</NoncurrentDays>"
                                + "</NoncurrentVersionExpiration>"))
                .isEqualTo(new LifecycleRule(
                        " x ",
                        false,
                        false,
                        new LifecycleFilter("p/", Map.of("a", "1", "b", ""), 10, 20),
                        new Expiration.OnDate(
                                Instant.parse("2030-01-01T00:00:00Z").toEpochMilli()),
                        new Noncurrent(30, 5),
                        0));
        assertThat(one(OLD_HEAD + "<Expiration><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration>"
                        + "<AbortIncompleteMultipartUpload><DaysAfterInitiation>3</DaysAfterInitiation>"
                        + "</AbortIncompleteMultipartUpload>"))
                .isEqualTo(new LifecycleRule(
                        "r", true, true, LifecycleFilter.ofPrefix("p"), new Expiration.LoneMarker(true), null, 3));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2030-01-01T00:00:00.000Z",
                "2030-01-01T00:00:00",
                "2030-01-01T00:00:00+00:00",
                "2030-01-01T01:00:00+01:00",
                " 2030-01-01T00:00:00Z ",
            })
    void aDateIsAMidnightInAnyFormOfXmlSchema(String date) throws S3Exception {
        assertThat(one(HEAD + "<Expiration><Date>" + date + "</Date></Expiration>")
                        .expiration())
                .isEqualTo(new Expiration.OnDate(
                        Instant.parse("2030-01-01T00:00:00Z").toEpochMilli()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<Rule><ID>a</ID><Filter/><Status>Enabled</Status><Expiration><Days>1</Days></Expiration></Rule>",
                "<Rule><ID>a</ID><Filter><Prefix/></Filter><Status>Disabled</Status><Expiration>"
                        + "<Date>2030-01-01T00:00:00.000Z</Date></Expiration></Rule>",
                "<Rule><ID>a</ID><Prefix>x/</Prefix><Status>Enabled</Status><Expiration>"
                        + "<ExpiredObjectDeleteMarker>false</ExpiredObjectDeleteMarker></Expiration></Rule>"
                        + "<Rule><ID>b</ID><Prefix>y/</Prefix><Status>Enabled</Status><AbortIncompleteMultipartUpload>"
                        + "<DaysAfterInitiation>2</DaysAfterInitiation></AbortIncompleteMultipartUpload></Rule>",
                "<Rule><ID>a</ID><Filter><Tag><Key>k</Key><Value>v</Value></Tag></Filter><Status>Enabled</Status>"
                        + "<NoncurrentVersionExpiration><NoncurrentDays>2</NoncurrentDays>"
                        + "<NewerNoncurrentVersions>500</NewerNoncurrentVersions></NoncurrentVersionExpiration></Rule>",
                "<Rule><ID>a</ID><Filter><And><Prefix/><Tag><Key>k</Key><Value/></Tag>"
                        + "<ObjectSizeGreaterThan>0</ObjectSizeGreaterThan><ObjectSizeLessThan>1099511627776000</ObjectSizeLessThan>"
                        + "</And></Filter><Status>Enabled</Status><Expiration><Days>2147483647</Days></Expiration></Rule>",
            })
    void tellsRulesAsTheyWereGiven(String rules) throws S3Exception {
        String told = StandardCharsets.UTF_8
                .decode(new LifecycleConfiguration(parse(rules)).toXml())
                .toString();
        assertThat(told)
                .isEqualTo("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                        + "<LifecycleConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">" + rules
                        + "</LifecycleConfiguration>");
    }

    @Test
    void namesRulesThatHaveNoId() throws S3Exception {
        List<LifecycleRule> rules = parse(("<Rule><Filter/><Status>Enabled</Status>" + DAY + "</Rule>").repeat(2)
                + "<Rule><ID/><Filter/><Status>Enabled</Status>" + DAY + "</Rule>");
        assertThat(rules).extracting(LifecycleRule::id).doesNotHaveDuplicates().allSatisfy(id -> {
            UUID uuid = UUID.fromString(new String(Base64.getDecoder().decode(id), StandardCharsets.US_ASCII));
            assertThat(id).hasSize(48);
            assertThat(uuid.version()).isEqualTo(4);
            assertThat(uuid.variant()).isEqualTo(2);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<ID>r</ID><Status>Enabled</Status>" + DAY,
                "<ID>r</ID><Filter/>" + DAY,
                "<ID>r</ID><Filter/><Status>enabled</Status>" + DAY,
                HEAD + DAY + "<Other/>",
                HEAD + DAY + DAY,
                HEAD + "<ID>s</ID>" + DAY,
                HEAD + "<Expiration/>",
                HEAD + "<Expiration>1</Expiration>",
                HEAD + "<Expiration><Days>x</Days></Expiration>",
                HEAD + "<Expiration><Days/></Expiration>",
                HEAD + "<Expiration><Days>2147483648</Days></Expiration>",
                HEAD + "<Expiration><Days>1</Days><Date>2030-01-01T00:00:00Z</Date></Expiration>",
                HEAD
                        + "<Expiration><Days>1</Days><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration>",
                HEAD + "<Expiration><Date>2030-01-01T00:00:00Z</Date>"
                        + "<ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration>",
                HEAD + "<Expiration><ExpiredObjectDeleteMarker>yes</ExpiredObjectDeleteMarker></Expiration>",
                HEAD + "<Expiration><Date>20300101</Date></Expiration>",
                HEAD + "<Expiration><Date>Fri, 01 Jan 2016 00:00:00 GMT</Date></Expiration>",
                HEAD + "<Expiration><Date>+12030-01-01T00:00:00Z</Date></Expiration>",
                HEAD + "<NoncurrentVersionExpiration/>",
                HEAD + "<NoncurrentVersionExpiration><NewerNoncurrentVersions>1</NewerNoncurrentVersions>"
                        + "</NoncurrentVersionExpiration>",
                HEAD + "<AbortIncompleteMultipartUpload/>",
                HEAD + "<Transition><Days>1</Days><StorageClass>COLD</StorageClass></Transition>",
                HEAD + "<Transition><StorageClass>GLACIER</StorageClass></Transition>",
                HEAD + "<Transition><Days>1</Days></Transition>",
                HEAD
                        + "<NoncurrentVersionTransition><StorageClass>GLACIER</StorageClass></NoncurrentVersionTransition>",
            })
    void whatIsNotSuchADocumentIsMalformed(String rule) {
        assertRefused("MalformedXML", null, "<Rule>" + rule + "</Rule>");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text",
                "<Other/>",
                "<Prefix>p</Prefix><Tag><Key>a</Key><Value>b</Value></Tag>",
                "<Prefix>p</Prefix><And><Prefix>p</Prefix><ObjectSizeLessThan>5</ObjectSizeLessThan></And>",
                "<And><Prefix>p</Prefix></And>",
                "<And><Tag><Key>a</Key><Value>b</Value></Tag></And>",
                "<And/>",
                "<Tag><Key>a</Key></Tag>",
                "<Tag><Value>a</Value></Tag>",
                "<ObjectSizeLessThan>many</ObjectSizeLessThan>",
            })
    void aFilterAsksForOneThingOrForSeveralInsideAnd(String filter) {
        assertRefused("MalformedXML", null, "<Rule>" + filtered(filter, DAY) + "</Rule>");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "<Expiration><Days>0</Days></Expiration>|InvalidArgument|'Days' for Expiration action must be a"
                        + " positive integer",
                "<Expiration><Days>-1</Days></Expiration>|InvalidArgument|'Days' for Expiration action must be a"
                        + " positive integer",
                "<Expiration><Date>2030-01-01T00:00:01Z</Date></Expiration>|InvalidArgument|'Date' must be at midnight"
                        + " GMT",
                "<Expiration><Date>2030-01-01T00:00:00.000001Z</Date></Expiration>|InvalidArgument|'Date' must be at"
                        + " midnight GMT",
                "<Expiration><Date>2030-01-01T00:00:00+01:00</Date></Expiration>|InvalidArgument|'Date' must be at"
                        + " midnight GMT",
                "<NoncurrentVersionExpiration><NoncurrentDays>0</NoncurrentDays></NoncurrentVersionExpiration>|InvalidArgument|'NoncurrentDays'"
                        + " for NoncurrentVersionExpiration action must be a positive integer",
                "<NoncurrentVersionExpiration><NoncurrentDays>1</NoncurrentDays><NewerNoncurrentVersions>0</NewerNoncurrentVersions></NoncurrentVersionExpiration>|InvalidArgument|'NewerNoncurrentVersions'"
                        + " for NoncurrentVersionExpiration action must be a positive integer",
                "<AbortIncompleteMultipartUpload><DaysAfterInitiation>0</DaysAfterInitiation></AbortIncompleteMultipartUpload>|InvalidArgument|'DaysAfterInitiation'"
                        + " for AbortIncompleteMultipartUpload action must be a positive integer",
                "|InvalidRequest|At least one action needs to be specified in a rule",
                "<Transition><Days>30</Days><StorageClass>GLACIER</StorageClass></Transition>|InvalidStorageClass"
                        + "|The storage class you specified is not valid",
                "<NoncurrentVersionTransition><NoncurrentDays>3</NoncurrentDays><StorageClass>STANDARD_IA</StorageClass></NoncurrentVersionTransition>|InvalidStorageClass|The"
                        + " storage class you specified is not valid",
            })
    void actionsHaveBounds(@Nullable String action, String code, String message) {
        assertRefused(code, message, "<Rule>" + HEAD + (action == null ? "" : action) + "</Rule>");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "<ObjectSizeGreaterThan>-1</ObjectSizeGreaterThan>|InvalidRequest"
                        + "|'ObjectSizeGreaterThan' should be between 0 and 1099511627776000.",
                "<ObjectSizeLessThan>0</ObjectSizeLessThan>|InvalidRequest"
                        + "|'ObjectSizeLessThan' should be between 1 and 1099511627776000.",
                "<And><ObjectSizeGreaterThan>5</ObjectSizeGreaterThan><ObjectSizeLessThan>5</ObjectSizeLessThan></And>|InvalidRequest|'ObjectSizeLessThan'"
                        + " has to be a value greater than 'ObjectSizeGreaterThan'.",
                "<And><Tag><Key>a</Key><Value>1</Value></Tag><Tag><Key>a</Key><Value>2</Value></Tag></And>|InvalidRequest|Duplicate"
                        + " Tag Keys are not allowed.",
                "<Tag><Key></Key><Value>1</Value></Tag>|InvalidTag|The TagKey you have provided is invalid",
            })
    void filtersHaveBounds(String filter, String code, String message) {
        assertRefused(code, message, "<Rule>" + filtered(filter, DAY) + "</Rule>");
    }

    @Test
    void whatHasNoSizeAndNoTagsIsNotSelectedByThem() {
        String marker = "<Expiration><ExpiredObjectDeleteMarker>false</ExpiredObjectDeleteMarker></Expiration>";
        String abort =
                "<AbortIncompleteMultipartUpload><DaysAfterInitiation>1</DaysAfterInitiation></AbortIncompleteMultipartUpload>";
        String tag = "<Tag><Key>a</Key><Value>1</Value></Tag>";
        String size = "<ObjectSizeLessThan>5</ObjectSizeLessThan>";
        assertRefused(
                "InvalidRequest",
                "ExpiredObjectDeleteMarker cannot be specified with Tags.",
                "<Rule>" + filtered(tag, marker) + "</Rule>");
        assertRefused(
                "InvalidRequest",
                "ExpiredObjectDeleteMarker cannot be specified with Object Size.",
                "<Rule>" + filtered(size, marker) + "</Rule>");
        assertRefused(
                "InvalidRequest",
                "AbortIncompleteMultipartUpload cannot be specified with Tags.",
                "<Rule>" + filtered(tag, abort) + "</Rule>");
        assertRefused(
                "InvalidRequest",
                "AbortIncompleteMultipartUpload cannot be specified with Object Size.",
                "<Rule>" + filtered(size, abort) + "</Rule>");
    }

    @Test
    void oldAndNewRulesDoNotMix() {
        String filter = "<Rule><Filter/><Status>Enabled</Status>" + DAY + "</Rule>";
        String prefix = "<Rule><Prefix/><Status>Enabled</Status>" + DAY + "</Rule>";
        assertRefused("InvalidRequest", "Filter element can only be used in Lifecycle V2.", prefix + filter);
        assertRefused(
                "InvalidRequest",
                "Base level prefix cannot be used in Lifecycle V2, prefixes are only supported in the Filter.",
                filter + prefix);
        assertRefused(
                "InvalidRequest",
                "NewerNoncurrentVersions element can only be used in Lifecycle V2.",
                "<Rule><Prefix/><Status>Enabled</Status><NoncurrentVersionExpiration><NoncurrentDays>1</NoncurrentDays>"
                        + "<NewerNoncurrentVersions>1</NewerNoncurrentVersions></NoncurrentVersionExpiration></Rule>");
    }

    @Test
    void oldRulesDoNotOverlap() throws S3Exception {
        String all = "<Rule><Prefix/><Status>Enabled</Status>" + DAY + "</Rule>";
        String some = "<Rule><Prefix>a</Prefix><Status>Enabled</Status>" + DAY + "</Rule>";
        assertRefused(
                "InvalidRequest",
                "Found overlapping prefixes '' and 'a' for same action type 'Expiration'",
                some + all);
        assertThat(parse(some + all.replace("Enabled", "Disabled"))).hasSize(2);
        assertThat(parse(some
                        + "<Rule><Prefix/><Status>Enabled</Status><NoncurrentVersionExpiration><NoncurrentDays>1</NoncurrentDays>"
                        + "</NoncurrentVersionExpiration></Rule>"))
                .hasSize(2);
    }

    @Test
    void rulesHaveBounds() throws S3Exception {
        String unnamed = "<Rule><Filter/><Status>Enabled</Status>" + DAY + "</Rule>";
        assertThat(parse(unnamed.repeat(1000))).hasSize(1000);
        assertRefused("MalformedXML", null, unnamed.repeat(1001));
        assertRefused("MalformedXML", null, "");
        String named = "<Rule><ID>%s</ID><Filter/><Status>Enabled</Status>" + DAY + "</Rule>";
        assertThat(parse(named.formatted("x".repeat(255)))).hasSize(1);
        assertRefused(
                "InvalidArgument",
                "ID length should not exceed allowed limit of 255",
                named.formatted("x".repeat(256)));
        assertRefused(
                "InvalidArgument",
                "Rule ID must be unique. Found same ID for more than one rule",
                named.formatted("x").repeat(2));
    }
}
