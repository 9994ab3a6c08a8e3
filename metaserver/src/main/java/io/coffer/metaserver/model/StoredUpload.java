package io.coffer.metaserver.model;

import io.coffer.common.checksum.ChecksumAlgorithm;
import io.coffer.common.id.AccountId;
import io.coffer.common.id.UploadId;
import io.coffer.common.metadata.ObjectAttributes;
import io.coffer.common.metadata.StoredChecksum;
import io.coffer.common.metadata.Upload;
import org.jspecify.annotations.Nullable;

/**
 * A multipart upload in progress.
 *
 * @param sequence when it was created, on the group's clock
 * @param owner whose the object will be
 * @param initiator who began it
 * @param parts how many it has
 * @param bytes of them
 */
public record StoredUpload(
        long sequence,
        AccountId owner,
        AccountId initiator,
        ObjectAttributes attributes,
        @Nullable ChecksumAlgorithm checksumAlgorithm,
        StoredChecksum.@Nullable Type checksumType,
        int parts,
        long bytes) {
    public StoredUpload withParts(int newParts, long newBytes) {
        return new StoredUpload(
                sequence, owner, initiator, attributes, checksumAlgorithm, checksumType, newParts, newBytes);
    }

    /** As reads see it. Its initiation is its id's birth, by which uploads of a key are listed. */
    public Upload toUpload(String key, UploadId id) {
        return new Upload(key, id, owner, initiator, id.birthMillis(), attributes, checksumAlgorithm, checksumType);
    }
}
