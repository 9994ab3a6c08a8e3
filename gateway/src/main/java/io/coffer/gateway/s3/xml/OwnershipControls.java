package io.coffer.gateway.s3.xml;

import io.coffer.common.metadata.ObjectOwnership;
import io.coffer.gateway.s3.error.S3Exception;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whose the objects of a bucket are, as a document: one rule. */
public record OwnershipControls(ObjectOwnership ownership) {
    private static final String ROOT = "OwnershipControls";
    private static final String RULE = "Rule";
    private static final String OWNERSHIP = "ObjectOwnership";

    public static OwnershipControls parse(ByteBuffer document) throws S3Exception {
        List<XmlElement> rules =
                XmlElement.parse(document, ROOT).only(Set.of(RULE)).children(RULE);
        if (rules.size() != 1) {
            throw XmlElement.malformed();
        }
        String text = rules.getFirst().only(Set.of(OWNERSHIP)).requiredTextOf(OWNERSHIP);
        return new OwnershipControls(ownership(text).orElseThrow(XmlElement::malformed));
    }

    /** As headers and documents have it. */
    public static Optional<ObjectOwnership> ownership(String text) {
        return switch (text) {
            case "BucketOwnerEnforced" -> Optional.of(ObjectOwnership.BUCKET_OWNER_ENFORCED);
            case "BucketOwnerPreferred" -> Optional.of(ObjectOwnership.BUCKET_OWNER_PREFERRED);
            case "ObjectWriter" -> Optional.of(ObjectOwnership.OBJECT_WRITER);
            default -> Optional.empty();
        };
    }

    public ByteBuffer toXml() {
        return new XmlWriter()
                .root(ROOT)
                .open(RULE)
                .element(
                        OWNERSHIP,
                        switch (ownership) {
                            case BUCKET_OWNER_ENFORCED -> "BucketOwnerEnforced";
                            case BUCKET_OWNER_PREFERRED -> "BucketOwnerPreferred";
                            case OBJECT_WRITER -> "ObjectWriter";
                        })
                .close(RULE)
                .close(ROOT)
                .document();
    }
}
