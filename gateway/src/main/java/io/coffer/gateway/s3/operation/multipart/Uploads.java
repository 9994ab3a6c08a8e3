package io.coffer.gateway.s3.operation.multipart;

import io.coffer.common.checksum.ChecksumAlgorithm;
import io.coffer.common.id.UploadId;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.BucketQuery;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.StoredChecksum;
import io.coffer.common.metadata.Upload;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.operation.ChecksumRequest;
import io.coffer.gateway.s3.operation.ObjectErrors;
import org.jspecify.annotations.Nullable;

/** Uploads in progress, and which checksum their parts must have. Thread-safe. */
final class Uploads {
    private final MetadataService metadata;

    Uploads(MetadataService metadata) {
        this.metadata = metadata;
    }

    /** NoSuchUpload. */
    Upload find(Bucket bucket, String key, UploadId id) throws S3Exception {
        try {
            return metadata.ask(bucket, key, partition -> new BucketQuery.GetUpload(partition, key, id))
                    .upload();
        } catch (RefusedException e) {
            throw ObjectErrors.refused(e, key, id.toString());
        }
    }

    /**
     * The algorithm of a part's checksum: the upload's where it has one, else the client's, else the default.
     *
     * @param given what the client names for the part; null for nothing, which only uploads with a checksum of the full object
     *     make up for
     */
    static ChecksumAlgorithm partAlgorithm(Upload upload, @Nullable ChecksumAlgorithm given) throws S3Exception {
        ChecksumAlgorithm wanted = upload.checksumAlgorithm();
        if (wanted == null) {
            return given == null ? ChecksumAlgorithm.DEFAULT : given;
        }
        boolean fits = given == wanted || given == null && upload.checksumType() == StoredChecksum.Type.FULL_OBJECT;
        if (!fits) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST,
                    "Checksum Type mismatch occurred, expected checksum Type: " + ChecksumRequest.lower(wanted)
                            + ", actual checksum Type: " + ChecksumRequest.lower(given));
        }
        return wanted;
    }
}
