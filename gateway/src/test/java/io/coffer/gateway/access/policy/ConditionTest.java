package io.coffer.gateway.access.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coffer.common.id.AccountId;
import io.coffer.gateway.access.policy.BucketPolicy.Decision;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ConditionTest {
    private static final Principal ALICE = new Principal(new AccountId("000000000001"), "a".repeat(64), "alice");

    /** Whether a statement with this condition applies. */
    private static boolean holds(String block, PolicyFacts facts) throws S3Exception {
        String policy = """
            {"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"s3:ListBucket",
            "Resource":"arn:aws:s3:::b","Condition":{%s}}}
            """.formatted(block);
        BucketPolicy parsed = BucketPolicy.parse(ByteBuffer.wrap(policy.getBytes(StandardCharsets.UTF_8)), "b");
        return parsed.decide(ALICE, "s3:ListBucket", null, facts) == Decision.ALLOWED;
    }

    /** Operator, its value, what the request has, whether it holds then. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        StringEquals               | a/b                  | a/b                  | true
        StringEquals               | a/b                  | A/b                  | false
        StringEquals               | a*                   | ab                   | false
        StringEquals               | a*                   | a*                   | true
        StringNotEquals            | a                    | b                    | true
        StringNotEquals            | a                    | a                    | false
        StringEqualsIgnoreCase     | aB                   | Ab                   | true
        StringEqualsIgnoreCase     | aB                   | Abc                  | false
        StringNotEqualsIgnoreCase  | aB                   | Ab                   | false
        StringNotEqualsIgnoreCase  | aB                   | c                    | true
        StringLike                 | a*c?                 | abbcd                | true
        StringLike                 | a*c?                 | abbc                 | false
        StringNotLike              | a*                   | abc                  | false
        StringNotLike              | a*                   | bc                   | true
        NumericEquals              | 10                   | 10.0                 | true
        NumericEquals              | 10                   | 11                   | false
        NumericEquals              | 10                   | x                    | false
        NumericNotEquals           | 10                   | 11                   | true
        NumericNotEquals           | 10                   | 10                   | false
        NumericLessThan            | 10                   | 9                    | true
        NumericLessThan            | 10                   | 10                   | false
        NumericLessThanEquals      | 10                   | 10                   | true
        NumericLessThanEquals      | 10                   | 11                   | false
        NumericGreaterThan         | -1                   | 0                    | true
        NumericGreaterThan         | -1                   | -1                   | false
        NumericGreaterThanEquals   | 10.5                 | 10.5                 | true
        NumericGreaterThanEquals   | 10.5                 | 10                   | false
        DateEquals                 | 2026-01-01T00:00:00Z | 2026-01-01           | true
        DateEquals                 | 2026-01-01T00:00:00Z | 1767225600           | true
        DateEquals                 | 2026                 | 2026-01-01T00:00Z    | true
        DateEquals                 | 2026-02              | 2026-02-01T01:00+01:00 | true
        DateNotEquals              | 2026-01-01T00:00:00Z | 2026-01-02           | true
        DateLessThan               | 2026-01-01T00:00:00Z | 2025-12-31T23:59:59.999Z | true
        DateLessThan               | 2026-01-01T00:00:00Z | 2026-01-01T00:00:00Z | false
        DateLessThanEquals         | 2026-01-01T00:00:00Z | 2026-01-01T00:00:00Z | true
        DateGreaterThan            | 2026-01-01T00:00:00Z | 2026-01-01T00:00:01Z | true
        DateGreaterThan            | 2026-01-01T00:00:00Z | 2026-01-01T00:00:00Z | false
        DateGreaterThanEquals      | 2026-01-01T00:00:00Z | 2025-01-01T00:00:00Z | false
        DateGreaterThanEquals      | 2026-01-01T00:00:00Z | 2026-01-01T00:00:00Z | true
        Bool                       | true                 | TRUE                 | true
        Bool                       | true                 | false                | false
        Bool                       | false                | false                | true
        BinaryEquals               | QmluYXJ5             | QmluYXJ5             | true
        BinaryEquals               | QmluYXJ5             | QmluYXJz             | false
        IpAddress                  | 203.0.113.0/24       | 203.0.113.77         | true
        IpAddress                  | 203.0.113.0/24       | 203.0.114.1          | false
        IpAddress                  | 203.0.113.77         | 203.0.113.77         | true
        IpAddress                  | 203.0.113.128/25     | 203.0.113.127        | false
        IpAddress                  | 0.0.0.0/0            | 8.8.8.8              | true
        IpAddress                  | 0.0.0.0/0            | 2001:db8::1          | false
        IpAddress                  | 2001:db8:1234::/46   | 2001:db8:1237::9     | true
        IpAddress                  | 2001:db8:1234::/46   | 2001:db8:1238::9     | false
        IpAddress                  | 203.0.113.0/24       | ::ffff:203.0.113.9   | true
        IpAddress                  | ::ffff:203.0.113.0/120 | 203.0.113.9        | true
        NotIpAddress               | 203.0.113.0/24       | 203.0.113.77         | false
        NotIpAddress               | 203.0.113.0/24       | 203.0.114.1          | true
        ArnEquals                  | arn:aws:iam::*:root  | arn:aws:iam::000000000001:root | true
        ArnEquals                  | arn:aws:iam::*:user  | arn:aws:iam::000000000001:root | false
        ArnLike                    | arn:aws:*:*:*:user   | arn:aws:iam::000000000001:root | false
        ArnLike                    | arn:aws:s3:::b/*     | arn:aws:s3:::b/x:y/z | true
        ArnLike                    | arn:aws:s3:::b/*     | arn:aws:s3           | false
        ArnNotEquals               | arn:aws:iam::*:root  | arn:aws:iam::000000000001:root | false
        ArnNotLike                 | arn:aws:iam::*:user  | arn:aws:iam::000000000001:root | true
        """)
    void anOperatorComparesWithItsValue(String operator, String value, String had, boolean expected)
            throws S3Exception {
        // Which key it is doesn't matter to how it is compared.
        PolicyFacts facts = FakeFacts.of("aws:UserAgent", had);
        String block = "\"%s\":{\"aws:UserAgent\":\"%s\"}".formatted(operator, value);
        String among = "\"%s\":{\"aws:useragent\":[\"%s\",\"%s\"]}".formatted(operator, value, value);
        String optional = "\"%sIfExists\":{\"aws:UserAgent\":\"%s\"}".formatted(operator, value);
        String all = "\"ForAllValues:%s\":{\"aws:TagKeys\":\"%s\"}".formatted(operator, value);
        String any = "\"ForAnyValue:%sIfExists\":{\"aws:TagKeys\":\"%s\"}".formatted(operator, value);
        assertThat(holds(block, facts)).isEqualTo(expected);
        assertThat(holds(among, facts)).isEqualTo(expected);
        assertThat(holds(optional, facts)).isEqualTo(expected);
        assertThat(holds(all, FakeFacts.of("aws:TagKeys", had, had))).isEqualTo(expected);
        assertThat(holds(any, FakeFacts.of("aws:TagKeys", had, had))).isEqualTo(expected);

        boolean negated = operator.contains("Not");
        assertThat(holds(block, FakeFacts.NONE)).isEqualTo(negated);
        assertThat(holds(optional, FakeFacts.NONE)).isTrue();
        assertThat(holds(all, FakeFacts.NONE)).isTrue();
        assertThat(holds(any, FakeFacts.NONE)).isTrue();
        assertThat(holds(any.replace("IfExists", ""), FakeFacts.NONE)).isFalse();
    }

    /** Quantifier and operator, which values the request has, whether that holds for the values a and b. */
    @ParameterizedTest
    @CsvSource({
        "ForAllValues:StringEquals, a, true",
        "ForAllValues:StringEquals, a b, true",
        "ForAllValues:StringEquals, a c, false",
        "ForAnyValue:StringEquals, a c, true",
        "ForAnyValue:StringEquals, c d, false",
        "ForAllValues:StringNotEquals, c d, true",
        "ForAllValues:StringNotEquals, a c, false",
        "ForAnyValue:StringNotEquals, a c, true",
        "ForAnyValue:StringNotEquals, a b, false",
        "StringEquals, c a, true",
        "StringEquals, c d, false",
        "StringNotEquals, c a, false",
        "StringNotEquals, c d, true"
    })
    void severalValuesAreQuantified(String operator, String had, boolean expected) throws S3Exception {
        PolicyFacts facts = FakeFacts.of("s3:RequestObjectTagKeys", had.split(" "));
        assertThat(holds("\"%s\":{\"s3:RequestObjectTagKeys\":[\"a\",\"b\"]}".formatted(operator), facts))
                .isEqualTo(expected);
    }

    @Test
    void whetherThereIsAValueIsAskedToo() throws S3Exception {
        String absent = "\"Null\":{\"aws:Referer\":true}";
        String present = "\"Null\":{\"aws:Referer\":\"false\"}";
        String none = "\"Null\":{\"aws:TagKeys\":\"true\"}";
        PolicyFacts facts = FakeFacts.of("aws:Referer", "x").and("aws:TagKeys", "k");
        assertThat(holds(absent, FakeFacts.NONE)).isTrue();
        assertThat(holds(absent, facts)).isFalse();
        assertThat(holds(present, FakeFacts.NONE)).isFalse();
        assertThat(holds(present, facts)).isTrue();
        assertThat(holds(none, FakeFacts.NONE)).isTrue();
        assertThat(holds(none, facts)).isFalse();
    }

    @Test
    void everyKeyOfEveryBlockMustHold() throws S3Exception {
        String block = """
            "StringEquals":{"s3:prefix":"p","s3:delimiter":"/"},"NumericLessThanEquals":{"s3:max-keys":10}
            """;
        assertThat(holds(
                        block,
                        FakeFacts.of("s3:prefix", "p").and("s3:delimiter", "/").and("s3:max-keys", "10")))
                .isTrue();
        assertThat(holds(
                        block,
                        FakeFacts.of("s3:prefix", "p").and("s3:delimiter", "/").and("s3:max-keys", "11")))
                .isFalse();
        assertThat(holds(block, FakeFacts.of("s3:prefix", "p").and("s3:max-keys", "10")))
                .isFalse();
    }

    @ParameterizedTest
    @EnumSource(ConditionKey.Name.class)
    void everyKeyIsKnownByItsNameInAnyCase(ConditionKey.Name name) throws S3Exception {
        String text = name.text() + (name.takesParameter() ? "/Key" : "");
        String upper = name.text().toUpperCase(java.util.Locale.ROOT) + (name.takesParameter() ? "/Key" : "");
        assertThat(holds("\"StringEquals\":{\"%s\":\"v\"}".formatted(upper), FakeFacts.of(text, "v")))
                .isTrue();
        assertThat(holds("\"StringEquals\":{\"%s\":\"v\"}".formatted(upper), FakeFacts.of(text, "w")))
                .isFalse();
        if (name.takesParameter()) {
            assertThat(holds("\"StringEquals\":{\"%s\":\"v\"}".formatted(text + "2"), FakeFacts.of(text, "v")))
                    .isFalse();
            assertRefused("\"StringEquals\":{\"%s\":\"v\"}".formatted(name.text()), "invalid condition key");
        } else {
            assertRefused("\"StringEquals\":{\"%s/x\":\"v\"}".formatted(name.text()), "invalid condition key");
        }
    }

    /** What a value with variables becomes for alice, or a blank when it matches nothing. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
        ${aws:username}              | alice
        home/${aws:UserName}/x       | home/alice/x
        ${aws:userid}                |
        ${aws:userid, 'nobody'}      | nobody
        ${aws:userid,''}             | ""
        ${*}${?}${$}                 | *?$
        ${$}{x}                      | ${x}
        $x{y}                        | $x{y}
        """)
    void variablesStandForWhatTheRequestHas(String value, String meant) throws S3Exception {
        FakeFacts facts = FakeFacts.of("aws:username", "alice");
        String block = "\"StringEquals\":{\"aws:Referer\":\"%s\"}".formatted(value);
        assertThat(holds(block, facts.and("aws:Referer", meant == null ? "" : meant)))
                .isEqualTo(meant != null);
        assertThat(holds(block, facts.and("aws:Referer", "other"))).isFalse();
    }

    @Test
    void aVariablesValueIsNeverAWildcard() throws S3Exception {
        String block = "\"StringLike\":{\"aws:Referer\":\"${aws:username}/*\"}";
        assertThat(holds(block, FakeFacts.of("aws:username", "*").and("aws:Referer", "*/x")))
                .isTrue();
        assertThat(holds(block, FakeFacts.of("aws:username", "*").and("aws:Referer", "bob/x")))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"${aws:username", "${aws:nosuch}", "${aws:username, nobody}", "${}", "${aws:TagKeys}"})
    void whatIsNoVariableIsRefused(String value) {
        assertRefused("\"StringEquals\":{\"aws:Referer\":\"%s\"}".formatted(value), "invalid variable");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        NumericEquals  | ten
        NumericEquals  | 1e9
        NumericEquals  | 12345678901234567890
        DateLessThan   | yesterday
        DateLessThan   | 2026-13-01
        Bool           | yes
        Null           | 1
        IpAddress      | 203.0.113.0/33
        IpAddress      | 203.0.113
        IpAddress      | localhost
        IpAddress      | 203.0.113.256
        IpAddress      | 2001:db8::/129
        IpAddress      | 203.0.113.0/
        BinaryEquals   | *
        ArnLike        | root
        """)
    void aValueThatCannotBeComparedIsRefused(String operator, String value) {
        assertRefused("\"%s\":{\"aws:Referer\":\"%s\"}".formatted(operator, value), "Invalid value for the condition");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "StringEqual",
                "stringequals",
                "NullIfExists",
                "ForAllValues:Null",
                "ForSomeValues:StringEquals",
                "StringEqualsIfExistsIfExists",
                ""
            })
    void anUnknownOperatorIsRefused(String operator) {
        assertRefused("\"%s\":{\"aws:Referer\":\"x\"}".formatted(operator), "Invalid Condition type : " + operator);
    }

    @Test
    void valuesMayBeWrittenAsWhatTheyAre() throws S3Exception {
        assertThat(holds("\"Bool\":{\"aws:SecureTransport\":false}", FakeFacts.of("aws:SecureTransport", "false")))
                .isTrue();
        assertThat(holds("\"NumericLessThan\":{\"s3:max-keys\":[5]}", FakeFacts.of("s3:max-keys", "4")))
                .isTrue();
        for (String value : List.of("null", "{}", "[[]]", "[null]")) {
            assertRefused("\"Bool\":{\"aws:SecureTransport\":%s}".formatted(value), "Invalid policy syntax.");
        }
    }

    private static void assertRefused(String block, String message) {
        assertThatThrownBy(() -> holds(block, FakeFacts.NONE))
                .isInstanceOfSatisfying(
                        S3Exception.class, e -> assertThat(e.error()).isEqualTo(S3Error.MALFORMED_POLICY))
                .hasMessageContaining(message);
    }
}
