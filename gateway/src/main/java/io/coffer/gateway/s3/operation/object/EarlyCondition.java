package io.coffer.gateway.s3.operation.object;

import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.BucketQuery;
import io.coffer.common.metadata.ObjectVersion;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.VersionSelector;
import io.coffer.common.metadata.WriteCondition;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.header.WriteConditions;
import io.coffer.gateway.s3.operation.ObjectErrors;

/**
 * Looks at a write's condition before the body is read, so that a client doesn't send gigabytes in vain. Only an opinion: the
 * condition is decided when the write is committed.
 */
final class EarlyCondition {
    private final MetadataService metadata;

    EarlyCondition(MetadataService metadata) {
        this.metadata = metadata;
    }

    void check(Bucket bucket, String key, WriteCondition condition) throws S3Exception {
        if (condition.equals(WriteCondition.NONE)) {
            return;
        }
        try {
            ObjectVersion current = metadata.ask(
                            bucket,
                            key,
                            partition -> new BucketQuery.GetObject(
                                    partition, key, VersionSelector.LATEST, BucketQuery.Window.NONE))
                    .version();
            if (current.deleteMarker()) {
                requireNoMatch(key, condition);
            } else if (!condition.ifNoneMatch().isEmpty()
                    || !condition.ifMatch().contains(current.etag())) {
                throw WriteConditions.failed(condition);
            }
        } catch (RefusedException e) {
            if (e.refusal() != Refusal.NO_SUCH_KEY) {
                throw ObjectErrors.refused(e, key, condition);
            }
            requireNoMatch(key, condition);
        }
    }

    private static void requireNoMatch(String key, WriteCondition condition) throws S3Exception {
        if (!condition.ifMatch().isEmpty()) {
            throw ObjectErrors.refused(new RefusedException(Refusal.NO_SUCH_KEY), key, condition);
        }
    }
}
