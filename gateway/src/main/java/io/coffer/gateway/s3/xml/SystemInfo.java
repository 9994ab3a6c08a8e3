package io.coffer.gateway.s3.xml;

import java.nio.ByteBuffer;

/**
 * {@code system.xml} of Veeam's Smart Object Storage API, version 1.0. Text is in quotation marks, as that software wants it; what differs
 * from its defaults could be recommended, and nothing does.
 *
 * @param model what it shows for the store
 */
public record SystemInfo(String model) {
    private static final String VERSION = "\"1.0\"";

    public ByteBuffer toXml() {
        XmlWriter xml = new XmlWriter();
        return xml.open("SystemInfo")
                .element("ProtocolVersion", VERSION)
                .element("ModelName", '"' + model + '"')
                .open("ProtocolCapabilities")
                .element("CapacityInfo", true)
                .element("UploadSessions", false)
                .element("IAMSTS", false)
                .close("ProtocolCapabilities")
                .close("SystemInfo")
                .document();
    }
}
