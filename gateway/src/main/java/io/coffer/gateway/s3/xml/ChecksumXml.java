package io.coffer.gateway.s3.xml;

import io.coffer.common.checksum.ChecksumAlgorithm;
import io.coffer.common.metadata.StoredChecksum;
import org.jspecify.annotations.Nullable;

/** How documents write checksums. */
final class ChecksumXml {
    private ChecksumXml() {}

    static String elementName(ChecksumAlgorithm algorithm) {
        return switch (algorithm) {
            case CRC32 -> "ChecksumCRC32";
            case CRC32C -> "ChecksumCRC32C";
            case CRC64NVME -> "ChecksumCRC64NVME";
            case SHA1 -> "ChecksumSHA1";
            case SHA256 -> "ChecksumSHA256";
        };
    }

    /** The checksum of a part: the value alone. */
    static void writePart(XmlWriter xml, @Nullable StoredChecksum checksum) {
        if (checksum != null) {
            xml.element(elementName(checksum.algorithm()), checksum.value());
        }
    }

    /**
     * The checksum of an object: value and type.
     *
     * @param parts of the object; a composite checksum ends in their number
     */
    static void writeObject(XmlWriter xml, @Nullable StoredChecksum checksum, int parts) {
        if (checksum != null) {
            xml.element(elementName(checksum.algorithm()), objectValue(checksum, parts));
            xml.element("ChecksumType", checksum.type().name());
        }
    }

    static String objectValue(StoredChecksum checksum, int parts) {
        return checksum.type() == StoredChecksum.Type.COMPOSITE ? checksum.value() + "-" + parts : checksum.value();
    }
}
