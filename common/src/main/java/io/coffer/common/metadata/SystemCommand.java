package io.coffer.common.metadata;

import io.coffer.common.cluster.Disk;
import io.coffer.common.cluster.Node;
import io.coffer.common.cluster.Volume;
import io.coffer.common.id.AccountId;
import io.coffer.common.id.BucketId;
import io.coffer.common.id.ClusterId;
import io.coffer.common.id.DiskId;
import java.nio.ByteBuffer;

/** Changes to the system group. */
public sealed interface SystemCommand<R extends Reply> extends Command<R> {
    /** Names the cluster; refused with INVALID_ARGUMENT when it has another name already. Idempotent. */
    record InitializeCluster(ClusterId cluster) implements SystemCommand<Reply.Done> {}

    /** ACCOUNT_EXISTS when the id, name or canonical id is taken. */
    record CreateAccount(AccountId id, String canonicalId, String name, String email, boolean root)
            implements SystemCommand<Reply.AccountReply> {}

    record SetAccountEnabled(AccountId id, boolean enabled) implements SystemCommand<Reply.Done> {}

    /** Deletes the account and its keys; ACCOUNT_NOT_EMPTY while it owns a bucket. */
    record DeleteAccount(AccountId id) implements SystemCommand<Reply.Done> {}

    record CreateAccessKey(String accessKey, AccountId account, ByteBuffer sealedSecret, String description)
            implements SystemCommand<Reply.Done> {}

    record SetAccessKeyEnabled(String accessKey, boolean enabled) implements SystemCommand<Reply.Done> {}

    record DeleteAccessKey(String accessKey) implements SystemCommand<Reply.Done> {}

    /**
     * Takes the name and plans the first partition; the bucket is CREATING until {@link ActivateBucket}. A CREATING bucket of
     * the same owner is answered again, so that an interrupted creation can be finished. BUCKET_OWNED_BY_YOU, BUCKET_EXISTS.
     *
     * @param foldedName the form in which names must be unique
     */
    record CreateBucket(
            String name, String foldedName, AccountId owner, String region, String policy, Versioning versioning)
            implements SystemCommand<Reply.BucketReply> {}

    /** Makes a CREATING bucket visible once its partitions are open. Idempotent. */
    record ActivateBucket(BucketId bucket) implements SystemCommand<Reply.Done> {}

    /** Marks the intent to delete, before its partitions are closed. Idempotent. */
    record BeginBucketDeletion(BucketId bucket) implements SystemCommand<Reply.Done> {}

    /** Takes the intent back, when a partition was not empty; its closed partitions have been reopened. */
    record CancelBucketDeletion(BucketId bucket) implements SystemCommand<Reply.Done> {}

    /** Frees the name, after every partition was closed. Idempotent. */
    record FinishBucketDeletion(BucketId bucket) implements SystemCommand<Reply.Done> {}

    record RegisterNode(Node node) implements SystemCommand<Reply.Done> {}

    /** Adds a disk, or updates its path. */
    record RegisterDisk(Disk disk) implements SystemCommand<Reply.Done> {}

    record ReportDisk(DiskId disk, Disk.State state, long totalBytes, long freeBytes)
            implements SystemCommand<Reply.Done> {}

    /** Adds a volume (its id and epoch are given by the group: pass 1 and 1), or is refused. */
    record CreateVolume(Volume volume) implements SystemCommand<Reply.VolumeReply> {}

    /** Replaces members or state if the volume still has {@code expectedEpoch}; STALE_EPOCH otherwise. */
    record UpdateVolume(Volume volume, long expectedEpoch) implements SystemCommand<Reply.VolumeReply> {}
}
