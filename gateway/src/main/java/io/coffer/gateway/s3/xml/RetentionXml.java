package io.coffer.gateway.s3.xml;

import io.coffer.common.metadata.RetentionMode;
import io.coffer.common.metadata.VersionChange;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.header.LockHeaders;
import java.nio.ByteBuffer;
import java.util.Set;

/** The documents of a version's retention and legal hold. */
public final class RetentionXml {
    private static final String RETENTION = "Retention";
    private static final String MODE = "Mode";
    private static final String UNTIL = "RetainUntilDate";
    private static final String HOLD = "LegalHold";
    private static final String STATUS = "Status";

    private RetentionXml() {}

    /** An empty one takes the retention back. */
    public static VersionChange.Retention parseRetention(ByteBuffer document, boolean bypassing) throws S3Exception {
        XmlElement root = XmlElement.parse(document, RETENTION).only(Set.of(MODE, UNTIL));
        String mode = root.textOf(MODE);
        String until = root.textOf(UNTIL);
        if (mode == null && until == null) {
            return new VersionChange.Retention(null, 0, bypassing);
        }
        if (mode == null || until == null) {
            throw XmlElement.malformed();
        }
        return new VersionChange.Retention(
                LockHeaders.modeOf(mode).orElseThrow(XmlElement::malformed),
                LockHeaders.timeOf(until).orElseThrow(XmlElement::malformed),
                bypassing);
    }

    public static ByteBuffer retention(RetentionMode mode, long untilMillis) {
        return new XmlWriter()
                .root(RETENTION)
                .element(MODE, mode.name())
                .timestamp(UNTIL, untilMillis)
                .close(RETENTION)
                .document();
    }

    public static VersionChange.LegalHold parseHold(ByteBuffer document) throws S3Exception {
        XmlElement root = XmlElement.parse(document, HOLD).only(Set.of(STATUS));
        return new VersionChange.LegalHold(
                switch (root.requiredTextOf(STATUS)) {
                    case "ON" -> true;
                    case "OFF" -> false;
                    default -> throw XmlElement.malformed();
                });
    }

    public static ByteBuffer hold(boolean on) {
        return new XmlWriter()
                .root(HOLD)
                .element(STATUS, on ? "ON" : "OFF")
                .close(HOLD)
                .document();
    }
}
