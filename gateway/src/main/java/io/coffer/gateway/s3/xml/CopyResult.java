package io.coffer.gateway.s3.xml;

import io.coffer.common.metadata.StoredChecksum;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The answer of CopyObject and UploadPartCopy.
 *
 * @param etag without quotes
 * @param checksum of all the bytes that were copied
 */
public record CopyResult(
        String etag, long modifiedMillis, @Nullable StoredChecksum checksum) {

    public ByteBuffer objectToXml() {
        XmlWriter xml = begin("CopyObjectResult");
        ChecksumXml.writeObject(xml, checksum, 0);
        return xml.close("CopyObjectResult").document();
    }

    public ByteBuffer partToXml() {
        XmlWriter xml = begin("CopyPartResult");
        ChecksumXml.writePart(xml, checksum);
        return xml.close("CopyPartResult").document();
    }

    private XmlWriter begin(String root) {
        return new XmlWriter()
                .root(root)
                .timestamp("LastModified", modifiedMillis)
                .etag("ETag", etag);
    }
}
