package io.coffer.gateway.object;

import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.BucketCommand;
import io.coffer.common.metadata.BucketSetting;
import io.coffer.common.metadata.DocumentKind;
import io.coffer.common.metadata.Partition;
import io.coffer.common.metadata.PartitionSettings;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.SystemCommand;
import io.coffer.gateway.client.BucketCache;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.client.Refusals;
import io.coffer.gateway.s3.error.S3Exception;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Changes what is set of buckets. The system group has it first; what decides about keeping data is then told to every partition, and
 * only when all have it is the change in force, whatever other gateways believe. A change that is interrupted in between is finished
 * in the background, or by whoever looks at it first. Thread-safe.
 */
public final class BucketChanges {
    private final MetadataService metadata;
    private final BucketCache buckets;

    public BucketChanges(MetadataService metadata, BucketCache buckets) {
        this.metadata = metadata;
        this.buckets = buckets;
    }

    /** Changes a setting; when this returns, it is in force. InvalidBucketState. */
    public void set(Bucket bucket, BucketSetting setting) throws S3Exception {
        try {
            Bucket changed = metadata.tell(new SystemCommand.SetBucketSetting(bucket.id(), setting))
                    .bucket();
            buckets.learn(changed);
            settle(changed);
        } catch (RefusedException e) {
            throw Refusals.toS3(e);
        }
    }

    /**
     * Makes what a bucket says of itself true in all partitions: whoever is told of a setting may rely on it.
     *
     * @param bucket as it was found
     */
    public void settle(Bucket bucket) throws S3Exception {
        if (!bucket.settings().isPending()) {
            return;
        }
        PartitionSettings told = bucket.settings().partition();
        try {
            for (Partition partition : bucket.partitions()) {
                metadata.tell(partition.group(), new BucketCommand.ApplySettings(bucket.id(), partition.id(), told));
            }
            buckets.learn(metadata.tell(new SystemCommand.NoteSettingsApplied(bucket.id(), told.revision()))
                    .bucket());
        } catch (RefusedException e) {
            throw Refusals.toS3(e);
        }
    }

    /** Stores a document in the place of the one before. */
    public void put(Bucket bucket, DocumentKind kind, ByteBuffer content) throws S3Exception {
        setDocument(bucket, kind, content);
    }

    /** Removes a document; it needn't be there. */
    public void remove(Bucket bucket, DocumentKind kind) throws S3Exception {
        setDocument(bucket, kind, null);
    }

    private void setDocument(Bucket bucket, DocumentKind kind, @Nullable ByteBuffer content) throws S3Exception {
        try {
            buckets.learn(metadata.tell(new SystemCommand.SetBucketDocument(bucket.id(), kind, content))
                    .bucket());
        } catch (RefusedException e) {
            throw Refusals.toS3(e);
        }
    }
}
