package io.coffer.common.metadata;

import io.coffer.common.cluster.Disk;
import io.coffer.common.cluster.MetadataGroup;
import io.coffer.common.cluster.Node;
import io.coffer.common.cluster.Volume;
import io.coffer.common.id.AccountId;
import io.coffer.common.id.BucketId;
import io.coffer.common.id.ClusterId;
import io.coffer.common.id.DiskId;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.NodeId;
import io.coffer.common.id.VolumeId;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
     * @param settings those it begins with; it has no documents yet
     */
    record CreateBucket(
            String name, String foldedName, AccountId owner, String region, String policy, BucketSettings settings)
            implements SystemCommand<Reply.BucketReply> {
        /** A bucket of which nothing is set but versioning. */
        public CreateBucket(
                String name, String foldedName, AccountId owner, String region, String policy, Versioning versioning) {
            this(name, foldedName, owner, region, policy, BucketSettings.of(versioning));
        }
    }

    /** Makes a CREATING bucket visible once its partitions are open. Idempotent. */
    record ActivateBucket(BucketId bucket) implements SystemCommand<Reply.Done> {}

    /** Marks the intent to delete, before its partitions are closed. Idempotent. */
    record BeginBucketDeletion(BucketId bucket) implements SystemCommand<Reply.Done> {}

    /** Takes the intent back, when a partition was not empty; its closed partitions have been reopened. A purge goes on. */
    record CancelBucketDeletion(BucketId bucket) implements SystemCommand<Reply.Done> {}

    /** Marks the intent to delete a bucket with everything in it that isn't locked. Idempotent. */
    record BeginPurge(BucketId bucket) implements SystemCommand<Reply.Done> {}

    /**
     * Says how far a purge is. Unknown ones change nothing.
     *
     * @param ended that only locked versions are left: its partitions are open again, and so is the bucket then
     */
    record NotePurge(BucketId bucket, long versions, long bytes, long kept, boolean ended)
            implements SystemCommand<Reply.Done> {}

    /** Frees the name, after every partition was closed. Idempotent. */
    record FinishBucketDeletion(BucketId bucket) implements SystemCommand<Reply.Done> {}

    /**
     * Changes one setting of a bucket. INVALID_BUCKET_STATE when others forbid it: versioning can't be suspended where versions can be
     * locked, and they can be locked only where versioning is enabled. What partitions must know too is in force when they have it
     * and {@link NoteSettingsApplied} says so.
     */
    record SetBucketSetting(BucketId bucket, BucketSetting setting) implements SystemCommand<Reply.BucketReply> {}

    /**
     * Stores a document of a bucket in the place of the one before.
     *
     * @param content null to have none
     */
    record SetBucketDocument(
            BucketId bucket, DocumentKind kind, @Nullable ByteBuffer content)
            implements SystemCommand<Reply.BucketReply> {}

    /** Says that every partition has the settings of a revision, or later ones. Idempotent. */
    record NoteSettingsApplied(BucketId bucket, long revision) implements SystemCommand<Reply.BucketReply> {}

    /**
     * Adds a node, or takes over its new addresses at its start: it is UP then, and as draining as before. INVALID_ARGUMENT when
     * another node has the name, or when the node had another role.
     */
    record RegisterNode(Node node) implements SystemCommand<Reply.Done> {}

    /** What the leader's heartbeats say of a node. NO_SUCH_NODE. */
    record SetNodeState(NodeId node, Node.State state) implements SystemCommand<Reply.Done> {}

    /** NO_SUCH_NODE. */
    record SetNodeDraining(NodeId node, boolean draining) implements SystemCommand<Reply.Done> {}

    /**
     * Takes a node and its disks off the map, for good: from then on whatever it asks is refused with NODE_REMOVED. NODE_IN_USE while a
     * volume or a metadata group has a member there.
     */
    record RemoveNode(NodeId node) implements SystemCommand<Reply.Done> {}

    /**
     * Adds a disk, or updates its path when its node starts. Every volume member on it is behind from then on: since shortly before
     * the last report, or from the start if {@code sequence} is lower than one that was reported, which makes it an old image.
     *
     * @param sequence of its last durable commit
     */
    record RegisterDisk(Disk disk, long sequence) implements SystemCommand<Reply.Done> {}

    /** @param sequence of its last durable commit */
    record ReportDisk(DiskId disk, Disk.State state, long totalBytes, long freeBytes, long sequence)
            implements SystemCommand<Reply.Done> {}

    /** Takes a disk that was lost for good off the map; NODE_IN_USE while a volume has a member there. */
    record RemoveDisk(DiskId disk) implements SystemCommand<Reply.Done> {}

    /** Adds a volume (its id and epoch are given by the group: pass 1 and 1), or is refused. */
    record CreateVolume(Volume volume) implements SystemCommand<Reply.VolumeReply> {}

    /**
     * Replaces members or state if the volume still has {@code expectedEpoch}; STALE_EPOCH otherwise. A new member starts empty, with the
     * one it replaces as its previous place.
     */
    record UpdateVolume(Volume volume, long expectedEpoch) implements SystemCommand<Reply.VolumeReply> {}

    /**
     * Notes that members miss chunks, before a write that they missed is acknowledged. A write under another epoch than the volume's
     * is not noted and must not be acknowledged: who took part in it may not be a member any more.
     */
    record MarkBehind(List<MissedWrite> missed) implements SystemCommand<Reply.BehindReply> {}

    /**
     * Says that a member has compared itself with the others: it is current from now on. STALE_EPOCH when the volume has changed or
     * a write was missed meanwhile, which asks for another comparison.
     *
     * @param marks what {@link SystemQuery.GetMemberMarks} answered before the comparison began
     * @param sequence of the disk's last durable commit, after what was copied: an image from before that lacks it, however old the
     *     extents are
     */
    record MemberCaughtUp(VolumeId volume, int index, long epoch, long marks, long sequence)
            implements SystemCommand<Reply.Done> {}

    /**
     * Adds or replaces a metadata group's intended members. New ones are behind until {@link SetGroupBehind} says otherwise.
     *
     * @param expected the members before, without which it is refused; empty for whatever they are
     */
    record SetGroup(MetadataGroup group, List<NodeId> expected) implements SystemCommand<Reply.Done> {
        public SetGroup {
            expected = List.copyOf(expected);
        }

        public SetGroup(MetadataGroup group) {
            this(group, List.of());
        }
    }

    /** Says which members of a metadata group are behind; nodes that aren't members count for nothing. */
    record SetGroupBehind(GroupId group, List<NodeId> behind) implements SystemCommand<Reply.Done> {
        public SetGroupBehind {
            behind = List.copyOf(behind);
        }
    }

    /**
     * Makes a one-time token with which a node may join.
     *
     * @param secretHash SHA-256 of its secret
     * @param expiresMillis since 1970
     */
    record CreateToken(String id, Node.Role role, ByteBuffer secretHash, long expiresMillis)
            implements SystemCommand<Reply.Done> {}

    /**
     * Uses a token up for a node; the same node may use it again with the same key until it expires, so that a lost answer can be
     * asked for again. INVALID_TOKEN.
     *
     * @param keyHash SHA-256 of the node's public key
     */
    record RedeemToken(String id, ByteBuffer secretHash, Node.Role role, NodeId node, ByteBuffer keyHash)
            implements SystemCommand<Reply.Done> {}

    /** Idempotent. */
    record DeleteToken(String id) implements SystemCommand<Reply.Done> {}

    /**
     * Stores a named value of the cluster, such as its certificate authority.
     *
     * @param expectedRevision of the value it replaces, 0 if there must be none; STALE_EPOCH otherwise
     */
    record SetDocument(String name, long expectedRevision, ByteBuffer value)
            implements SystemCommand<Reply.DocumentReply> {}

    /** A chunk that a member missed: of an extent born at the time and written under the volume's epoch. */
    record MissedWrite(VolumeId volume, long epoch, int index, long bornMillis) {}
}
