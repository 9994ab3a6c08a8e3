package io.coffer.gateway.s3.xml;

import io.coffer.common.checksum.ChecksumAlgorithm;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The body of CompleteMultipartUpload: {@code CompleteMultipartUpload}. */
public record CompleteRequest(List<Part> parts) {
    private static final Set<String> PART_ELEMENTS = Set.of(
            "PartNumber",
            "ETag",
            "ChecksumCRC32",
            "ChecksumCRC32C",
            "ChecksumCRC64NVME",
            "ChecksumSHA1",
            "ChecksumSHA256");

    /** Checksums of the protocol that are not offered; to ignore one would be to ignore a promise about the bytes. */
    private static final Set<String> FOREIGN_CHECKSUMS =
            Set.of("ChecksumSHA512", "ChecksumMD5", "ChecksumXXHASH64", "ChecksumXXHASH3", "ChecksumXXHASH128");

    public CompleteRequest {
        parts = List.copyOf(parts);
    }

    /**
     * A part to assemble.
     *
     * @param etag without quotes
     * @param checksums base64, by algorithm
     */
    public record Part(int number, String etag, Map<ChecksumAlgorithm, String> checksums) {
        public Part {
            checksums = Map.copyOf(checksums);
        }
    }

    public static CompleteRequest parse(ByteBuffer document) throws S3Exception {
        XmlElement root = XmlElement.parse(document, "CompleteMultipartUpload").only(Set.of("Part"));
        List<Part> parts = new ArrayList<>();
        for (XmlElement element : root.children("Part")) {
            parts.add(part(element));
        }
        if (parts.isEmpty()) {
            throw new S3Exception(S3Error.INVALID_REQUEST, "You must specify at least one part");
        }
        return new CompleteRequest(parts);
    }

    private static Part part(XmlElement element) throws S3Exception {
        for (String foreign : FOREIGN_CHECKSUMS) {
            if (element.has(foreign)) {
                throw new S3Exception(
                        S3Error.NOT_IMPLEMENTED,
                        "An element you provided implies functionality that is not implemented");
            }
        }
        element.only(PART_ELEMENTS);
        Map<ChecksumAlgorithm, String> checksums = new EnumMap<>(ChecksumAlgorithm.class);
        for (ChecksumAlgorithm algorithm : ChecksumAlgorithm.values()) {
            String value = element.textOf(ChecksumXml.elementName(algorithm));
            if (value != null && !value.isEmpty()) {
                checksums.put(algorithm, value);
            }
        }
        return new Part(number(element.requiredTextOf("PartNumber")), etag(element.requiredTextOf("ETag")), checksums);
    }

    private static int number(String text) throws S3Exception {
        int number;
        try {
            number = Integer.parseInt(text.strip());
        } catch (NumberFormatException e) {
            throw XmlElement.malformed();
        }
        if (number < 1) {
            throw new S3Exception(S3Error.INVALID_ARGUMENT, "PartNumber must be >= 1")
                    .with("ArgumentName", "PartNumber")
                    .with("ArgumentValue", Integer.toString(number));
        }
        return number;
    }

    private static String etag(String text) {
        String tag = text.strip();
        return tag.length() >= 2 && tag.startsWith("\"") && tag.endsWith("\"")
                ? tag.substring(1, tag.length() - 1)
                : tag;
    }
}
