package io.coffer.gateway.s3.operation.object;

import io.coffer.common.metadata.Bucket;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;

/**
 * What makes one object of others without copying their bytes is one command, which one bucket group decides. A bucket's keys live in one group
 * unless it was split; then what lies apart is copied with CopyObject or UploadPartCopy.
 */
final class SameGroup {
    private SameGroup() {}

    /** NotImplemented where the keys live in different groups. */
    static void require(Bucket bucket, String key, String other) throws S3Exception {
        if (!MetadataService.partitionOf(bucket, key).equals(MetadataService.partitionOf(bucket, other))) {
            throw new S3Exception(
                            S3Error.NOT_IMPLEMENTED,
                            "Both keys must be in one partition of the bucket; CopyObject copies between partitions")
                    .with("Key", other);
        }
    }
}
