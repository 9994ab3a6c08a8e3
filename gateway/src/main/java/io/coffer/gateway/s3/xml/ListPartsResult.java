package io.coffer.gateway.s3.xml;

import io.coffer.common.metadata.Account;
import io.coffer.common.metadata.ObjectPart;
import io.coffer.common.metadata.Upload;
import java.nio.ByteBuffer;
import java.util.List;

/** The answer of ListParts. */
public record ListPartsResult(
        String bucket,
        Upload upload,
        Account initiator,
        Account owner,
        int partNumberMarker,
        int maxParts,
        boolean truncated,
        List<ObjectPart> parts) {

    public ByteBuffer toXml() {
        XmlWriter xml = new XmlWriter();
        xml.root("ListPartsResult")
                .element("Bucket", bucket)
                .element("Key", upload.key())
                .element("UploadId", upload.id().toString());
        UploadXml.people(xml, initiator, owner);
        UploadXml.storageClass(xml, upload);
        xml.element("PartNumberMarker", partNumberMarker)
                .element(
                        "NextPartNumberMarker",
                        parts.isEmpty() ? 0 : parts.getLast().number())
                .element("MaxParts", maxParts)
                .element("IsTruncated", truncated);
        UploadXml.checksum(xml, upload);
        for (ObjectPart part : parts) {
            xml.open("Part")
                    .element("PartNumber", part.number())
                    .timestamp("LastModified", part.modifiedMillis())
                    .etag("ETag", part.etag())
                    .element("Size", part.size());
            if (upload.checksumAlgorithm() != null) {
                ChecksumXml.writePart(xml, part.checksum());
            }
            xml.close("Part");
        }
        return xml.close("ListPartsResult").document();
    }
}
