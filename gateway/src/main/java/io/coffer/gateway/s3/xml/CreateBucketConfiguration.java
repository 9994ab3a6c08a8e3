package io.coffer.gateway.s3.xml;

import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import java.nio.ByteBuffer;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The body of CreateBucket.
 *
 * @param locationConstraint null when there is none
 */
public record CreateBucketConfiguration(@Nullable String locationConstraint) {
    private static final Set<String> ELEMENTS = Set.of("LocationConstraint", "Location", "Bucket", "Tags");

    /** An empty body asks for nothing. Tags, and the elements of directory buckets, are not offered. */
    public static CreateBucketConfiguration parse(ByteBuffer document) throws S3Exception {
        if (!document.hasRemaining()) {
            return new CreateBucketConfiguration(null);
        }
        XmlElement root =
                XmlElement.parse(document, "CreateBucketConfiguration").only(ELEMENTS);
        if (root.has("Location") || root.has("Bucket") || root.has("Tags")) {
            throw new S3Exception(
                    S3Error.NOT_IMPLEMENTED, "An element you provided implies functionality that is not implemented");
        }
        String constraint = root.textOf("LocationConstraint");
        return new CreateBucketConfiguration(constraint == null ? null : constraint.strip());
    }
}
