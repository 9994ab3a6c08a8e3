package io.coffer.gateway.s3.xml;

import java.nio.ByteBuffer;

/** The answer of CreateMultipartUpload. */
public record InitiateUploadResult(String bucket, String key, String uploadId) {

    public ByteBuffer toXml() {
        return new XmlWriter()
                .root("InitiateMultipartUploadResult")
                .element("Bucket", bucket)
                .element("Key", key)
                .element("UploadId", uploadId)
                .close("InitiateMultipartUploadResult")
                .document();
    }
}
