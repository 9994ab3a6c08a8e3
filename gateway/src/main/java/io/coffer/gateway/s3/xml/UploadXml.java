package io.coffer.gateway.s3.xml;

import io.coffer.common.metadata.Account;
import io.coffer.common.metadata.Upload;

/** What documents say about an upload in progress. */
final class UploadXml {
    private UploadXml() {}

    static void people(XmlWriter xml, Account initiator, Account owner) {
        xml.open("Initiator")
                .element("ID", initiator.canonicalId())
                .element("DisplayName", initiator.name())
                .close("Initiator");
        xml.open("Owner").element("ID", owner.canonicalId()).close("Owner");
    }

    static void storageClass(XmlWriter xml, Upload upload) {
        xml.element("StorageClass", upload.attributes().headers().getOrDefault("x-amz-storage-class", "STANDARD"));
    }

    static void checksum(XmlWriter xml, Upload upload) {
        if (upload.checksumAlgorithm() != null && upload.checksumType() != null) {
            xml.element("ChecksumAlgorithm", upload.checksumAlgorithm().name());
            xml.element("ChecksumType", upload.checksumType().name());
        }
    }
}
