package io.coffer.metaserver.store;

import io.coffer.common.cluster.Disk;
import io.coffer.common.cluster.MetadataGroup;
import io.coffer.common.cluster.Node;
import io.coffer.common.cluster.RemovedNode;
import io.coffer.common.cluster.Volume;
import io.coffer.common.id.AccountId;
import io.coffer.common.id.ClusterId;
import io.coffer.common.metadata.AccessKey;
import io.coffer.common.metadata.ExtentSlice;
import io.coffer.common.metadata.JoinToken;
import io.coffer.common.metadata.Reply;
import io.coffer.metaserver.command.Outcome;
import io.coffer.metaserver.model.Allocators;
import io.coffer.metaserver.model.DiskReport;
import io.coffer.metaserver.model.Retired;
import io.coffer.metaserver.model.StoredAccount;
import io.coffer.metaserver.model.StoredAssembly;
import io.coffer.metaserver.model.StoredBucket;
import io.coffer.metaserver.model.StoredExtent;
import io.coffer.metaserver.model.StoredFence;
import io.coffer.metaserver.model.StoredPart;
import io.coffer.metaserver.model.StoredPartition;
import io.coffer.metaserver.model.StoredPiece;
import io.coffer.metaserver.model.StoredPurge;
import io.coffer.metaserver.model.StoredToken;
import io.coffer.metaserver.model.StoredUpload;
import io.coffer.metaserver.model.StoredVersion;
import io.coffer.metaserver.model.Usage;
import java.nio.ByteBuffer;

/** All tables of both kinds of groups, as {@code docs/formats/metadata-rows.md} describes them. */
public final class Tables {
    // Every group

    /** Rows {@link #CLOCK}, {@link #EXPIRED}, and the heads of the reclaim queue: numbers. */
    public static final Table<Long> NUMBERS = new Table<>(Family.META, ScalarRows.NUMBER);

    public static final Table<Outcome> REQUESTS = new Table<>(Family.REQUESTS, ScalarRows.OUTCOME);

    /** The last tick of the group's clock. */
    public static final byte[] CLOCK = Keys.utf8("clock");

    /** Requests born before this many milliseconds since 1970 have been forgotten. */
    public static final byte[] EXPIRED = Keys.utf8("expired");

    // System group

    public static final Table<Allocators> ALLOCATORS = new Table<>(Family.META, SystemRows.ALLOCATORS);
    public static final byte[] ALLOCATORS_ROW = Keys.utf8("allocators");

    public static final Table<ClusterId> CLUSTER_ID = new Table<>(Family.META, SystemRows.CLUSTER_ID);
    public static final byte[] CLUSTER_ID_ROW = Keys.utf8("cluster");

    public static final Table<StoredAccount> ACCOUNTS = new Table<>(Family.ACCOUNTS, SystemRows.ACCOUNT);

    /** By name and by canonical id. */
    public static final Table<AccountId> ACCOUNT_INDEX = new Table<>(Family.ACCOUNTS, SystemRows.ACCOUNT_ID);

    public static final Table<AccessKey> ACCESS_KEYS = new Table<>(Family.ACCESS_KEYS, SystemRows.ACCESS_KEY);

    /** By account: the access key. */
    public static final Table<String> ACCESS_KEY_INDEX = new Table<>(Family.ACCESS_KEYS, ScalarRows.TEXT);

    public static final Table<StoredBucket> BUCKETS = new Table<>(Family.BUCKETS, SystemRows.BUCKET);

    /** By id, and by owner: the folded name. */
    public static final Table<String> BUCKET_INDEX = new Table<>(Family.BUCKETS, ScalarRows.TEXT);

    /** By bucket and kind. */
    public static final Table<Reply.BucketDocumentReply> BUCKET_DOCUMENTS =
            new Table<>(Family.BUCKETS, SystemRows.BUCKET_DOCUMENT);

    public static final Table<StoredPurge> PURGES = new Table<>(Family.BUCKETS, SystemRows.PURGE);

    public static final Table<Node> NODES = new Table<>(Family.CLUSTER, SystemRows.NODE);
    public static final Table<Disk> DISKS = new Table<>(Family.CLUSTER, SystemRows.DISK);
    public static final Table<Volume> VOLUMES = new Table<>(Family.CLUSTER, SystemRows.VOLUME);

    public static final Table<MetadataGroup> GROUPS = new Table<>(Family.CLUSTER, SystemRows.GROUP);
    public static final Table<RemovedNode> REMOVED_NODES = new Table<>(Family.CLUSTER, SystemRows.REMOVED_NODE);

    /** How often writes have passed a member of a volume by. */
    public static final Table<Long> MEMBER_MARKS = new Table<>(Family.CLUSTER, ScalarRows.NUMBER);

    public static final Table<DiskReport> DISK_REPORTS = new Table<>(Family.CLUSTER, SystemRows.DISK_REPORT);
    public static final Table<JoinToken> TOKENS = new Table<>(Family.CLUSTER, SystemRows.TOKEN);
    public static final Table<Reply.DocumentReply> DOCUMENTS = new Table<>(Family.CLUSTER, SystemRows.DOCUMENT);

    // Bucket groups

    public static final Table<StoredPartition> PARTITIONS = new Table<>(Family.PARTITIONS, BucketRows.PARTITION);
    public static final Table<Usage> COUNTERS = new Table<>(Family.COUNTERS, BucketRows.COUNTERS);
    public static final Table<StoredVersion> OBJECTS = new Table<>(Family.OBJECTS, VersionRows.FULL);
    public static final Table<StoredVersion> VERSIONS = new Table<>(Family.VERSIONS, VersionRows.FULL);

    /** {@link #OBJECTS} and {@link #VERSIONS} as listings read them. */
    public static final Projection<StoredVersion> OBJECT_SUMMARIES =
            new Projection<>(Family.OBJECTS, VersionRows.SUMMARY);

    public static final Projection<StoredVersion> VERSION_SUMMARIES =
            new Projection<>(Family.VERSIONS, VersionRows.SUMMARY);

    /** {@link #OBJECTS} and {@link #VERSIONS} without content. */
    public static final Projection<StoredVersion> OBJECT_HEADS = new Projection<>(Family.OBJECTS, VersionRows.HEAD);

    public static final Projection<StoredVersion> VERSION_HEADS = new Projection<>(Family.VERSIONS, VersionRows.HEAD);

    /** The sequence of a key's null version, where that is not its current object. */
    public static final Table<Long> NULL_VERSIONS = new Table<>(Family.NULL_VERSIONS, BucketRows.NULL_VERSION);

    /** The sequence of a key's newest version, where that is a delete marker. */
    public static final Table<Long> MARKERS = new Table<>(Family.MARKERS, BucketRows.MARKER);

    public static final Table<ByteBuffer> INLINE = new Table<>(Family.INLINE, ScalarRows.BYTES);
    public static final Table<StoredUpload> UPLOADS = new Table<>(Family.UPLOADS, BucketRows.UPLOAD);
    public static final Table<StoredPart> PARTS = new Table<>(Family.PARTS, BucketRows.PART);
    public static final Table<StoredAssembly> ASSEMBLIES = new Table<>(Family.ASSEMBLIES, BucketRows.ASSEMBLY);
    /** By chain, and by the end of the piece in it. */
    public static final Table<StoredPiece> PIECES = new Table<>(Family.PIECES, BucketRows.PIECE);

    public static final Table<StoredToken> CLIENT_TOKENS = new Table<>(Family.CLIENT_TOKENS, BucketRows.CLIENT_TOKEN);
    public static final Table<StoredExtent> EXTENTS = new Table<>(Family.EXTENTS, BucketRows.EXTENT);
    public static final Table<Retired> RETIRED = new Table<>(Family.RETIRED, BucketRows.RETIRED);

    /** The part of the queue that lists extents. */
    public static final Table<ExtentSlice> DUE_EXTENTS = new Table<>(Family.RECLAIM, BucketRows.DUE_EXTENT);

    /** The part of the queue that lists what is to be released; the key says it all. */
    public static final Table<Boolean> DUE_RELEASES = new Table<>(Family.RECLAIM, ScalarRows.PRESENT);

    /** By key of the key store. */
    public static final Table<StoredFence> SEAL_FENCES = new Table<>(Family.META, BucketRows.SEAL_FENCE);

    /** The lock clock, microseconds since 1970. */
    public static final byte[] LOCK_CLOCK = Keys.utf8("lock_clock");

    /** No release is due before this many milliseconds since 1970; see {@link ReclaimQueue}. */
    public static final byte[] RELEASES_HEAD = Keys.utf8("releases_head");

    /** The same for extents. */
    public static final byte[] EXTENTS_HEAD = Keys.utf8("extents_head");

    private Tables() {}
}
