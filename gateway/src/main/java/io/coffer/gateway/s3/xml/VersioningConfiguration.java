package io.coffer.gateway.s3.xml;

import io.coffer.common.metadata.Versioning;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import java.nio.ByteBuffer;
import java.util.Set;

/**
 * Whether a bucket's versions are kept.
 *
 * @param versioning {@link Versioning#UNVERSIONED} only in answers: it can't be asked for
 */
public record VersioningConfiguration(Versioning versioning) {
    private static final String ROOT = "VersioningConfiguration";
    private static final String STATUS = "Status";
    private static final String MFA_DELETE = "MfaDelete";
    private static final Set<String> ELEMENTS = Set.of(STATUS, MFA_DELETE);

    public static VersioningConfiguration parse(ByteBuffer document) throws S3Exception {
        XmlElement root = XmlElement.parse(document, ROOT).only(ELEMENTS);
        String mfaDelete = root.textOf(MFA_DELETE);
        switch (mfaDelete == null ? "Disabled" : mfaDelete) {
            case "Disabled" -> {}
            case "Enabled" ->
                throw new S3Exception(S3Error.NOT_IMPLEMENTED, "MFA delete is not offered by this server");
            default -> throw XmlElement.malformed();
        }
        String status = root.textOf(STATUS);
        if (status == null) {
            throw new S3Exception(S3Error.ILLEGAL_VERSIONING_CONFIGURATION);
        }
        return new VersioningConfiguration(
                switch (status) {
                    case "Enabled" -> Versioning.ENABLED;
                    case "Suspended" -> Versioning.SUSPENDED;
                    default -> throw XmlElement.malformed();
                });
    }

    /** A bucket that never had versions says nothing. */
    public ByteBuffer toXml() {
        return switch (versioning) {
            case UNVERSIONED -> new XmlWriter().rootElement(ROOT, "").document();
            case ENABLED -> withStatus("Enabled");
            case SUSPENDED -> withStatus("Suspended");
        };
    }

    private static ByteBuffer withStatus(String status) {
        return new XmlWriter().root(ROOT).element(STATUS, status).close(ROOT).document();
    }
}
