package io.coffer.gateway.object;

import io.coffer.common.id.AccountId;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.BucketCommand;
import io.coffer.common.metadata.BucketSettings;
import io.coffer.common.metadata.Partition;
import io.coffer.common.metadata.PartitionSettings;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.SystemCommand;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.client.Refusals;
import io.coffer.gateway.s3.error.S3Exception;
import java.util.ArrayList;
import java.util.List;

/**
 * Creates and deletes buckets across the groups that know of them. Each step is idempotent and recorded in the system group
 * before the next, so that an interrupted creation or deletion is finished or undone in the background.
 */
public final class BucketLifecycle {
    private final MetadataService metadata;

    public BucketLifecycle(MetadataService metadata) {
        this.metadata = metadata;
    }

    /**
     * Takes the name, opens the partitions, makes the bucket visible. BucketAlreadyExists, BucketAlreadyOwnedByYou.
     *
     * @param settings those it begins with
     */
    public Bucket create(String name, AccountId owner, String region, BucketSettings settings) throws S3Exception {
        try {
            Bucket bucket = metadata.tell(new SystemCommand.CreateBucket(
                            name, MetadataService.fold(name), owner, region, "", settings))
                    .bucket();
            PartitionSettings told = bucket.settings().partition();
            for (Partition partition : bucket.partitions()) {
                metadata.tell(partition.group(), new BucketCommand.OpenPartition(bucket.id(), partition, told));
            }
            if (bucket.settings().isPending()) {
                metadata.tell(new SystemCommand.NoteSettingsApplied(bucket.id(), told.revision()));
            }
            metadata.tell(new SystemCommand.ActivateBucket(bucket.id()));
            return bucket;
        } catch (RefusedException e) {
            throw Refusals.toS3(e);
        }
    }

    /** Deletes an empty bucket; uploads in progress are aborted. BucketNotEmpty leaves everything as it was. */
    public void delete(Bucket bucket) throws S3Exception {
        List<Partition> closed = new ArrayList<>();
        try {
            metadata.tell(new SystemCommand.BeginBucketDeletion(bucket.id()));
            try {
                for (Partition partition : bucket.partitions()) {
                    metadata.tell(partition.group(), new BucketCommand.ClosePartition(bucket.id(), partition.id()));
                    closed.add(partition);
                }
            } catch (RefusedException e) {
                for (Partition partition : closed) {
                    metadata.tell(partition.group(), new BucketCommand.ReopenPartition(bucket.id(), partition.id()));
                }
                metadata.tell(new SystemCommand.CancelBucketDeletion(bucket.id()));
                throw e;
            }
            metadata.tell(new SystemCommand.FinishBucketDeletion(bucket.id()));
        } catch (RefusedException e) {
            throw Refusals.toS3(e);
        }
    }

    /** Has all that is in a bucket deleted, and the bucket, but for what is locked. From now on nobody sees what is in it. */
    public void purge(Bucket bucket) throws S3Exception {
        try {
            metadata.tell(new SystemCommand.BeginPurge(bucket.id()));
        } catch (RefusedException e) {
            throw Refusals.toS3(e);
        }
    }
}
