package io.coffer.gateway.s3.xml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coffer.common.metadata.AccessControlList;
import io.coffer.common.metadata.AccessControlList.Grant;
import io.coffer.common.metadata.AccessControlList.Grantee;
import io.coffer.common.metadata.AccessControlList.Permission;
import io.coffer.gateway.access.acl.GranteeName;
import io.coffer.gateway.access.acl.NamedGrant;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AccessControlPolicyTest {
    private static final String GRANT = """
            <Grant><Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="%s">%s</Grantee>\
            <Permission>%s</Permission></Grant>""";

    private static final String USER =
            GRANT.formatted("CanonicalUser", "<ID>u</ID><DisplayName>d</DisplayName>", "READ");

    private static ByteBuffer document(String grants) {
        return bytes("<AccessControlPolicy xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Owner><ID>o</ID></Owner>"
                + "<AccessControlList>" + grants + "</AccessControlList></AccessControlPolicy>");
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aListIsReadWithWhomItNames() throws S3Exception {
        AccessControlPolicy.Asked asked = AccessControlPolicy.parse(document(USER
                + GRANT.formatted("Group", "<URI>g</URI>", "WRITE_ACP")
                + GRANT.formatted("AmazonCustomerByEmail", "<EmailAddress>e</EmailAddress>", "FULL_CONTROL")));
        assertThat(asked.owner()).isEqualTo("o");
        assertThat(asked.grants().grants())
                .containsExactly(
                        new NamedGrant(new GranteeName.CanonicalId("u"), Permission.READ),
                        new NamedGrant(new GranteeName.Uri("g"), Permission.WRITE_ACP),
                        new NamedGrant(new GranteeName.Email("e"), Permission.FULL_CONTROL));
        assertThat(AccessControlPolicy.parse(document("")).grants().grants()).isEmpty();
    }

    @Test
    void whatIsStoredIsReadAgain() throws S3Exception {
        AccessControlPolicy all = new AccessControlPolicy(
                "o",
                new AccessControlList(List.of(
                        new Grant(new Grantee.User("u"), Permission.FULL_CONTROL),
                        new Grant(new Grantee.AllUsers(), Permission.READ),
                        new Grant(new Grantee.AuthenticatedUsers(), Permission.WRITE),
                        new Grant(new Grantee.LogDelivery(), Permission.READ_ACP))));
        assertThat(AccessControlPolicy.parseStored(all.toXml())).isEqualTo(all);
        AccessControlPolicy none = new AccessControlPolicy("o", new AccessControlList(List.of()));
        assertThat(AccessControlPolicy.parseStored(none.toXml())).isEqualTo(none);
    }

    @Test
    void anOwnersListReadsAsAmazons() {
        assertThat(StandardCharsets.UTF_8
                        .decode(AccessControlPolicy.ofOwner("o").toXml())
                        .toString())
                .endsWith(
                        "<Owner><ID>o</ID></Owner><AccessControlList><Grant><Grantee"
                                + " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"CanonicalUser\"><ID>o</ID>"
                                + "</Grantee><Permission>FULL_CONTROL</Permission></Grant></AccessControlList></AccessControlPolicy>");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<Grant/>",
                "<Grant><Permission>READ</Permission></Grant>",
                "<Grant><Grantee><ID>u</ID></Grantee><Permission>READ</Permission></Grant>",
                "<Other/>"
            })
    void whatIsNoListIsRefused(String grants) {
        assertMalformed(document(grants));
    }

    @Test
    void grantsOfAnotherFormAreRefused() {
        assertMalformed(document(GRANT.formatted("CanonicalUser", "<ID>u</ID>", "READS")));
        assertMalformed(document(GRANT.formatted("CanonicalUser", "<URI>u</URI>", "READ")));
        assertMalformed(document(GRANT.formatted("Group", "<ID>u</ID>", "READ")));
        assertMalformed(document(GRANT.formatted("Other", "<ID>u</ID>", "READ")));
        assertMalformed(document(GRANT.formatted("CanonicalUser", "", "READ")));
        assertMalformed(document(USER.repeat(101)));
        assertMalformed(bytes("<AccessControlPolicy><AccessControlList/></AccessControlPolicy>"));
        assertMalformed(bytes("<AccessControlPolicy><Owner><ID>o</ID></Owner></AccessControlPolicy>"));
        assertMalformed(bytes("<AccessControlPolicy>"));
    }

    @Test
    void aHundredGrantsAreNotTooMany() throws S3Exception {
        assertThat(AccessControlPolicy.parse(document(USER.repeat(100)))
                        .grants()
                        .grants())
                .hasSize(100);
    }

    private static void assertMalformed(ByteBuffer document) {
        assertThatThrownBy(() -> AccessControlPolicy.parse(document))
                .isInstanceOfSatisfying(
                        S3Exception.class, e -> assertThat(e.error()).isEqualTo(S3Error.MALFORMED_ACL));
    }
}
