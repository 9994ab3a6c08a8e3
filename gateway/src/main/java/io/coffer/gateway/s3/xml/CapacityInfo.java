package io.coffer.gateway.s3.xml;

import java.nio.ByteBuffer;

/** {@code capacity.xml} of Veeam's Smart Object Storage API, in bytes. */
public record CapacityInfo(long capacity, long available, long used) {

    public ByteBuffer toXml() {
        XmlWriter xml = new XmlWriter();
        return xml.open("CapacityInfo")
                .element("Capacity", capacity)
                .element("Available", available)
                .element("Used", used)
                .close("CapacityInfo")
                .document();
    }
}
