package io.coffer.common.metadata;

import io.coffer.common.checksum.ChecksumAlgorithm;
import io.coffer.common.id.AccountId;
import io.coffer.common.id.UploadId;
import org.jspecify.annotations.Nullable;

/**
 * A multipart upload in progress.
 *
 * @param owner whose the object will be
 * @param initiator who began it
 * @param checksumAlgorithm null when the client named none
 * @param checksumType null when the client named no algorithm
 */
public record Upload(
        String key,
        UploadId id,
        AccountId owner,
        AccountId initiator,
        long initiatedMillis,
        ObjectAttributes attributes,
        @Nullable ChecksumAlgorithm checksumAlgorithm,
        StoredChecksum.@Nullable Type checksumType) {}
