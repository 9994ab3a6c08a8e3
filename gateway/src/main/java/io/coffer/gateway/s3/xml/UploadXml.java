package io.coffer.gateway.s3.xml;

import io.coffer.common.metadata.Account;
import io.coffer.common.metadata.Upload;

/** What documents say about an upload in progress. */
final class UploadXml {
    private UploadXml() {}

    /** The initiator and the owner, which are the same account as long as an account is all there is. */
    static void people(XmlWriter xml, Account account) {
        xml.open("Initiator")
                .element("ID", account.canonicalId())
                .element("DisplayName", account.name())
                .close("Initiator");
        xml.open("Owner").element("ID", account.canonicalId()).close("Owner");
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
