package io.coffer.gateway.access.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coffer.common.id.AccountId;
import io.coffer.gateway.access.policy.BucketPolicy.Decision;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class BucketPolicyTest {
    private static final Principal ALICE = new Principal(new AccountId("000000000001"), "a".repeat(64), "alice");
    private static final Principal BOB = new Principal(new AccountId("000000000002"), "b".repeat(64), "bob");

    private static BucketPolicy parse(String policy) throws S3Exception {
        return BucketPolicy.parse(ByteBuffer.wrap(policy.getBytes(StandardCharsets.UTF_8)), "mine");
    }

    /** A policy of one statement; elements in simple quotes replace the usual ones or come on top. */
    private static String policy(String... elements) {
        var members = new java.util.LinkedHashMap<String, String>();
        members.put("Effect", "'Allow'");
        members.put("Principal", "'*'");
        members.put("Action", "'s3:GetObject'");
        members.put("Resource", "'arn:aws:s3:::mine/*'");
        for (int i = 0; i < elements.length; i += 2) {
            String name = elements[i];
            members.remove(name.startsWith("Not") ? name.substring(3) : name);
            if (!elements[i + 1].isEmpty()) {
                members.put(name, elements[i + 1]);
            }
        }
        StringBuilder statement = new StringBuilder();
        members.forEach((name, value) -> statement
                .append(statement.isEmpty() ? "" : ",")
                .append('\'')
                .append(name)
                .append("':")
                .append(value));
        return "{'Version':'2012-10-17','Statement':[{%s}]}"
                .formatted(statement)
                .replace('\'', '"');
    }

    private static Decision ask(String policy, Principal who, String action, String key) throws S3Exception {
        return parse(policy).decide(who, action, key, FakeFacts.NONE);
    }

    private static boolean allows(String policy, Principal who) throws S3Exception {
        return ask(policy, who, "s3:GetObject", "k") == Decision.ALLOWED;
    }

    /** Principal, then whether alice, bob and nobody are meant. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
        '*'                                                    | true  | true  | true
        {'AWS':'*'}                                            | true  | true  | true
        {'AWS':['*']}                                          | true  | true  | true
        {'AWS':'000000000001'}                                 | true  | false | false
        {'AWS':'arn:aws:iam::000000000001:root'}               | true  | false | false
        {'AWS':'arn:aws:iam::000000000001:user/alice'}         | true  | false | false
        {'AWS':'arn:aws:iam::000000000001:user/other'}         | false | false | false
        {'AWS':['000000000001','000000000002']}                | true  | true  | false
        {'CanonicalUser':'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb'} | false | true | false
        {'Service':'logging.s3.amazonaws.com'}                 | false | false | false
        {'Service':['a.amazonaws.com'],'AWS':'000000000001'}   | true  | false | false
        """)
    void aPrincipalIsWhoIsNamed(String principal, boolean alice, boolean bob, boolean nobody) throws S3Exception {
        String policy = policy("Principal", principal);
        assertThat(allows(policy, ALICE)).isEqualTo(alice);
        assertThat(allows(policy, BOB)).isEqualTo(bob);
        assertThat(allows(policy, Principal.ANONYMOUS)).isEqualTo(nobody);

        String others = policy("Effect", "'Deny'", "NotPrincipal", principal);
        assertThat(ask(others, ALICE, "s3:GetObject", "k") == Decision.DENIED).isEqualTo(!alice);
        assertThat(ask(others, BOB, "s3:GetObject", "k") == Decision.DENIED).isEqualTo(!bob);
        assertThat(ask(others, Principal.ANONYMOUS, "s3:GetObject", "k") == Decision.DENIED)
                .isEqualTo(!nobody);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'alice'",
                "''",
                "{}",
                "[]",
                "['*']",
                "{'AWS':''}",
                "{'AWS':'alice'}",
                "{'AWS':'1'}",
                "{'AWS':'arn:aws:iam::*:root'}",
                "{'AWS':'arn:aws:iam::000000000001:user/*'}",
                "{'AWS':'arn:aws:iam::000000000001:role/x'}",
                "{'AWS':'arn:aws:sts::000000000001:assumed-role/x/y'}",
                "{'CanonicalUser':'*'}",
                "{'CanonicalUser':'abc'}",
                "{'Federated':'accounts.google.com'}",
                "{'Service':'*'}",
                "{'Service':'example.com'}",
                "{'*':'*'}",
                "{'aws':'*'}"
            })
    void whatIsNoPrincipalIsRefused(String principal) {
        assertMalformed(policy("Principal", principal), "Invalid principal in policy");
    }

    /** Action, which one is asked for, whether it is meant. */
    @ParameterizedTest
    @CsvSource({
        "s3:GetObject, s3:GetObject, true",
        "S3:getobject, s3:GetObject, true",
        "s3:GetObject, s3:GetObjectVersion, false",
        "s3:Get*, s3:GetObjectVersion, true",
        "s3:Get*, s3:PutObject, false",
        "s3:???Object, s3:PutObject, true",
        "s3:*, s3:PutObject, true",
        "*, s3:PutObject, true"
    })
    void anActionIsAPattern(String pattern, String action, boolean meant) throws S3Exception {
        assertThat(ask(policy("Action", "'" + pattern + "'"), ALICE, action, "k") == Decision.ALLOWED)
                .isEqualTo(meant);
        assertThat(ask(policy("NotAction", "'" + pattern + "'"), ALICE, action, "k") == Decision.ALLOWED)
                .isEqualTo(!meant);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"s3:NoSuchAction", "GetObject", "ec2:*", "s3:", "", "s3:NoSuch*", "s3GetObject", "s?:GetObject"})
    void anUnknownActionIsRefused(String action) {
        assertMalformed(policy("Action", "'" + action + "'"), "Policy has invalid action");
    }

    /** Resource, a key (blank for the bucket), whether it is meant. */
    @ParameterizedTest
    @CsvSource({
        "arn:aws:s3:::mine, , true",
        "arn:aws:s3:::mine, k, false",
        "arn:aws:s3:::mine/*, , false",
        "arn:aws:s3:::mine/*, a/b, true",
        "arn:aws:s3:::mine/a/*, a/b, true",
        "arn:aws:s3:::mine/a/*, b/a, false",
        "arn:aws:s3:::mine/?, k, true",
        "arn:aws:s3:::mine/?, kk, false",
        "arn:aws:s3:::mine*, , true",
        "arn:aws:s3:::mine*, k, true",
        "arn:aws:s3:::*, , true",
        "arn:aws:s3:::*, k, true",
        "arn:aws:s3:::*/k, k, true",
        "arn:aws:s3:::*/k, l, false",
        "arn:aws:s3:::m?ne/k, k, true",
        "arn:aws:s3:::m?ne/k, , false"
    })
    void aResourceIsAPattern(String arn, String key, boolean meant) throws S3Exception {
        // Of both scopes, so that every resource has a use.
        String policy = policy("Action", "'s3:*'", "Resource", "'" + arn + "'");
        String action = key == null ? "s3:ListBucket" : "s3:GetObject";
        assertThat(ask(policy, ALICE, action, key) == Decision.ALLOWED).isEqualTo(meant);
        String others = policy("Action", "'s3:*'", "NotResource", "'" + arn + "'");
        assertThat(ask(others, ALICE, action, key) == Decision.ALLOWED).isEqualTo(!meant);
    }

    @Test
    void whatIsExceptedMustBeKnownForTheRestToBeAllowed() throws S3Exception {
        String own = "'arn:aws:s3:::mine/${aws:username}/*'";
        String allowing = policy("NotResource", own);
        String denying = policy("Effect", "'Deny'", "NotResource", own);
        FakeFacts alice = FakeFacts.of("aws:username", "alice");
        assertThat(parse(allowing).decide(ALICE, "s3:GetObject", "bob/x", alice))
                .isEqualTo(Decision.ALLOWED);
        assertThat(parse(allowing).decide(ALICE, "s3:GetObject", "alice/x", alice))
                .isEqualTo(Decision.UNDECIDED);
        assertThat(ask(allowing, Principal.ANONYMOUS, "s3:GetObject", "bob/x")).isEqualTo(Decision.UNDECIDED);
        assertThat(ask(denying, Principal.ANONYMOUS, "s3:GetObject", "bob/x")).isEqualTo(Decision.DENIED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*",
                "arn:aws:s3:::other/*",
                "arn:aws:s3:::mine2",
                "arn:aws:s3:::",
                "mine/*",
                "arn:aws:ec2:::mine",
                "arn:aws:s3:eu::mine",
                "arn:aws:s3:::${aws:username}/x"
            })
    void aResourceOfElsewhereIsRefused(String arn) {
        assertMalformed(policy("Resource", "'" + arn + "'"), "Policy has invalid resource");
        assertMalformed(policy("NotResource", "'" + arn + "'"), "Policy has invalid resource");
    }

    @ParameterizedTest
    @CsvSource({
        "s3:GetObject, arn:aws:s3:::mine",
        "s3:ListBucket, arn:aws:s3:::mine/*",
        "s3:GetObject*, arn:aws:s3:::mine",
        "s3:ListAllMyBuckets, arn:aws:s3:::mine*"
    })
    void anActionWithoutAResourceIsRefused(String action, String arn) {
        assertMalformed(
                policy("Action", "'" + action + "'", "Resource", "'" + arn + "'"),
                "Action does not apply to any resource(s) in statement");
    }

    @Test
    void aVariableInAResourceIsTheRequests() throws S3Exception {
        String policy = policy("Resource", "'arn:aws:s3:::mine/${aws:username}/*'");
        FakeFacts facts = FakeFacts.of("aws:username", "alice");
        assertThat(parse(policy).decide(ALICE, "s3:GetObject", "alice/x", facts))
                .isEqualTo(Decision.ALLOWED);
        assertThat(parse(policy).decide(ALICE, "s3:GetObject", "bob/x", facts)).isEqualTo(Decision.UNDECIDED);
        assertThat(parse(policy).decide(ALICE, "s3:GetObject", "alice/x", FakeFacts.NONE))
                .isEqualTo(Decision.UNDECIDED);
        String old = policy.replace("2012", "2008");
        assertThat(parse(old).decide(ALICE, "s3:GetObject", "alice/x", facts)).isEqualTo(Decision.UNDECIDED);
        assertThat(parse(old).decide(ALICE, "s3:GetObject", "${aws:username}/x", facts))
                .isEqualTo(Decision.ALLOWED);
    }

    @Test
    void whatIsDeniedIsNotAllowedInWhateverOrder() throws S3Exception {
        String allow =
                "{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:*\",\"Resource\":\"arn:aws:s3:::mine/*\"}";
        String deny =
                "{\"Effect\":\"Deny\",\"Principal\":{\"AWS\":\"000000000001\"},\"Action\":\"s3:Get*\",\"Resource\":\"arn:aws:s3:::mine/*\"}";
        for (String both : new String[] {allow + "," + deny, deny + "," + allow}) {
            String policy = "{\"Id\":\"x\",\"Statement\":[" + both + "]}";
            assertThat(ask(policy, ALICE, "s3:GetObject", "k")).isEqualTo(Decision.DENIED);
            assertThat(ask(policy, ALICE, "s3:PutObject", "k")).isEqualTo(Decision.ALLOWED);
            assertThat(ask(policy, BOB, "s3:GetObject", "k")).isEqualTo(Decision.ALLOWED);
            assertThat(ask(policy, BOB, "s3:ListBucket", null)).isEqualTo(Decision.UNDECIDED);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        ``                                              | Policies must be valid JSON and the first byte must be '{'
        []                                              | Policies must be valid JSON and the first byte must be '{'
        {                                               | This policy contains invalid Json
        {"Statement":[],}                               | This policy contains invalid Json
        {"Statement":[]} x                              | This policy contains invalid Json
        {'Statement':[]}                                | This policy contains invalid Json
        {"Version":"2012-10-17"}                        | Missing required field Statement
        {"Statement":[]}                                | Could not parse the policy: Statement is empty!
        {"Statement":[1]}                               | Invalid policy syntax.
        {"Statement":"x"}                               | Invalid policy syntax.
        {"Statement":[{}],"Foo":1}                      | Unknown field Foo
        {"Statement":[{}],"Statement":[{}]}             | Duplicate field Statement
        {"Id":1,"Statement":[{}]}                       | Invalid policy syntax.
        {"Version":"2020-01-01","Statement":[{}]}       | The policy must contain a valid version string
        {"Version":1,"Statement":[{}]}                  | The policy must contain a valid version string
        {"Statement":[{"Effect":"Allow","Effect":"Deny"}]} | Duplicate field Effect
        {"Statement":[{"effect":"Allow"}]}              | Unknown field effect
        {"Statement":[[[[[[[[[[[[1]]]]]]]]]]]]}         | This policy contains invalid Json
        {"Statement":"\\x"}                             | This policy contains invalid Json
        {"Statement":"\\u12G4"}                         | This policy contains invalid Json
        {"Statement":01}                                | This policy contains invalid Json
        {"Statement":tru}                               | This policy contains invalid Json
        """)
    void aDocumentThatIsNoPolicyIsRefused(String document, String message) {
        assertMalformed(document, message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        Effect      | ``            | Missing required field Effect
        Effect      | 'allow'       | Invalid effect: allow
        Effect      | 1             | Invalid policy syntax.
        Principal   | ``            | Missing required field Principal
        Action      | ``            | Missing required field Action
        Action      | []            | Invalid policy syntax.
        Action      | [1]           | Invalid policy syntax.
        Resource    | ``            | Missing required field Resource
        Resource    | {}            | Invalid policy syntax.
        Sid         | 1             | Invalid policy syntax.
        Condition   | []            | Invalid policy syntax.
        Condition   | {'Bool':[]}   | Invalid policy syntax.
        Condition   | {'Bool':{'aws:NoSuchKey':true}} | Policy has an invalid condition key
        Condition   | {'StringEquals':{'s3:prefix':'x'}} | Conditions do not apply to combination of actions and resources in statement
        NotPrincipal | '*'          | Allow with NotPrincipal is not allowed.
        """)
    void aStatementThatIsNoneIsRefused(String element, String value, String message) {
        assertMalformed(policy(element, value), message);
    }

    @Test
    void aStatementSaysEitherWhatItIsAboutOrWhatItIsNotAbout() {
        String both = policy("Sid", "'x','NotAction':'s3:PutObject'");
        assertMalformed(both, "Invalid policy syntax.");
    }

    @Test
    void theLengthIsLimited() throws S3Exception {
        String policy = policy("Sid", "'x'");
        int most = 20 << 10;
        assertThat(parse(policy + " ".repeat(most - policy.length())).isPublic())
                .isTrue();
        assertMalformed(
                policy + " ".repeat(most + 1 - policy.length()), "Policy exceeds the maximum allowed document size.");
    }

    @Test
    void bytesThatAreNoTextAreRefused() {
        ByteBuffer bytes = ByteBuffer.wrap(new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'});
        assertThatThrownBy(() -> BucketPolicy.parse(bytes, "mine")).hasMessage("This policy contains invalid Json");
    }

    /** Elements of the statement, whether it is public. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {}                                                              | true
        {'IpAddress':{'aws:SourceIp':'203.0.113.0/24'}}                 | false
        {'IpAddress':{'aws:SourceIp':['203.0.113.0/24','8.0.0.0/8']}}   | false
        {'IpAddress':{'aws:SourceIp':['203.0.113.0/24','0.0.0.0/1']}}   | true
        {'IpAddress':{'aws:SourceIp':'8.0.0.0/7'}}                      | true
        {'IpAddress':{'aws:SourceIp':'2001:db8::/32'}}                  | false
        {'IpAddress':{'aws:SourceIp':'2001:db8::/31'}}                  | true
        {'IpAddress':{'aws:SourceIp':'fd00::/8'}}                       | false
        {'IpAddressIfExists':{'aws:SourceIp':'203.0.113.0/24'}}         | true
        {'NotIpAddress':{'aws:SourceIp':'203.0.113.0/24'}}              | true
        {'StringEquals':{'aws:SourceVpc':'vpc-91237329'}}               | false
        {'StringLike':{'aws:SourceVpc':'vpc-*'}}                        | true
        {'StringLike':{'aws:SourceVpc':'vpc-91237329'}}                 | false
        {'StringNotEquals':{'aws:SourceVpc':'vpc-91237329'}}            | true
        {'StringEquals':{'aws:SourceVpc':'${aws:username}'}}            | true
        {'StringEquals':{'aws:PrincipalAccount':'000000000001'}}        | false
        {'StringEquals':{'aws:PrincipalOrgID':'o-1'}}                   | false
        {'StringEquals':{'aws:userid':'000000000001'}}                  | false
        {'ArnLike':{'aws:PrincipalArn':'arn:aws:iam::000000000001:*'}}  | true
        {'ArnEquals':{'aws:PrincipalArn':'arn:aws:iam::000000000001:root'}} | false
        {'ForAllValues:StringEquals':{'aws:SourceArn':'x'}}             | true
        {'StringEquals':{'aws:Referer':'http://example.com/'}}          | true
        {'StringEquals':{'aws:UserAgent':'x'}}                          | true
        {'Bool':{'aws:SecureTransport':true}}                           | true
        {'StringEquals':{'s3:x-amz-server-side-encryption-aws-kms-key-id':'k'}} | false
        {'Bool':{'aws:SecureTransport':true},'IpAddress':{'aws:SourceIp':'192.0.2.1'}} | false
        """)
    void aPolicyForEverybodyIsPublicUnlessSomethingFixedNarrowsIt(String condition, boolean expected)
            throws S3Exception {
        assertThat(parse(policy("Condition", condition)).isPublic()).isEqualTo(expected);
        assertThat(parse(policy("Principal", "{'AWS':'000000000001'}", "Condition", condition))
                        .isPublic())
                .isFalse();
        assertThat(parse(policy("Effect", "'Deny'", "Condition", condition)).isPublic())
                .isFalse();
    }

    @Test
    void itTellsWhomItNames() throws S3Exception {
        String policy = policy("Principal", "{'AWS':['000000000002','arn:aws:iam::000000000002:root','*']}");
        assertThat(parse(policy).principals())
                .containsExactly(
                        new PrincipalName.OfAccount(new AccountId("000000000002")), new PrincipalName.Everyone());
    }

    private static void assertMalformed(String policy, String message) {
        assertThatThrownBy(() -> parse(policy))
                .isInstanceOfSatisfying(
                        S3Exception.class, e -> assertThat(e.error()).isEqualTo(S3Error.MALFORMED_POLICY))
                .hasMessage(message);
    }
}
