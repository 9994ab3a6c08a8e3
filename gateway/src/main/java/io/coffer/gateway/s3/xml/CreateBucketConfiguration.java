package io.coffer.gateway.s3.xml;

import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.header.TagSet;
import java.nio.ByteBuffer;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The body of CreateBucket.
 *
 * @param locationConstraint null when there is none
 */
public record CreateBucketConfiguration(@Nullable String locationConstraint, TagSet tags) {
    private static final Set<String> ELEMENTS = Set.of("LocationConstraint", "Location", "Bucket", "Tags");

    /** An empty body asks for nothing. The elements of directory buckets are not offered. */
    public static CreateBucketConfiguration parse(ByteBuffer document) throws S3Exception {
        if (!document.hasRemaining()) {
            return new CreateBucketConfiguration(null, TagSet.EMPTY);
        }
        XmlElement root =
                XmlElement.parse(document, "CreateBucketConfiguration").only(ELEMENTS);
        if (root.has("Location") || root.has("Bucket")) {
            throw new S3Exception(
                    S3Error.NOT_IMPLEMENTED, "An element you provided implies functionality that is not implemented");
        }
        String constraint = root.textOf("LocationConstraint");
        XmlElement tags = root.child("Tags");
        return new CreateBucketConfiguration(
                constraint == null ? null : constraint.strip(),
                tags == null ? TagSet.EMPTY : TagSet.of(TagSet.Kind.BUCKET, Tagging.tagsOf(tags)));
    }
}
