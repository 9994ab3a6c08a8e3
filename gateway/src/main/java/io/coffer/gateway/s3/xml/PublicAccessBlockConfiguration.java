package io.coffer.gateway.s3.xml;

import io.coffer.common.metadata.PublicAccessBlock;
import io.coffer.gateway.s3.error.S3Exception;
import java.nio.ByteBuffer;
import java.util.Set;

/** A public-access block as a document. What isn't said is off. */
public record PublicAccessBlockConfiguration(PublicAccessBlock block) {
    private static final String ROOT = "PublicAccessBlockConfiguration";
    private static final String BLOCK_ACLS = "BlockPublicAcls";
    private static final String IGNORE_ACLS = "IgnorePublicAcls";
    private static final String BLOCK_POLICY = "BlockPublicPolicy";
    private static final String RESTRICT = "RestrictPublicBuckets";

    public static PublicAccessBlockConfiguration parse(ByteBuffer document) throws S3Exception {
        XmlElement root =
                XmlElement.parse(document, ROOT).only(Set.of(BLOCK_ACLS, IGNORE_ACLS, BLOCK_POLICY, RESTRICT));
        return new PublicAccessBlockConfiguration(new PublicAccessBlock(
                root.booleanOf(BLOCK_ACLS, false),
                root.booleanOf(IGNORE_ACLS, false),
                root.booleanOf(BLOCK_POLICY, false),
                root.booleanOf(RESTRICT, false)));
    }

    public ByteBuffer toXml() {
        return new XmlWriter()
                .root(ROOT)
                .element(BLOCK_ACLS, block.blockPublicAcls())
                .element(IGNORE_ACLS, block.ignorePublicAcls())
                .element(BLOCK_POLICY, block.blockPublicPolicy())
                .element(RESTRICT, block.restrictPublicBuckets())
                .close(ROOT)
                .document();
    }
}
