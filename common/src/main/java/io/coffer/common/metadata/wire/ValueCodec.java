package io.coffer.common.metadata.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.coffer.common.checksum.ChecksumAlgorithm;
import io.coffer.common.id.AccountId;
import io.coffer.common.id.BucketId;
import io.coffer.common.id.ExtentId;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.PartitionId;
import io.coffer.common.id.RequestId;
import io.coffer.common.id.UploadId;
import io.coffer.common.id.VersionId;
import io.coffer.common.id.VolumeId;
import io.coffer.common.metadata.AccessControlList;
import io.coffer.common.metadata.AccessKey;
import io.coffer.common.metadata.Account;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.BucketSettings;
import io.coffer.common.metadata.DataRun;
import io.coffer.common.metadata.ExtentSlice;
import io.coffer.common.metadata.ObjectAttributes;
import io.coffer.common.metadata.ObjectPart;
import io.coffer.common.metadata.ObjectVersion;
import io.coffer.common.metadata.Partition;
import io.coffer.common.metadata.PartitionRef;
import io.coffer.common.metadata.Payload;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.Seal;
import io.coffer.common.metadata.StoredChecksum;
import io.coffer.common.metadata.VersionLock;
import io.coffer.common.metadata.VersionSelector;
import io.coffer.common.metadata.Versioning;
import io.coffer.common.metadata.WriteCondition;
import io.coffer.proto.metadata.ValueMessages;
import io.coffer.proto.metadata.ValueMessages.Id128;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Values that several messages share. Encoding equal values gives equal bytes. Decoding a message that no encoder made is an
 * {@link IllegalArgumentException}. Byte fields are views, never copies, in both directions.
 */
public final class ValueCodec {
    private static final int ACCOUNT_DIGITS = 12;

    private ValueCodec() {}

    public static long encode(AccountId account) {
        return Long.parseLong(account.value());
    }

    public static AccountId account(long number) {
        String digits = Long.toUnsignedString(number);
        return new AccountId("0".repeat(Math.max(0, ACCOUNT_DIGITS - digits.length())) + digits);
    }

    public static Id128 encode(ExtentId id) {
        return id128(id.high(), id.low());
    }

    public static ExtentId extent(Id128 id) {
        return new ExtentId(id.getHigh(), id.getLow());
    }

    public static Id128 encode(UploadId id) {
        return id128(id.high(), id.low());
    }

    public static UploadId upload(Id128 id) {
        return new UploadId(id.getHigh(), id.getLow());
    }

    public static Id128 encode(RequestId id) {
        return id128(id.high(), id.low());
    }

    public static RequestId request(Id128 id) {
        return new RequestId(id.getHigh(), id.getLow());
    }

    static Id128 id128(long high, long low) {
        return Id128.newBuilder().setHigh(high).setLow(low).build();
    }

    public static ValueMessages.Account encode(Account account) {
        return ValueMessages.Account.newBuilder()
                .setId(encode(account.id()))
                .setCanonicalId(account.canonicalId())
                .setName(account.name())
                .setEmail(account.email())
                .setRoot(account.root())
                .setEnabled(account.enabled())
                .setCreatedMillis(account.createdMillis())
                .build();
    }

    public static Account decode(ValueMessages.Account m) {
        return new Account(
                account(m.getId()),
                m.getCanonicalId(),
                m.getName(),
                m.getEmail(),
                m.getRoot(),
                m.getEnabled(),
                m.getCreatedMillis());
    }

    public static ValueMessages.AccessKey encode(AccessKey key) {
        return ValueMessages.AccessKey.newBuilder()
                .setAccessKey(key.accessKey())
                .setAccount(encode(key.account()))
                .setSealedSecret(wrap(key.sealedSecret()))
                .setDescription(key.description())
                .setEnabled(key.enabled())
                .setCreatedMillis(key.createdMillis())
                .build();
    }

    public static AccessKey decode(ValueMessages.AccessKey m) {
        return new AccessKey(
                m.getAccessKey(),
                account(m.getAccount()),
                m.getSealedSecret().asReadOnlyByteBuffer(),
                m.getDescription(),
                m.getEnabled(),
                m.getCreatedMillis());
    }

    public static ValueMessages.Partition encode(Partition partition) {
        return ValueMessages.Partition.newBuilder()
                .setId(partition.id().value())
                .setStartKey(partition.startKey())
                .setEndKey(partition.endKey())
                .setGroup(partition.group().value())
                .setEpoch(partition.epoch())
                .build();
    }

    public static Partition decode(ValueMessages.Partition m) {
        return new Partition(
                new PartitionId(m.getId()), m.getStartKey(), m.getEndKey(), new GroupId(m.getGroup()), m.getEpoch());
    }

    public static ValueMessages.PartitionRef encode(PartitionRef ref) {
        return ValueMessages.PartitionRef.newBuilder()
                .setBucket(ref.bucket().value())
                .setPartition(ref.partition().value())
                .setEpoch(ref.epoch())
                .build();
    }

    public static PartitionRef decode(ValueMessages.PartitionRef m) {
        return new PartitionRef(new BucketId(m.getBucket()), new PartitionId(m.getPartition()), m.getEpoch());
    }

    public static ValueMessages.Versioning encode(Versioning versioning) {
        return switch (versioning) {
            case UNVERSIONED -> ValueMessages.Versioning.UNVERSIONED;
            case ENABLED -> ValueMessages.Versioning.ENABLED;
            case SUSPENDED -> ValueMessages.Versioning.SUSPENDED;
        };
    }

    public static Versioning decode(ValueMessages.Versioning m) {
        return switch (m) {
            case UNVERSIONED -> Versioning.UNVERSIONED;
            case ENABLED -> Versioning.ENABLED;
            case SUSPENDED -> Versioning.SUSPENDED;
            case UNRECOGNIZED -> throw new IllegalArgumentException("unknown versioning state");
        };
    }

    public static ValueMessages.Bucket encode(Bucket bucket) {
        ValueMessages.Bucket.Builder m = ValueMessages.Bucket.newBuilder()
                .setId(bucket.id().value())
                .setName(bucket.name())
                .setOwner(encode(bucket.owner()))
                .setRegion(bucket.region())
                .setCreatedMillis(bucket.createdMillis())
                .setState(
                        switch (bucket.state()) {
                            case CREATING -> ValueMessages.BucketState.CREATING;
                            case ACTIVE -> ValueMessages.BucketState.ACTIVE;
                            case DELETING -> ValueMessages.BucketState.DELETING;
                        })
                .setVersioning(encode(bucket.versioning()))
                .setPolicy(bucket.policy());
        bucket.partitions().forEach(partition -> m.addPartitions(encode(partition)));
        ValueMessages.BucketSettings settings = SettingsCodec.encode(bucket.settings());
        if (settings != null) {
            m.setSettings(settings);
        }
        return m.build();
    }

    public static Bucket decode(ValueMessages.Bucket m) {
        Versioning versioning = decode(m.getVersioning());
        return new Bucket(
                new BucketId(m.getId()),
                m.getName(),
                account(m.getOwner()),
                m.getRegion(),
                m.getCreatedMillis(),
                switch (m.getState()) {
                    case CREATING -> Bucket.State.CREATING;
                    case ACTIVE -> Bucket.State.ACTIVE;
                    case DELETING -> Bucket.State.DELETING;
                    case UNRECOGNIZED -> throw new IllegalArgumentException("unknown bucket state");
                },
                m.getPolicy(),
                map(m.getPartitionsList(), ValueCodec::decode),
                m.hasSettings() ? SettingsCodec.decode(versioning, m.getSettings()) : BucketSettings.of(versioning));
    }

    public static ValueMessages.ExtentSlice encode(ExtentSlice slice) {
        ValueMessages.ExtentSlice.Builder m = ValueMessages.ExtentSlice.newBuilder()
                .setExtent(encode(slice.extent()))
                .setVolume(slice.volume().value())
                .setOwner(slice.owner().value())
                .setExtentLength(slice.extentLength());
        if (slice.offset() != 0 || slice.length() != slice.extentLength()) {
            m.setOffset(slice.offset()).setLength(slice.length());
        }
        if (!slice.seal().isNone()) {
            m.setSeal(wrap(slice.seal().bytes()));
        }
        return m.build();
    }

    public static ExtentSlice decode(ValueMessages.ExtentSlice m) {
        return new ExtentSlice(
                extent(m.getExtent()),
                new VolumeId(m.getVolume()),
                new GroupId(m.getOwner()),
                m.getExtentLength(),
                m.getOffset(),
                m.getLength() == 0 ? m.getExtentLength() : m.getLength(),
                seal(m.getSeal()));
    }

    /** Owns its bytes: seals stay in memory longer than what they came in. */
    public static Seal seal(ByteString bytes) {
        return bytes.isEmpty() ? Seal.NONE : new Seal(ByteBuffer.wrap(bytes.toByteArray()));
    }

    public static ValueMessages.Attributes encode(ObjectAttributes attributes) {
        ValueMessages.Attributes.Builder m = ValueMessages.Attributes.newBuilder();
        new TreeMap<>(attributes.headers()).forEach((name, value) -> m.addHeaders(attribute(name, value)));
        new TreeMap<>(attributes.userMetadata()).forEach((name, value) -> m.addUserMetadata(attribute(name, value)));
        m.addAllTags(encode(attributes.tags()));
        if (!attributes.lock().equals(VersionLock.NONE)) {
            m.setLock(VersionChangeCodec.encode(attributes.lock()));
        }
        AccessControlList acl = attributes.acl();
        if (acl != null) {
            m.setAcl(AclCodec.encode(acl));
        }
        if (attributes.encryption() != null) {
            m.setEncryption(EncryptionCodec.encode(attributes.encryption()));
        }
        return m.build();
    }

    /** Ascending by name. */
    static List<ValueMessages.Attribute> encode(Map<String, String> attributes) {
        List<ValueMessages.Attribute> list = new ArrayList<>(attributes.size());
        new TreeMap<>(attributes).forEach((name, value) -> list.add(attribute(name, value)));
        return list;
    }

    private static ValueMessages.Attribute attribute(String name, String value) {
        return ValueMessages.Attribute.newBuilder()
                .setName(name)
                .setValue(value)
                .build();
    }

    public static ObjectAttributes decode(ValueMessages.Attributes m) {
        return m.equals(ValueMessages.Attributes.getDefaultInstance())
                ? ObjectAttributes.EMPTY
                : new ObjectAttributes(
                        attributes(m.getHeadersList()),
                        attributes(m.getUserMetadataList()),
                        attributes(m.getTagsList()),
                        m.hasLock() ? VersionChangeCodec.decode(m.getLock()) : VersionLock.NONE,
                        m.hasAcl() ? AclCodec.decode(m.getAcl()) : null,
                        m.hasEncryption() ? EncryptionCodec.decode(m.getEncryption()) : null);
    }

    static Map<String, String> attributes(List<ValueMessages.Attribute> list) {
        Map<String, String> map = LinkedHashMap.newLinkedHashMap(list.size());
        list.forEach(attribute -> map.put(attribute.getName(), attribute.getValue()));
        return map;
    }

    public static ValueMessages.Algorithm encode(@Nullable ChecksumAlgorithm algorithm) {
        return switch (algorithm) {
            case null -> ValueMessages.Algorithm.NO_ALGORITHM;
            case CRC32 -> ValueMessages.Algorithm.CRC32;
            case CRC32C -> ValueMessages.Algorithm.CRC32C;
            case CRC64NVME -> ValueMessages.Algorithm.CRC64NVME;
            case SHA1 -> ValueMessages.Algorithm.SHA1;
            case SHA256 -> ValueMessages.Algorithm.SHA256;
        };
    }

    public static @Nullable ChecksumAlgorithm decode(ValueMessages.Algorithm m) {
        return switch (m) {
            case NO_ALGORITHM -> null;
            case CRC32 -> ChecksumAlgorithm.CRC32;
            case CRC32C -> ChecksumAlgorithm.CRC32C;
            case CRC64NVME -> ChecksumAlgorithm.CRC64NVME;
            case SHA1 -> ChecksumAlgorithm.SHA1;
            case SHA256 -> ChecksumAlgorithm.SHA256;
            case UNRECOGNIZED -> throw new IllegalArgumentException("unknown checksum algorithm");
        };
    }

    public static ValueMessages.ChecksumType encode(StoredChecksum.@Nullable Type type) {
        return switch (type) {
            case null -> ValueMessages.ChecksumType.NO_TYPE;
            case FULL_OBJECT -> ValueMessages.ChecksumType.FULL_OBJECT;
            case COMPOSITE -> ValueMessages.ChecksumType.COMPOSITE;
        };
    }

    public static StoredChecksum.@Nullable Type decode(ValueMessages.ChecksumType m) {
        return switch (m) {
            case NO_TYPE -> null;
            case FULL_OBJECT -> StoredChecksum.Type.FULL_OBJECT;
            case COMPOSITE -> StoredChecksum.Type.COMPOSITE;
            case UNRECOGNIZED -> throw new IllegalArgumentException("unknown checksum type");
        };
    }

    public static ValueMessages.Checksum encode(StoredChecksum checksum) {
        return ValueMessages.Checksum.newBuilder()
                .setAlgorithm(encode(checksum.algorithm()))
                .setType(encode(checksum.type()))
                .setValue(checksum.value())
                .build();
    }

    public static StoredChecksum decode(ValueMessages.Checksum m) {
        ChecksumAlgorithm algorithm = decode(m.getAlgorithm());
        StoredChecksum.Type type = decode(m.getType());
        if (algorithm == null || type == null) {
            throw new IllegalArgumentException("a checksum without algorithm or type");
        }
        return new StoredChecksum(algorithm, type, m.getValue());
    }

    public static ValueMessages.WriteCondition encode(WriteCondition condition) {
        return condition.equals(WriteCondition.NONE)
                ? ValueMessages.WriteCondition.getDefaultInstance()
                : ValueMessages.WriteCondition.newBuilder()
                        .addAllIfMatch(condition.ifMatch())
                        .addAllIfNoneMatch(condition.ifNoneMatch())
                        .build();
    }

    public static WriteCondition decode(ValueMessages.WriteCondition m) {
        return m.getIfMatchCount() == 0 && m.getIfNoneMatchCount() == 0
                ? WriteCondition.NONE
                : new WriteCondition(m.getIfMatchList(), m.getIfNoneMatchList());
    }

    public static ValueMessages.VersionSelector encode(VersionSelector selector) {
        ValueMessages.VersionSelector.Builder m = ValueMessages.VersionSelector.newBuilder();
        return switch (selector) {
            case VersionSelector.Latest() -> m.setLatest(true).build();
            case VersionSelector.Null() -> m.setNullVersion(true).build();
            case VersionSelector.Exact(VersionId version) ->
                m.setExact(version.sequence()).build();
        };
    }

    public static VersionSelector decode(ValueMessages.VersionSelector m) {
        return switch (m.getSelectorCase()) {
            case LATEST -> VersionSelector.LATEST;
            case NULL_VERSION -> VersionSelector.NULL;
            case EXACT -> new VersionSelector.Exact(new VersionId(m.getExact()));
            case SELECTOR_NOT_SET -> throw new IllegalArgumentException("an empty version selector");
        };
    }

    public static ValueMessages.Payload encode(Payload payload) {
        ValueMessages.Payload.Builder m = ValueMessages.Payload.newBuilder();
        switch (payload) {
            case Payload.Inline(ByteBuffer bytes, Seal seal) -> {
                m.setInline(wrap(bytes));
                if (!seal.isNone()) {
                    m.setInlineSeal(wrap(seal.bytes()));
                }
            }
            case Payload.Extents(List<ExtentSlice> slices) ->
                m.setExtents(ValueMessages.Payload.Extents.newBuilder().addAllSlices(map(slices, ValueCodec::encode)));
            case Payload.Shared shared ->
                m.setShared(ValueMessages.Payload.Shared.newBuilder()
                        .setPartition(encode(shared.partition()))
                        .setKey(shared.key())
                        .setVersion(shared.version().sequence())
                        .setOffset(shared.offset())
                        .setLength(shared.length()));
            case Payload.Assembled(UploadId upload, int parts) ->
                m.setAssembled(ValueMessages.Payload.Assembled.newBuilder()
                        .setUpload(encode(upload))
                        .setParts(parts));
        }
        return m.build();
    }

    public static Payload decode(ValueMessages.Payload m) {
        return switch (m.getPayloadCase()) {
            case INLINE -> new Payload.Inline(m.getInline().asReadOnlyByteBuffer(), seal(m.getInlineSeal()));
            case EXTENTS -> new Payload.Extents(map(m.getExtents().getSlicesList(), ValueCodec::decode));
            case SHARED -> {
                ValueMessages.Payload.Shared shared = m.getShared();
                yield new Payload.Shared(
                        decode(shared.getPartition()),
                        shared.getKey(),
                        new VersionId(shared.getVersion()),
                        shared.getOffset(),
                        shared.getLength());
            }
            case ASSEMBLED ->
                new Payload.Assembled(
                        upload(m.getAssembled().getUpload()), m.getAssembled().getParts());
            case PAYLOAD_NOT_SET -> throw new IllegalArgumentException("an empty payload");
        };
    }

    public static ValueMessages.ObjectVersion encode(ObjectVersion version) {
        ValueMessages.ObjectVersion.Builder m = ValueMessages.ObjectVersion.newBuilder()
                .setKey(version.key())
                .setVersion(version.version().sequence())
                .setNullVersion(version.nullVersion())
                .setLatest(version.latest())
                .setDeleteMarker(version.deleteMarker())
                .setOwner(encode(version.owner()))
                .setEtag(version.etag())
                .setSize(version.size())
                .setModifiedMillis(version.modifiedMillis())
                .setParts(version.parts())
                .setPieces(version.pieces())
                .setAttributes(encode(version.attributes()));
        if (version.checksum() != null) {
            m.setChecksum(encode(version.checksum()));
        }
        return m.build();
    }

    public static ObjectVersion decode(ValueMessages.ObjectVersion m) {
        return new ObjectVersion(
                m.getKey(),
                new VersionId(m.getVersion()),
                m.getNullVersion(),
                m.getLatest(),
                m.getDeleteMarker(),
                account(m.getOwner()),
                m.getEtag(),
                m.getSize(),
                m.getModifiedMillis(),
                m.getParts(),
                m.hasChecksum() ? decode(m.getChecksum()) : null,
                decode(m.getAttributes()),
                m.getPieces());
    }

    public static ValueMessages.ObjectPart encode(ObjectPart part) {
        ValueMessages.ObjectPart.Builder m = ValueMessages.ObjectPart.newBuilder()
                .setNumber(part.number())
                .setSize(part.size())
                .setEtag(part.etag())
                .setModifiedMillis(part.modifiedMillis());
        if (part.checksum() != null) {
            m.setChecksum(encode(part.checksum()));
        }
        return m.build();
    }

    public static ObjectPart decode(ValueMessages.ObjectPart m) {
        return new ObjectPart(
                m.getNumber(),
                m.getSize(),
                m.getEtag(),
                m.getModifiedMillis(),
                m.hasChecksum() ? decode(m.getChecksum()) : null);
    }

    public static ValueMessages.DataRun encode(DataRun run) {
        ValueMessages.DataRun.Builder m = ValueMessages.DataRun.newBuilder();
        return switch (run) {
            case DataRun.InlineRun(ByteBuffer bytes, int offset, int size, Seal seal) -> {
                if (seal.isNone()) {
                    yield m.setInline(wrap(bytes)).build();
                }
                yield m.setInline(wrap(bytes))
                        .setInlineSeal(wrap(seal.bytes()))
                        .setInlineOffset(offset)
                        .setInlineLength(size)
                        .build();
            }
            case DataRun.ExtentRun(ExtentSlice slice) ->
                m.setExtent(encode(slice)).build();
        };
    }

    public static DataRun decode(ValueMessages.DataRun m) {
        return switch (m.getRunCase()) {
            case INLINE -> {
                ByteBuffer bytes = m.getInline().asReadOnlyByteBuffer();
                yield m.getInlineSeal().isEmpty()
                        ? new DataRun.InlineRun(bytes)
                        : new DataRun.InlineRun(
                                bytes, m.getInlineOffset(), m.getInlineLength(), seal(m.getInlineSeal()));
            }
            case EXTENT -> new DataRun.ExtentRun(decode(m.getExtent()));
            case RUN_NOT_SET -> throw new IllegalArgumentException("an empty run");
        };
    }

    /** The number of a refusal is fixed by values.proto; its name is the same there as here. */
    public static ValueMessages.Refusal encode(@Nullable Refusal refusal) {
        return refusal == null ? ValueMessages.Refusal.NO_REFUSAL : ValueMessages.Refusal.valueOf(refusal.name());
    }

    public static @Nullable Refusal decode(ValueMessages.Refusal m) {
        return m == ValueMessages.Refusal.NO_REFUSAL ? null : Refusal.valueOf(m.name());
    }

    /** A view of the buffer's remaining bytes, which must not change any more. */
    public static ByteString wrap(ByteBuffer bytes) {
        return UnsafeByteOperations.unsafeWrap(bytes);
    }

    static <A, B> List<B> map(List<A> list, Function<? super A, ? extends B> function) {
        List<B> result = new ArrayList<>(list.size());
        for (A element : list) {
            result.add(function.apply(element));
        }
        return result;
    }
}
