package io.coffer.gateway.s3.xml;

import io.coffer.common.metadata.ObjectLock;
import io.coffer.common.metadata.ObjectLock.DefaultRetention;
import io.coffer.common.metadata.RetentionMode;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.header.LockHeaders;
import java.nio.ByteBuffer;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** That a bucket's versions can be locked, and for how long new ones are. */
public record ObjectLockConfiguration(ObjectLock lock) {
    private static final String ROOT = "ObjectLockConfiguration";
    private static final String ENABLED = "ObjectLockEnabled";
    private static final String RULE = "Rule";
    private static final String DEFAULT = "DefaultRetention";
    private static final String MODE = "Mode";
    private static final String DAYS = "Days";
    private static final String YEARS = "Years";

    /** A hundred years, which is what Amazon allows. */
    private static final int MAX_DAYS = 36_500;

    private static final int MAX_YEARS = 100;

    /** InvalidArgument for a period that isn't one, MalformedXML. */
    public static ObjectLockConfiguration parse(ByteBuffer document) throws S3Exception {
        XmlElement root = XmlElement.parse(document, ROOT).only(Set.of(ENABLED, RULE));
        if (!root.requiredTextOf(ENABLED).equals("Enabled")) {
            throw XmlElement.malformed();
        }
        XmlElement rule = root.child(RULE);
        return new ObjectLockConfiguration(new ObjectLock(true, rule == null ? null : retention(rule)));
    }

    private static DefaultRetention retention(XmlElement rule) throws S3Exception {
        XmlElement retention = rule.only(Set.of(DEFAULT)).child(DEFAULT);
        if (retention == null) {
            throw XmlElement.malformed();
        }
        retention.only(Set.of(MODE, DAYS, YEARS));
        RetentionMode mode = LockHeaders.modeOf(retention.requiredTextOf(MODE)).orElseThrow(XmlElement::malformed);
        String days = retention.textOf(DAYS);
        String years = retention.textOf(YEARS);
        if ((days == null) == (years == null)) {
            throw XmlElement.malformed();
        }
        return new DefaultRetention(mode, period(days, MAX_DAYS), period(years, MAX_YEARS));
    }

    private static int period(@Nullable String text, int most) throws S3Exception {
        if (text == null) {
            return 0;
        }
        long number;
        try {
            number = Long.parseLong(text.strip());
        } catch (NumberFormatException e) {
            throw XmlElement.malformed();
        }
        if (number <= 0) {
            throw new S3Exception(
                    S3Error.INVALID_ARGUMENT, "Default retention period must be a positive integer value.");
        }
        if (number > most) {
            throw new S3Exception(S3Error.INVALID_ARGUMENT, "Default retention period too large.");
        }
        return (int) number;
    }

    public ByteBuffer toXml() {
        XmlWriter xml = new XmlWriter().root(ROOT).element(ENABLED, "Enabled");
        DefaultRetention retention = lock.defaultRetention();
        if (retention != null) {
            xml.open(RULE).open(DEFAULT).element(MODE, retention.mode().name());
            if (retention.days() > 0) {
                xml.element(DAYS, retention.days());
            } else {
                xml.element(YEARS, retention.years());
            }
            xml.close(DEFAULT).close(RULE);
        }
        return xml.close(ROOT).document();
    }
}
