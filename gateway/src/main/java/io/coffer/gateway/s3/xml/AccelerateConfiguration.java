package io.coffer.gateway.s3.xml;

import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import java.nio.ByteBuffer;
import java.util.Set;

/** Whether a bucket is reached through Amazon's edge locations, of which there are none here: it can be suspended. */
public final class AccelerateConfiguration {
    private static final String ROOT = "AccelerateConfiguration";
    private static final String STATUS = "Status";
    private static final String SUSPENDED = "Suspended";

    private AccelerateConfiguration() {}

    /** Checks that a document suspends acceleration. */
    public static void check(ByteBuffer document) throws S3Exception {
        switch (XmlElement.parse(document, ROOT).only(Set.of(STATUS)).requiredTextOf(STATUS)) {
            case SUSPENDED -> {}
            case "Enabled" ->
                throw new S3Exception(
                        S3Error.NOT_IMPLEMENTED,
                        "S3 Transfer Acceleration is a network of Amazon's, not of this server");
            default -> throw XmlElement.malformed();
        }
    }

    /** @param suspended whether anybody said so; a bucket of which nobody did says nothing */
    public static ByteBuffer toXml(boolean suspended) {
        return suspended
                ? new XmlWriter()
                        .root(ROOT)
                        .element(STATUS, SUSPENDED)
                        .close(ROOT)
                        .document()
                : new XmlWriter().rootElement(ROOT, "").document();
    }
}
