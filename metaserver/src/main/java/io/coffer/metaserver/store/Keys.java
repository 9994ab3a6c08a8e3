package io.coffer.metaserver.store;

import io.coffer.common.id.AccountId;
import io.coffer.common.id.BucketId;
import io.coffer.common.id.DiskId;
import io.coffer.common.id.ExtentId;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.NodeId;
import io.coffer.common.id.PartitionId;
import io.coffer.common.id.RequestId;
import io.coffer.common.id.UploadId;
import io.coffer.common.id.VolumeId;
import io.coffer.common.metadata.DocumentKind;
import io.coffer.common.metadata.wire.SettingsCodec;
import io.coffer.metaserver.model.ReleaseTask;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The keys of rows; see {@code docs/formats/metadata-rows.md}. Numbers are big-endian, object keys are UTF-8, so that the
 * order of bytes is the order of listings. Where something follows an object key, the key is escaped and terminated.
 */
public final class Keys {
    /** Bytes of an escaped key's terminator. */
    private static final int TERMINATOR_BYTES = 2;

    private static final byte TERMINATOR = 1;
    private static final byte ESCAPED_ZERO = (byte) 0xff;

    private Keys() {}

    // Object keys

    public static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The UTF-8 from {@code offset} to the end. */
    public static String text(byte[] row, int offset) {
        return new String(row, offset, row.length - offset, StandardCharsets.UTF_8);
    }

    public static byte[] bucket(BucketId bucket) {
        return number(bucket.value());
    }

    /** A row of {@link Family#OBJECTS}, {@link Family#NULL_VERSIONS} or {@link Family#MARKERS}; with a prefix of a key, where such rows begin. */
    public static byte[] object(BucketId bucket, String key) {
        return object(bucket, utf8(key));
    }

    public static byte[] object(BucketId bucket, byte[] key) {
        return ByteBuffer.allocate(Long.BYTES + key.length)
                .putLong(bucket.value())
                .put(key)
                .array();
    }

    /** The object key in a row's key that {@link #object} made. */
    public static byte[] objectKey(byte[] row) {
        return Arrays.copyOfRange(row, Long.BYTES, row.length);
    }

    /** Before every version, or upload, of a key. */
    public static byte[] escaped(BucketId bucket, byte[] key) {
        return escape(bucket, key, 0).array();
    }

    /** Before every version, or upload, of all keys that begin with {@code prefix}. */
    public static byte[] escapedPrefix(BucketId bucket, byte[] prefix) {
        byte[] terminated = escaped(bucket, prefix);
        return Arrays.copyOf(terminated, terminated.length - TERMINATOR_BYTES);
    }

    private static ByteBuffer escape(BucketId bucket, byte[] key, int more) {
        int zeros = 0;
        for (byte b : key) {
            zeros += b == 0 ? 1 : 0;
        }
        ByteBuffer row = ByteBuffer.allocate(Long.BYTES + key.length + zeros + TERMINATOR_BYTES + more);
        row.putLong(bucket.value());
        if (zeros == 0) {
            row.put(key);
        } else {
            for (byte b : key) {
                row.put(b);
                if (b == 0) {
                    row.put(ESCAPED_ZERO);
                }
            }
        }
        return row.put((byte) 0).put(TERMINATOR);
    }

    /** The object key in a row's key that {@link #version} or {@link #upload} made. */
    public static byte[] escapedKey(byte[] row) {
        byte[] key = new byte[row.length];
        int length = 0;
        for (int i = Long.BYTES; i < row.length; i++) {
            if (row[i] == 0) {
                if (row[i + 1] == TERMINATOR) {
                    return Arrays.copyOf(key, length);
                }
                i++;
                key[length++] = 0;
            } else {
                key[length++] = row[i];
            }
        }
        throw new IllegalArgumentException("an object key without an end");
    }

    /** A row of {@link Family#VERSIONS}: the newest version of a key sorts first. */
    public static byte[] version(BucketId bucket, byte[] key, long sequence) {
        return escape(bucket, key, Long.BYTES).putLong(~sequence).array();
    }

    public static long versionSequence(byte[] row) {
        return ~ByteBuffer.wrap(row).getLong(row.length - Long.BYTES);
    }

    /** A row of {@link Family#UPLOADS}. */
    public static byte[] upload(BucketId bucket, byte[] key, UploadId upload) {
        return escape(bucket, key, 2 * Long.BYTES)
                .putLong(upload.high())
                .putLong(upload.low())
                .array();
    }

    public static UploadId uploadId(byte[] row) {
        ByteBuffer id = ByteBuffer.wrap(row, row.length - 2 * Long.BYTES, 2 * Long.BYTES);
        return new UploadId(id.getLong(), id.getLong());
    }

    // Ids

    /** A row of {@link Family#INLINE} or {@link Family#RETIRED}, and of whatever else is numbered. */
    public static byte[] number(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }

    public static byte[] partition(PartitionId partition) {
        return number(partition.value());
    }

    public static byte[] request(RequestId request) {
        return words(request.high(), request.low());
    }

    /** Before every request born at {@code millis} or later. */
    public static byte[] requestsFrom(long millis) {
        return words(millis << 16, 0);
    }

    public static byte[] extent(ExtentId extent) {
        return words(extent.high(), extent.low());
    }

    public static byte[] assembly(UploadId upload) {
        return words(upload.high(), upload.low());
    }

    public static ExtentId extentId(byte[] row) {
        ByteBuffer id = ByteBuffer.wrap(row);
        return new ExtentId(id.getLong(), id.getLong());
    }

    /** The number that {@link #number} made a key of. */
    public static long numberOf(byte[] row) {
        return ByteBuffer.wrap(row).getLong();
    }

    /** A row of {@link Family#PARTS}; number 0 sorts before every part. */
    public static byte[] part(UploadId upload, int number) {
        return ByteBuffer.allocate(2 * Long.BYTES + Integer.BYTES)
                .putLong(upload.high())
                .putLong(upload.low())
                .putInt(number)
                .array();
    }

    /** The upload of a part's row. */
    public static UploadId partOf(byte[] row) {
        ByteBuffer id = ByteBuffer.wrap(row);
        return new UploadId(id.getLong(), id.getLong());
    }

    public static int partNumber(byte[] row) {
        return ByteBuffer.wrap(row).getInt(row.length - Integer.BYTES);
    }

    /** A row of {@link Family#PIECES}. */
    public static byte[] piece(long chain, long end) {
        return words(chain, end);
    }

    /** A row of {@link Family#CLIENT_TOKENS}. */
    public static byte[] clientToken(long high, long low) {
        return words(high, low);
    }

    /** Where the piece of a row ends in its chain. */
    public static long pieceEnd(byte[] row) {
        return ByteBuffer.wrap(row).getLong(Long.BYTES);
    }

    private static final byte[] SEAL_FENCE = utf8("seal_fence");

    /** A row of {@link Family#META}. */
    public static byte[] sealFence(UUID key) {
        return ByteBuffer.allocate(SEAL_FENCE.length + 2 * Long.BYTES)
                .put(SEAL_FENCE)
                .putLong(key.getMostSignificantBits())
                .putLong(key.getLeastSignificantBits())
                .array();
    }

    // The reclaim queue

    private static final byte EXTENTS = 1;
    private static final byte RELEASES = 2;
    private static final byte RETIRED_CONTENT = 1;
    private static final byte UPLOAD_PARTS = 2;
    private static final byte ASSEMBLY_PARTS = 3;
    private static final byte PARTITION_UPLOADS = 4;
    private static final byte CHAIN_END = 5;
    private static final byte CLIENT_TOKEN = 6;

    /** A row of {@link Family#RECLAIM} for an extent. */
    public static byte[] dueExtent(long dueMillis, ExtentId extent) {
        return ByteBuffer.allocate(1 + 3 * Long.BYTES)
                .put(EXTENTS)
                .putLong(dueMillis)
                .putLong(extent.high())
                .putLong(extent.low())
                .array();
    }

    /** Before every extent that is due at {@code dueMillis} or later. */
    public static byte[] extentsDueFrom(long dueMillis) {
        return ByteBuffer.allocate(1 + Long.BYTES)
                .put(EXTENTS)
                .putLong(dueMillis)
                .array();
    }

    /** A row of {@link Family#RECLAIM} for something to be released. */
    public static byte[] dueRelease(long dueMillis, ReleaseTask task) {
        ByteBuffer row = ByteBuffer.allocate(2 + 3 * Long.BYTES).put(RELEASES).putLong(dueMillis);
        switch (task) {
            case ReleaseTask.RetiredContent(long id) -> row.put(RETIRED_CONTENT).putLong(id);
            case ReleaseTask.UploadParts(UploadId upload) ->
                row.put(UPLOAD_PARTS).putLong(upload.high()).putLong(upload.low());
            case ReleaseTask.AssemblyParts(UploadId upload) ->
                row.put(ASSEMBLY_PARTS).putLong(upload.high()).putLong(upload.low());
            case ReleaseTask.PartitionUploads(PartitionId partition) ->
                row.put(PARTITION_UPLOADS).putLong(partition.value());
            case ReleaseTask.ChainEnd(long chain, long end) ->
                row.put(CHAIN_END).putLong(chain).putLong(end);
            case ReleaseTask.ClientTokenRow(long high, long low) ->
                row.put(CLIENT_TOKEN).putLong(high).putLong(low);
        }
        return Arrays.copyOf(row.array(), row.position());
    }

    /** Before everything that is to be released at {@code dueMillis} or later. */
    public static byte[] releasesDueFrom(long dueMillis) {
        return ByteBuffer.allocate(1 + Long.BYTES)
                .put(RELEASES)
                .putLong(dueMillis)
                .array();
    }

    /** When what a row of {@link Family#RECLAIM} says is due. */
    public static long dueMillis(byte[] row) {
        return ByteBuffer.wrap(row).getLong(1);
    }

    /** The task in a row's key that {@link #dueRelease} made. */
    public static ReleaseTask releaseTask(byte[] row) {
        ByteBuffer task = ByteBuffer.wrap(row).position(1 + Long.BYTES);
        byte kind = task.get();
        return switch (kind) {
            case RETIRED_CONTENT -> new ReleaseTask.RetiredContent(task.getLong());
            case UPLOAD_PARTS -> new ReleaseTask.UploadParts(new UploadId(task.getLong(), task.getLong()));
            case ASSEMBLY_PARTS -> new ReleaseTask.AssemblyParts(new UploadId(task.getLong(), task.getLong()));
            case PARTITION_UPLOADS -> new ReleaseTask.PartitionUploads(new PartitionId(task.getLong()));
            case CHAIN_END -> new ReleaseTask.ChainEnd(task.getLong(), task.getLong());
            case CLIENT_TOKEN -> new ReleaseTask.ClientTokenRow(task.getLong(), task.getLong());
            default -> throw new IllegalArgumentException("unknown kind of release: " + kind);
        };
    }

    // The system group: tables that share a family begin with a letter

    public static byte[] account(AccountId account) {
        return utf8("a" + account.value());
    }

    public static byte[] accountByName(String name) {
        return utf8("n" + name);
    }

    public static byte[] accountByCanonicalId(String canonicalId) {
        return utf8("c" + canonicalId);
    }

    public static byte[] accessKey(String accessKey) {
        return utf8("k" + accessKey);
    }

    /** An index row; with an empty access key, before all those of the account. */
    public static byte[] accessKeyOf(AccountId account, String accessKey) {
        return utf8("o" + account.value() + accessKey);
    }

    public static byte[] bucketByName(String foldedName) {
        return utf8("b" + foldedName);
    }

    public static byte[] bucketById(BucketId bucket) {
        return bucketRow('i', bucket);
    }

    /** A row of {@link Family#BUCKETS}: all of them begin with {@link #letter} p. */
    public static byte[] purge(BucketId bucket) {
        return bucketRow('p', bucket);
    }

    /** The bucket of a purge's row. */
    public static BucketId purgedBucket(byte[] row) {
        return new BucketId(ByteBuffer.wrap(row).getLong(1));
    }

    private static byte[] bucketRow(char letter, BucketId bucket) {
        return ByteBuffer.allocate(1 + Long.BYTES)
                .put((byte) letter)
                .putLong(bucket.value())
                .array();
    }

    /** An index row; with an empty name, before all those of the account. */
    public static byte[] bucketOf(AccountId owner, String foldedName) {
        return utf8("o" + owner.value() + foldedName);
    }

    public static byte[] bucketDocument(BucketId bucket, DocumentKind kind) {
        return ByteBuffer.allocate(2 + Long.BYTES)
                .put((byte) 'd')
                .putLong(bucket.value())
                .put((byte) SettingsCodec.encode(kind).getNumber())
                .array();
    }

    public static byte[] node(NodeId node) {
        return uuid('n', node.value());
    }

    public static byte[] removedNode(NodeId node) {
        return uuid('o', node.value());
    }

    public static byte[] disk(DiskId disk) {
        return uuid('d', disk.value());
    }

    public static byte[] volume(VolumeId volume) {
        return ByteBuffer.allocate(1 + Long.BYTES)
                .put((byte) 'v')
                .putLong(volume.value())
                .array();
    }

    public static byte[] group(GroupId group) {
        return ByteBuffer.allocate(1 + Integer.BYTES)
                .put((byte) 'g')
                .putInt(group.value())
                .array();
    }

    /** The node of a row's key that {@link #node} or {@link #removedNode} made. */
    public static NodeId nodeOf(byte[] row) {
        return new NodeId(uuidOf(row));
    }

    /** The disk of a row's key that {@link #disk} made. */
    public static DiskId diskOf(byte[] row) {
        return new DiskId(uuidOf(row));
    }

    /** The volume of a row's key that {@link #volume} made. */
    public static VolumeId volumeOf(byte[] row) {
        return new VolumeId(ByteBuffer.wrap(row).getLong(1));
    }

    /** The group of a row's key that {@link #group} made. */
    public static GroupId groupOf(byte[] row) {
        return new GroupId(ByteBuffer.wrap(row).getInt(1));
    }

    private static UUID uuidOf(byte[] row) {
        ByteBuffer id = ByteBuffer.wrap(row, 1, 2 * Long.BYTES);
        long high = id.getLong();
        return new UUID(high, id.getLong());
    }

    public static byte[] memberMarks(VolumeId volume, int index) {
        return ByteBuffer.allocate(1 + Long.BYTES + Integer.BYTES)
                .put((byte) 'm')
                .putLong(volume.value())
                .putInt(index)
                .array();
    }

    public static byte[] diskReport(DiskId disk) {
        return uuid('r', disk.value());
    }

    public static byte[] token(String id) {
        return utf8("t" + id);
    }

    public static byte[] document(String name) {
        return utf8("x" + name);
    }

    /** Before every row of the table with this letter. */
    public static byte[] letter(char letter) {
        return new byte[] {(byte) letter};
    }

    private static byte[] uuid(char letter, UUID id) {
        return ByteBuffer.allocate(1 + 2 * Long.BYTES)
                .put((byte) letter)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
    }

    static byte[] words(long high, long low) {
        return ByteBuffer.allocate(2 * Long.BYTES).putLong(high).putLong(low).array();
    }

    // Ranges

    /** The first key behind all those that begin with {@code prefix}; null when there is none. */
    public static byte @Nullable [] successor(byte[] prefix) {
        for (int i = prefix.length - 1; i >= 0; i--) {
            if (prefix[i] != (byte) 0xff) {
                byte[] next = Arrays.copyOf(prefix, i + 1);
                next[i]++;
                return next;
            }
        }
        return null;
    }

    /** The first key behind {@code key}. */
    public static byte[] after(byte[] key) {
        return Arrays.copyOf(key, key.length + 1);
    }

    public static boolean startsWith(byte[] key, byte[] prefix) {
        return key.length >= prefix.length && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }
}
