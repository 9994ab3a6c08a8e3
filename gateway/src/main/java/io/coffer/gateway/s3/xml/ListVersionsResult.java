package io.coffer.gateway.s3.xml;

import io.coffer.common.id.AccountId;
import io.coffer.common.metadata.ObjectVersion;
import io.coffer.common.metadata.Reply.Entry;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The answer of ListObjectVersions.
 *
 * @param delimiter null when none was asked for
 * @param nextKeyMarker null on the last page
 * @param nextVersionIdMarker null on the last page, and behind a common prefix
 */
public record ListVersionsResult(
        String bucket,
        String prefix,
        @Nullable String delimiter,
        String keyMarker,
        String versionIdMarker,
        @Nullable String nextKeyMarker,
        @Nullable String nextVersionIdMarker,
        int maxKeys,
        boolean urlEncoded,
        boolean truncated,
        List<Entry<ObjectVersion>> entries,
        Function<AccountId, String> canonicalIds) {

    private static final int BYTES_PER_ENTRY = 480;
    private static final int BYTES_AROUND = 1024;

    public ByteBuffer toXml() {
        XmlWriter xml = new XmlWriter(BYTES_AROUND + BYTES_PER_ENTRY * entries.size());
        ListingXml listing = new ListingXml(xml, urlEncoded);
        xml.root("ListVersionsResult").element("Name", bucket);
        listing.name("Prefix", prefix);
        listing.name("KeyMarker", keyMarker);
        xml.element("VersionIdMarker", versionIdMarker);
        listing.nameIfPresent("NextKeyMarker", nextKeyMarker);
        xml.elementIfPresent("NextVersionIdMarker", nextVersionIdMarker);
        xml.element("MaxKeys", maxKeys);
        listing.nameIfPresent("Delimiter", delimiter);
        listing.encodingType();
        xml.element("IsTruncated", truncated);
        for (Entry<ObjectVersion> entry : entries) {
            if (entry instanceof Entry.Item<ObjectVersion>(ObjectVersion version)) {
                version(xml, listing, version);
            }
        }
        listing.commonPrefixes(entries);
        return xml.close("ListVersionsResult").document();
    }

    private void version(XmlWriter xml, ListingXml listing, ObjectVersion version) {
        String element = version.deleteMarker() ? "DeleteMarker" : "Version";
        xml.open(element);
        listing.name("Key", version.key());
        xml.element(
                "VersionId", version.nullVersion() ? "null" : version.version().toString());
        xml.element("IsLatest", version.latest());
        if (version.deleteMarker()) {
            xml.timestamp("LastModified", version.modifiedMillis());
        } else {
            listing.content(version);
        }
        listing.owner(version.owner(), canonicalIds);
        if (!version.deleteMarker()) {
            xml.element("StorageClass", ListingXml.storageClass(version));
        }
        xml.close(element);
    }
}
