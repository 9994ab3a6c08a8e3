package io.coffer.gateway.s3.xml;

import io.coffer.common.metadata.AccessControlList;
import io.coffer.common.metadata.AccessControlList.Grant;
import io.coffer.common.metadata.AccessControlList.Grantee;
import io.coffer.common.metadata.AccessControlList.Permission;
import io.coffer.gateway.access.acl.AclRequest;
import io.coffer.gateway.access.acl.AclResolver;
import io.coffer.gateway.access.acl.GranteeName;
import io.coffer.gateway.access.acl.NamedGrant;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * An access control list as a document.
 *
 * @param owner canonical id
 */
public record AccessControlPolicy(String owner, AccessControlList acl) {
    private static final String ROOT = "AccessControlPolicy";
    private static final String TYPE = "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=";
    private static final String USER = "CanonicalUser";
    private static final String GROUP = "Group";
    private static final String CUSTOMER = "AmazonCustomerByEmail";

    /** The list of something that only its owner may use, with everything. */
    public static AccessControlPolicy ofOwner(String owner) {
        return new AccessControlPolicy(
                owner, new AccessControlList(List.of(new Grant(new Grantee.User(owner), Permission.FULL_CONTROL))));
    }

    /** What a client asks for, and as whose. */
    public record Asked(String owner, AclRequest.Grants grants) {}

    /** MalformedACLError for what is no list of at most {@link AccessControlList#MAX_GRANTS} grants. */
    public static Asked parse(ByteBuffer document) throws S3Exception {
        try {
            XmlElement root = XmlElement.parse(document, ROOT).only(Set.of("Owner", "AccessControlList"));
            XmlElement owner = root.child("Owner");
            XmlElement list = root.child("AccessControlList");
            if (owner == null || list == null) {
                throw XmlElement.malformed();
            }
            List<NamedGrant> grants = new ArrayList<>();
            for (XmlElement grant : list.only(Set.of("Grant")).children("Grant")) {
                grants.add(grant(grant));
            }
            if (grants.size() > AccessControlList.MAX_GRANTS) {
                throw XmlElement.malformed();
            }
            String id = owner.only(Set.of("ID", "DisplayName")).requiredTextOf("ID");
            return new Asked(id, new AclRequest.Grants(grants));
        } catch (S3Exception e) {
            throw e.error() == S3Error.MALFORMED_XML ? new S3Exception(S3Error.MALFORMED_ACL) : e;
        }
    }

    private static NamedGrant grant(XmlElement element) throws S3Exception {
        element.only(Set.of("Grantee", "Permission"));
        XmlElement grantee = element.child("Grantee");
        if (grantee == null) {
            throw XmlElement.malformed();
        }
        GranteeName name = switch (grantee.type()) {
            case USER ->
                new GranteeName.CanonicalId(
                        grantee.only(Set.of("ID", "DisplayName")).requiredTextOf("ID"));
            case GROUP -> new GranteeName.Uri(grantee.only(Set.of("URI")).requiredTextOf("URI"));
            case CUSTOMER ->
                new GranteeName.Email(grantee.only(Set.of("EmailAddress")).requiredTextOf("EmailAddress"));
            default -> throw XmlElement.malformed();
        };
        return new NamedGrant(name, permission(element.requiredTextOf("Permission")));
    }

    private static Permission permission(String text) throws S3Exception {
        return switch (text) {
            case "READ" -> Permission.READ;
            case "WRITE" -> Permission.WRITE;
            case "READ_ACP" -> Permission.READ_ACP;
            case "WRITE_ACP" -> Permission.WRITE_ACP;
            case "FULL_CONTROL" -> Permission.FULL_CONTROL;
            default -> throw XmlElement.malformed();
        };
    }

    /** A document that this class wrote. */
    public static AccessControlPolicy parseStored(ByteBuffer document) throws S3Exception {
        Asked stored = parse(document);
        List<Grant> grants = new ArrayList<>();
        for (NamedGrant grant : stored.grants().grants()) {
            grants.add(new Grant(grantee(grant.grantee()), grant.permission()));
        }
        return new AccessControlPolicy(stored.owner(), new AccessControlList(grants));
    }

    private static Grantee grantee(GranteeName name) throws S3Exception {
        return switch (name) {
            case GranteeName.CanonicalId(String id) -> new Grantee.User(id);
            case GranteeName.Uri(String uri) -> AclResolver.group(uri);
            case GranteeName.Email _ -> throw XmlElement.malformed();
        };
    }

    public ByteBuffer toXml() {
        XmlWriter xml = new XmlWriter()
                .root(ROOT)
                .open("Owner")
                .element("ID", owner)
                .close("Owner")
                .open("AccessControlList");
        for (Grant grant : acl.grants()) {
            xml.open("Grant");
            switch (grant.grantee()) {
                case Grantee.User(String id) -> grantee(USER, "ID", id, xml);
                case Grantee.AllUsers() -> grantee(GROUP, "URI", AclResolver.ALL_USERS, xml);
                case Grantee.AuthenticatedUsers() -> grantee(GROUP, "URI", AclResolver.AUTHENTICATED_USERS, xml);
                case Grantee.LogDelivery() -> grantee(GROUP, "URI", AclResolver.LOG_DELIVERY, xml);
            }
            xml.element("Permission", grant.permission().name()).close("Grant");
        }
        return xml.close("AccessControlList").close(ROOT).document();
    }

    private static void grantee(String type, String element, String value, XmlWriter xml) {
        xml.openWith("Grantee", TYPE + '"' + type + '"').element(element, value).close("Grantee");
    }
}
