package io.coffer.gateway.s3.xml;

import io.coffer.common.metadata.StoredChecksum;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The answer of CompleteMultipartUpload.
 *
 * @param location the object's URL
 * @param etag without quotes
 */
public record CompleteUploadResult(
        String location,
        String bucket,
        String key,
        String etag,
        @Nullable StoredChecksum checksum,
        int parts) {

    public ByteBuffer toXml() {
        XmlWriter xml = new XmlWriter();
        xml.root("CompleteMultipartUploadResult")
                .element("Location", location)
                .element("Bucket", bucket)
                .element("Key", key)
                .etag("ETag", etag);
        ChecksumXml.writeObject(xml, checksum, parts);
        return xml.close("CompleteMultipartUploadResult").document();
    }
}
