package io.coffer.gateway.s3.xml;

import java.nio.ByteBuffer;

/**
 * The answer of PostObject to a form that asks for one; without a namespace, as Amazon writes it.
 *
 * @param location the object's URL
 * @param etag with its quotes
 */
public record PostResponse(String location, String bucket, String key, String etag) {

    public ByteBuffer toXml() {
        XmlWriter xml = new XmlWriter();
        return xml.open("PostResponse")
                .element("Location", location)
                .element("Bucket", bucket)
                .element("Key", key)
                .element("ETag", etag)
                .close("PostResponse")
                .document();
    }
}
