package io.coffer.gateway.s3.xml;

import io.coffer.common.id.AccountId;
import io.coffer.common.metadata.ObjectVersion;
import io.coffer.common.metadata.Reply.Entry;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The answer of ListObjects and ListObjectsV2.
 *
 * @param delimiter null when none was asked for
 * @param entries objects and common prefixes in order
 * @param canonicalIds names owners; null leaves them out
 */
public record ListObjectsResult(
        String bucket,
        String prefix,
        @Nullable String delimiter,
        int maxKeys,
        boolean urlEncoded,
        boolean truncated,
        Position position,
        List<Entry<ObjectVersion>> entries,
        @Nullable Function<AccountId, String> canonicalIds) {

    /** Rather too much for one entry, so that a page seldom grows its buffer. */
    private static final int BYTES_PER_ENTRY = 320;

    private static final int BYTES_AROUND = 1024;

    /** How the two versions of the operation say where the page begins and how to go on. */
    public sealed interface Position {
        /** @param nextMarker null when there is no more, or no delimiter */
        record Marker(String marker, @Nullable String nextMarker) implements Position {}

        /** Everything as it was asked for, or null. */
        record Token(
                @Nullable String startAfter,
                @Nullable String continuationToken,
                @Nullable String nextToken) implements Position {}
    }

    public ByteBuffer toXml() {
        XmlWriter xml = new XmlWriter(BYTES_AROUND + BYTES_PER_ENTRY * entries.size());
        ListingXml listing = new ListingXml(xml, urlEncoded);
        xml.root("ListBucketResult").element("Name", bucket);
        listing.name("Prefix", prefix);
        switch (position) {
            case Position.Marker(String marker, String nextMarker) -> {
                listing.name("Marker", marker);
                listing.nameIfPresent("NextMarker", nextMarker);
            }
            case Position.Token(String startAfter, String token, String nextToken) -> {
                listing.nameIfPresent("StartAfter", startAfter);
                xml.elementIfPresent("ContinuationToken", token);
                xml.elementIfPresent("NextContinuationToken", nextToken);
                xml.element("KeyCount", entries.size());
            }
        }
        xml.element("MaxKeys", maxKeys);
        listing.nameIfPresent("Delimiter", delimiter);
        listing.encodingType();
        xml.element("IsTruncated", truncated);
        for (Entry<ObjectVersion> entry : entries) {
            if (entry instanceof Entry.Item<ObjectVersion>(ObjectVersion object)) {
                contents(xml, listing, object);
            }
        }
        listing.commonPrefixes(entries);
        return xml.close("ListBucketResult").document();
    }

    private void contents(XmlWriter xml, ListingXml listing, ObjectVersion object) {
        xml.open("Contents");
        listing.name("Key", object.key());
        listing.content(object);
        if (canonicalIds != null) {
            listing.owner(object.owner(), canonicalIds);
        }
        xml.element("StorageClass", ListingXml.storageClass(object));
        xml.close("Contents");
    }
}
