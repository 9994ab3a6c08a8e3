package io.coffer.gateway.s3.operation;

import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.ObjectAttributes;
import io.coffer.common.metadata.VersionLock;
import io.coffer.gateway.payload.ExpectedDigests;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;

/**
 * Bodies that nobody may delete for a while must come with a digest, so that nothing wrong is kept.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html">Uploads with a retention period</a>
 */
public final class LockedBodies {
    private LockedBodies() {}

    /**
     * InvalidRequest where the object will be locked, because the client wants it or the bucket, and the client says nothing of its bytes.
     *
     * @param requests what Amazon calls them
     * @param attributes of the object
     */
    public static void require(ExpectedDigests expected, String requests, ObjectAttributes attributes, Bucket bucket)
            throws S3Exception {
        boolean locked = !attributes.lock().equals(VersionLock.NONE)
                || bucket.settings().partition().lock().defaultRetention() != null;
        if (locked && !expected.any()) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST,
                    "Content-MD5 OR x-amz-checksum- HTTP header is required for " + requests
                            + " requests with Object Lock parameters");
        }
    }
}
