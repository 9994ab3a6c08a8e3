package io.coffer.gateway.s3.xml;

import java.nio.ByteBuffer;

/** The access control list of something that only its owner may use, with everything. */
public record AccessControlPolicy(String owner) {
    private static final String GRANTEE =
            "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"CanonicalUser\"";

    public ByteBuffer toXml() {
        return new XmlWriter()
                .root("AccessControlPolicy")
                .open("Owner")
                .element("ID", owner)
                .close("Owner")
                .open("AccessControlList")
                .open("Grant")
                .openWith("Grantee", GRANTEE)
                .element("ID", owner)
                .close("Grantee")
                .element("Permission", "FULL_CONTROL")
                .close("Grant")
                .close("AccessControlList")
                .close("AccessControlPolicy")
                .document();
    }
}
