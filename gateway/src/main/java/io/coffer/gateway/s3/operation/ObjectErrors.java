package io.coffer.gateway.s3.operation;

import io.coffer.common.metadata.ObjectVersion;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.VersionSelector;
import io.coffer.common.metadata.WriteCondition;
import io.coffer.gateway.client.Refusals;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.header.HttpDate;
import io.coffer.gateway.s3.header.VersionIds;
import io.coffer.gateway.s3.header.WriteConditions;

/** What errors about an object say besides their code. */
public final class ObjectErrors {
    private static final long MILLIS_PER_SECOND = 1000;

    private ObjectErrors() {}

    /** Of a read. */
    public static S3Exception refused(RefusedException refused, String key, VersionSelector version) {
        S3Exception error = Refusals.toS3(refused);
        return switch (refused.refusal()) {
            case NO_SUCH_KEY -> error.with("Key", key);
            case NO_SUCH_VERSION ->
                error.with("Key", key)
                        .with(
                                "VersionId",
                                version instanceof VersionSelector.Exact(var id) ? id.toString() : VersionIds.NULL);
            case INVALID_BUCKET_STATE -> noLocks();
            default -> error;
        };
    }

    /** A lock is asked for, or asked about, where there can be none. */
    public static S3Exception noLocks() {
        return new S3Exception(S3Error.INVALID_REQUEST, "Bucket is missing Object Lock Configuration");
    }

    /** Of a write. */
    public static S3Exception refused(RefusedException refused, String key, WriteCondition condition) {
        return switch (refused.refusal()) {
            case PRECONDITION_FAILED -> WriteConditions.failed(condition);
            default -> refused(refused, key, VersionSelector.LATEST);
        };
    }

    /** Of a multipart upload. */
    public static S3Exception refused(RefusedException refused, String key, String uploadId) {
        return switch (refused.refusal()) {
            case NO_SUCH_UPLOAD -> noSuchUpload(uploadId);
            default -> refused(refused, key, VersionSelector.LATEST);
        };
    }

    public static S3Exception noSuchUpload(String uploadId) {
        return new S3Exception(S3Error.NO_SUCH_UPLOAD).with("UploadId", uploadId);
    }

    /** What a read of a delete marker gets: it isn't there, or, if it was named, it can't be read. */
    public static S3Exception deleteMarker(ObjectVersion marker, VersionSelector asked, String method) {
        String id = VersionIds.text(marker.version(), marker.nullVersion());
        if (asked instanceof VersionSelector.Latest) {
            return new S3Exception(S3Error.NO_SUCH_KEY)
                    .with("Key", marker.key())
                    .withHeader("x-amz-delete-marker", "true")
                    .withHeader("x-amz-version-id", id);
        }
        return new S3Exception(S3Error.METHOD_NOT_ALLOWED)
                .with("Method", method)
                .with("ResourceType", "DeleteMarker")
                .withHeader("Allow", "DELETE")
                .withHeader("x-amz-delete-marker", "true")
                .withHeader("x-amz-version-id", id)
                .withHeader("Last-Modified", HttpDate.format(marker.modifiedMillis() / MILLIS_PER_SECOND));
    }
}
