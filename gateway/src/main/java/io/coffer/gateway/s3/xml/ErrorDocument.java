package io.coffer.gateway.s3.xml;

import java.nio.ByteBuffer;
import java.util.Map;

/**
 * S3's error document.
 *
 * @param details further elements, in order
 */
public record ErrorDocument(String code, String message, Map<String, String> details, String requestId, String hostId) {

    public ByteBuffer toXml() {
        XmlWriter xml = new XmlWriter();
        xml.open("Error").element("Code", code).element("Message", message);
        details.forEach(xml::element);
        return xml.element("RequestId", requestId)
                .element("HostId", hostId)
                .close("Error")
                .document();
    }
}
