package io.coffer.gateway.s3.xml;

import io.coffer.common.metadata.ObjectPart;
import io.coffer.common.metadata.StoredChecksum;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer of GetObjectAttributes; null leaves an attribute out.
 *
 * @param etag without quotes, which this document doesn't have
 * @param checksum whose value this document has without the number of parts, even of a composite one
 * @param size -1 leaves it out
 */
public record ObjectAttributesResult(
        @Nullable String etag,
        @Nullable StoredChecksum checksum,
        @Nullable Parts parts,
        @Nullable String storageClass,
        long size) {

    /**
     * The parts of a multipart object.
     *
     * @param page null when they have no checksums, which is when Amazon doesn't list them
     */
    public record Parts(int total, @Nullable Page page) {}

    /** A page of parts. */
    public record Page(int marker, int maxParts, boolean truncated, List<ObjectPart> parts) {
        public Page {
            parts = List.copyOf(parts);
        }
    }

    public ByteBuffer toXml() {
        XmlWriter xml = new XmlWriter();
        xml.root("GetObjectAttributesResponse");
        xml.elementIfPresent("ETag", etag);
        if (checksum != null) {
            xml.open("Checksum");
            ChecksumXml.writePart(xml, checksum);
            xml.element("ChecksumType", checksum.type().name());
            xml.close("Checksum");
        }
        if (parts != null) {
            parts(xml, parts);
        }
        xml.elementIfPresent("StorageClass", storageClass);
        if (size >= 0) {
            xml.element("ObjectSize", size);
        }
        return xml.close("GetObjectAttributesResponse").document();
    }

    private static void parts(XmlWriter xml, Parts parts) {
        xml.open("ObjectParts").element("PartsCount", parts.total());
        Page page = parts.page();
        if (page != null) {
            xml.element("PartNumberMarker", page.marker())
                    .element(
                            "NextPartNumberMarker",
                            page.parts().isEmpty() ? 0 : page.parts().getLast().number())
                    .element("MaxParts", page.maxParts())
                    .element("IsTruncated", page.truncated());
            for (ObjectPart part : page.parts()) {
                xml.open("Part").element("PartNumber", part.number()).element("Size", part.size());
                ChecksumXml.writePart(xml, part.checksum());
                xml.close("Part");
            }
        }
        xml.close("ObjectParts");
    }
}
