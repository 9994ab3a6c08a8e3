package io.coffer.gateway.s3.xml;

import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.header.TagSet;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Tags as a document. */
public record Tagging(TagSet tags) {
    private static final String ROOT = "Tagging";

    public static Tagging parse(ByteBuffer document, TagSet.Kind kind) throws S3Exception {
        XmlElement set = XmlElement.parse(document, ROOT).only(Set.of("TagSet")).child("TagSet");
        if (set == null) {
            throw XmlElement.malformed();
        }
        return new Tagging(TagSet.of(kind, tagsOf(set)));
    }

    /** The tags that are children of an element. */
    static List<TagSet.Tag> tagsOf(XmlElement set) throws S3Exception {
        List<TagSet.Tag> tags = new ArrayList<>();
        for (XmlElement tag : set.only(Set.of("Tag")).children("Tag")) {
            tag.only(Set.of("Key", "Value"));
            tags.add(new TagSet.Tag(tag.requiredTextOf("Key"), tag.requiredTextOf("Value")));
        }
        return tags;
    }

    /** A document that this class wrote. */
    public static Tagging parseStored(ByteBuffer document) throws S3Exception {
        return parse(document, TagSet.Kind.BUCKET);
    }

    public ByteBuffer toXml() {
        XmlWriter xml = new XmlWriter().root(ROOT);
        if (tags.tags().isEmpty()) {
            return xml.element("TagSet", "").close(ROOT).document();
        }
        xml.open("TagSet");
        tags.tags()
                .forEach((key, value) -> xml.open("Tag")
                        .element("Key", key)
                        .element("Value", value)
                        .close("Tag"));
        return xml.close("TagSet").close(ROOT).document();
    }
}
