package io.coffer.gateway.s3.xml;

import io.coffer.common.id.AccountId;
import io.coffer.common.metadata.ObjectVersion;
import io.coffer.common.metadata.Reply.Entry;
import io.coffer.common.metadata.StoredChecksum;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the listings of a bucket have in common: names that may be url-encoded, owners, common prefixes. */
final class ListingXml {
    private final XmlWriter xml;
    private final boolean urlEncoded;

    ListingXml(XmlWriter xml, boolean urlEncoded) {
        this.xml = xml;
        this.urlEncoded = urlEncoded;
    }

    /** An element with a key, prefix or delimiter. */
    void name(String element, String value) {
        xml.element(element, urlEncoded ? UrlEncoding.encode(value) : value);
    }

    void nameIfPresent(String element, @Nullable String value) {
        if (value != null) {
            name(element, value);
        }
    }

    void encodingType() {
        if (urlEncoded) {
            xml.element("EncodingType", "url");
        }
    }

    /** The elements that say what an object's bytes are: {@code LastModified} to {@code Size}. */
    void content(ObjectVersion object) {
        xml.timestamp("LastModified", object.modifiedMillis());
        xml.etag("ETag", object.etag());
        StoredChecksum checksum = object.checksum();
        if (checksum != null) {
            xml.element("ChecksumAlgorithm", checksum.algorithm().name());
            xml.element("ChecksumType", checksum.type().name());
        }
        xml.element("Size", object.size());
    }

    void owner(AccountId account, Function<AccountId, String> canonicalIds) {
        xml.open("Owner").element("ID", canonicalIds.apply(account)).close("Owner");
    }

    static String storageClass(ObjectVersion object) {
        return object.attributes().headers().getOrDefault("x-amz-storage-class", "STANDARD");
    }

    <T> void commonPrefixes(List<Entry<T>> entries) {
        for (Entry<T> entry : entries) {
            if (entry instanceof Entry.CommonPrefix<T>(String prefix)) {
                xml.open("CommonPrefixes");
                name("Prefix", prefix);
                xml.close("CommonPrefixes");
            }
        }
    }
}
