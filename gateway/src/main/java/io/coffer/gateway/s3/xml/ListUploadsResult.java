package io.coffer.gateway.s3.xml;

import io.coffer.common.id.AccountId;
import io.coffer.common.metadata.Account;
import io.coffer.common.metadata.Reply.Entry;
import io.coffer.common.metadata.Upload;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The answer of ListMultipartUploads.
 *
 * @param delimiter null when none was asked for
 */
public record ListUploadsResult(
        String bucket,
        String prefix,
        @Nullable String delimiter,
        String keyMarker,
        String uploadIdMarker,
        String nextKeyMarker,
        String nextUploadIdMarker,
        int maxUploads,
        boolean urlEncoded,
        boolean truncated,
        List<Entry<Upload>> entries,
        Function<AccountId, Account> accounts) {

    public ByteBuffer toXml() {
        XmlWriter xml = new XmlWriter();
        ListingXml listing = new ListingXml(xml, urlEncoded);
        xml.root("ListMultipartUploadsResult").element("Bucket", bucket);
        listing.name("KeyMarker", keyMarker);
        xml.element("UploadIdMarker", uploadIdMarker);
        listing.name("NextKeyMarker", nextKeyMarker);
        xml.element("NextUploadIdMarker", nextUploadIdMarker);
        listing.nameIfPresent("Delimiter", delimiter);
        if (!prefix.isEmpty()) {
            listing.name("Prefix", prefix);
        }
        listing.encodingType();
        xml.element("MaxUploads", maxUploads);
        xml.element("IsTruncated", truncated);
        for (Entry<Upload> entry : entries) {
            if (entry instanceof Entry.Item<Upload>(Upload upload)) {
                upload(xml, listing, upload);
            }
        }
        listing.commonPrefixes(entries);
        return xml.close("ListMultipartUploadsResult").document();
    }

    private void upload(XmlWriter xml, ListingXml listing, Upload upload) {
        xml.open("Upload");
        listing.name("Key", upload.key());
        xml.element("UploadId", upload.id().toString());
        UploadXml.people(xml, accounts.apply(upload.initiator()), accounts.apply(upload.owner()));
        UploadXml.storageClass(xml, upload);
        xml.timestamp("Initiated", upload.initiatedMillis());
        UploadXml.checksum(xml, upload);
        xml.close("Upload");
    }
}
