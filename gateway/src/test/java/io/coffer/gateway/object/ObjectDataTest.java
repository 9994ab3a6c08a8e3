package io.coffer.gateway.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.cluster.Disk;
import io.coffer.common.cluster.Member;
import io.coffer.common.cluster.Node;
import io.coffer.common.cluster.ProtectionScheme;
import io.coffer.common.cluster.Volume;
import io.coffer.common.id.AccountId;
import io.coffer.common.id.BucketId;
import io.coffer.common.id.DiskId;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.NodeId;
import io.coffer.common.id.PartitionId;
import io.coffer.common.id.RequestId;
import io.coffer.common.id.VersionId;
import io.coffer.common.id.VolumeId;
import io.coffer.common.io.BufferPool;
import io.coffer.common.io.PooledBuffer;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.Command;
import io.coffer.common.metadata.DataRun;
import io.coffer.common.metadata.ExtentSlice;
import io.coffer.common.metadata.MetadataClient;
import io.coffer.common.metadata.ObjectAttributes;
import io.coffer.common.metadata.ObjectVersion;
import io.coffer.common.metadata.Partition;
import io.coffer.common.metadata.Payload;
import io.coffer.common.metadata.Query;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.SystemCommand.MarkBehind;
import io.coffer.common.metadata.SystemCommand.MissedWrite;
import io.coffer.common.metadata.SystemQuery;
import io.coffer.common.metadata.Versioning;
import io.coffer.common.time.Ticker;
import io.coffer.gateway.client.ClusterMapCache;
import io.coffer.gateway.client.DegradedWrites;
import io.coffer.gateway.client.MemberHealth;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.http.ResponseSink;
import io.coffer.gateway.payload.BodySealer;
import io.coffer.gateway.payload.DataKeys;
import io.coffer.gateway.payload.DataSeal;
import io.coffer.gateway.payload.ObjectBody;
import io.coffer.gateway.payload.SealedLayout;
import io.coffer.gateway.payload.WrappingKey;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.operation.S3Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What {@link ObjectWriter} and {@link ObjectReader} do when disks fail at each step. */
class ObjectDataTest {
    private static final NodeId NODE = new NodeId(new UUID(1, 1));
    private static final int EXTENT_LIMIT = 300_000;

    private final Random random = new Random(7);
    private final MemoryChunkStore store = new MemoryChunkStore();
    private final List<Disk> disks = new ArrayList<>();
    private final List<Volume> volumes = new ArrayList<>();
    private final List<String> repairs = new ArrayList<>();
    private final List<String> behind = new ArrayList<>();
    private final BufferPool buffers = BufferPool.tracing(BufferPool.DEFAULT_BUFFER_BYTES, 4);
    private final MetadataService metadata =
            new MetadataService(new MapOnly(), InstantSource.system(), () -> random, Duration.ofSeconds(1));
    private final ClusterMapCache maps = new ClusterMapCache(metadata, InstantSource.system());
    private final MemberHealth health = new MemberHealth(Ticker.SYSTEM);
    private final ChunkPlaces places = new ChunkPlaces(
            maps,
            node -> Optional.of(store),
            health,
            (volume, extent, index) -> repairs.add(volume.id().value() + "/" + index),
            "");
    private final ObjectWriter writer = new ObjectWriter(
            places,
            new DegradedWrites(metadata),
            InstantSource.system(),
            () -> random,
            new ObjectWriter.Settings(1000, EXTENT_LIMIT, "default"));
    private final ObjectReader reader = new ObjectReader(metadata, places, buffers);

    @AfterEach
    void everyBufferIsGivenBack() {
        buffers.requireNoneInUse();
    }

    @Test
    void aSmallBodyIsInlinedAndTouchesNoDisk() throws Exception {
        byte[] bytes = bytes(1000);
        try (StoredBody stored = writer.write(bucket(), "k", body(bytes, 400), digest -> {})) {
            assertThat(((Payload.Inline) stored.payload()).bytes()).isEqualTo(ByteBuffer.wrap(bytes));
        }
        assertThat(store.chunks()).isZero();
    }

    @Test
    void aLargeBodyIsCutIntoExtentsAndReadBackFromAnyOffset() throws Exception {
        volume(3, 3);
        byte[] bytes = bytes(3 * EXTENT_LIMIT + 12_345);
        ByteArrayOutputStream hashed = new ByteArrayOutputStream();
        List<ExtentSlice> slices = write(bytes, hashed);
        assertThat(hashed.toByteArray()).isEqualTo(bytes);
        assertThat(slices).hasSize(4);
        assertThat(store.chunks()).isEqualTo(12);
        for (int from : new int[] {0, 1, 65_536, EXTENT_LIMIT - 1, EXTENT_LIMIT, 2 * EXTENT_LIMIT + 77}) {
            assertThat(read(slices, from, bytes.length - from))
                    .isEqualTo(Arrays.copyOfRange(bytes, from, bytes.length));
        }
    }

    @Test
    void aBodyThatIsShorterThanItMightBeIsStoredAsLongAsItIs() throws Exception {
        volume(2, 2);
        for (int length :
                new int[] {0, 1, 999, 5_000, EXTENT_LIMIT - 1, EXTENT_LIMIT, EXTENT_LIMIT + 1, 2 * EXTENT_LIMIT}) {
            byte[] bytes = bytes(length);
            for (int more : new int[] {0, 2, 20_000}) {
                ByteArrayOutputStream hashed = new ByteArrayOutputStream();
                try (StoredBody stored = writer.write(bucket(), "k", boundedBy(length + more, bytes), piece -> {
                    while (piece.hasRemaining()) {
                        hashed.write(piece.get());
                    }
                })) {
                    assertThat(stored.size()).isEqualTo(length);
                    assertThat(hashed.toByteArray()).isEqualTo(bytes);
                    byte[] back = switch (stored.payload()) {
                        case Payload.Inline inlined -> bytes(inlined.bytes());
                        case Payload.Extents(List<ExtentSlice> slices) -> read(slices, 0, length);
                        default -> throw new AssertionError(stored.payload());
                    };
                    assertThat(back).as("%d of %d bytes", length, length + more).isEqualTo(bytes);
                }
            }
        }
        assertThat(store.chunks()).isZero();
    }

    private static ObjectBody boundedBy(long bound, byte[] bytes) {
        ObjectBody whole = body(bytes, 7_000);
        return new ObjectBody() {
            @Override
            public long length() {
                return bound;
            }

            @Override
            public boolean mayBeShorter() {
                return true;
            }

            @Override
            public @Nullable ByteBuffer read() throws S3Exception, IOException {
                return whole.read();
            }

            @Override
            public @Nullable String trailer(String name) {
                return null;
            }
        };
    }

    @Test
    void anUncommittedBodyGivesItsChunksBack() throws Exception {
        volume(2, 2);
        try (StoredBody stored = writer.write(bucket(), "k", body(bytes(500_000), 70_000), digest -> {})) {
            assertThat(store.chunks()).isEqualTo(4);
            assertThatThrownBy(() -> stored.commit(() -> {
                        throw new RefusedException(Refusal.PRECONDITION_FAILED);
                    }))
                    .isInstanceOf(RefusedException.class);
        }
        assertThat(store.chunks()).isZero();
    }

    @Test
    void aCommitOfUnknownOutcomeKeepsTheChunks() throws Exception {
        volume(2, 2);
        try (StoredBody stored = writer.write(bucket(), "k", body(bytes(500_000), 70_000), digest -> {})) {
            assertThatThrownBy(() -> stored.commit(() -> {
                        throw new S3Exception(S3Error.SERVICE_UNAVAILABLE);
                    }))
                    .isInstanceOf(S3Exception.class);
        }
        assertThat(store.chunks()).isEqualTo(4);
    }

    @Test
    void aBodyThatBreaksOffLeavesNothing() {
        volume(1, 1);
        ObjectBody broken = new ObjectBody() {
            private int reads;

            @Override
            public long length() {
                return 900_000;
            }

            @Override
            public ByteBuffer read() throws IOException {
                if (reads++ == 4) {
                    throw new IOException("gone");
                }
                return ByteBuffer.allocate(100_000);
            }

            @Override
            public @Nullable String trailer(String name) {
                return null;
            }
        };
        assertThatThrownBy(() -> writer.write(bucket(), "k", broken, digest -> {}))
                .isInstanceOf(IOException.class);
        assertThat(store.chunks()).isZero();
    }

    @Test
    void aDiskThatTakesNoChunkSendsTheExtentToAnotherVolume() throws Exception {
        Volume first = volume(1, 1);
        Volume second = volume(1, 1);
        store.faults.put(first.members().getFirst().disk(), Set.of(MemoryChunkStore.Fault.CREATE));
        for (int i = 0; i < 4; i++) {
            byte[] bytes = bytes(100_000);
            List<ExtentSlice> slices = write(bytes, new ByteArrayOutputStream());
            assertThat(slices.getFirst().volume()).isEqualTo(second.id());
        }
    }

    @Test
    void aMemberThatFailsOnTheWayIsLeftOutWhileTheQuorumHolds() throws Exception {
        for (MemoryChunkStore.Fault fault : List.of(MemoryChunkStore.Fault.WRITE, MemoryChunkStore.Fault.COMMIT)) {
            Volume volume = volume(3, 3);
            store.faults.put(volume.members().get(1).disk(), Set.of(fault));
            byte[] bytes = bytes(200_000);
            List<ExtentSlice> slices = write(bytes, new ByteArrayOutputStream());
            assertThat(behind).containsExactly(volume.id().value() + "/1");
            for (int turn = 0; turn < 3; turn++) {
                assertThat(read(slices, 0, bytes.length)).isEqualTo(bytes);
            }
            behind.clear();
            volumes.clear();
        }
    }

    @Test
    void withoutAQuorumTheClientIsToldToComeBackAndNothingStays() {
        Volume volume = volume(2, 2);
        store.faults.put(volume.members().get(1).disk(), Set.of(MemoryChunkStore.Fault.COMMIT));
        assertThatThrownBy(() -> write(bytes(200_000), new ByteArrayOutputStream()))
                .isInstanceOfSatisfying(
                        S3Exception.class, e -> assertThat(e.error()).isEqualTo(S3Error.SLOW_DOWN));
        assertThat(store.chunks()).isZero();
    }

    @Test
    void aDamagedCopyIsReadElsewhereAndReported() throws Exception {
        Volume volume = volume(2, 2);
        byte[] bytes = bytes(200_000);
        List<ExtentSlice> slices = write(bytes, new ByteArrayOutputStream());
        store.faults.put(volume.members().getFirst().disk(), Set.of(MemoryChunkStore.Fault.READ_CORRUPT));
        for (int turn = 0; turn < 2; turn++) {
            assertThat(read(slices, 0, bytes.length)).isEqualTo(bytes);
        }
        assertThat(repairs).containsOnly(volume.id().value() + "/0").isNotEmpty();
    }

    @Test
    void whenNoCopyIsWholeTheAnswerIsAnErrorBeforeAnyByte() throws Exception {
        Volume volume = volume(1, 1);
        List<ExtentSlice> slices = write(bytes(100_000), new ByteArrayOutputStream());
        store.faults.put(volume.members().getFirst().disk(), Set.of(MemoryChunkStore.Fault.READ_CORRUPT));
        assertThatThrownBy(() -> read(slices, 0, 100_000))
                .isInstanceOfSatisfying(
                        S3Exception.class, e -> assertThat(e.error()).isEqualTo(S3Error.INTERNAL_ERROR));
    }

    @Test
    void aBodyThatIsNeverSentGivesItsBufferBack() throws Exception {
        volume(1, 1);
        List<ExtentSlice> slices = write(bytes(100_000), new ByteArrayOutputStream());
        S3Response.Body body = reader.body(bucket(), "k", found(slices, 0, 100_000), null);
        assertThat(buffers.inUse()).isOne();
        body.close();
    }

    // Encrypted

    private static final WrappingKey KEY = new WrappingKey(DataSeal.Wrapper.CUSTOMER, new byte[32], "");

    private static DataKeys keys() {
        return new DataKeys(name -> KEY);
    }

    private static BodySealer sealer() {
        return KEY.sealer(new SecureRandom());
    }

    @Test
    void aSealedBodyIsReadBackFromAnyOffsetInPiecesOfItsOwn() throws Exception {
        volume(3, 3);
        byte[] bytes = bytes(3 * EXTENT_LIMIT + 12_345);
        ByteArrayOutputStream hashed = new ByteArrayOutputStream();
        List<ExtentSlice> slices = write(bytes, hashed, sealer());
        assertThat(hashed.toByteArray()).as("digests are of what came").isEqualTo(bytes);
        assertThat(slices).hasSizeGreaterThan(3).allMatch(slice -> !slice.seal().isNone());
        assertThat(slices.stream().mapToLong(ExtentSlice::length).sum()).isEqualTo(bytes.length);
        assertThat(slices).allMatch(slice -> slice.extentLength() <= EXTENT_LIMIT);
        int first = (int) slices.getFirst().length();
        for (int from : new int[] {0, 1, 65_535, 65_536, first - 1, first, 2 * first + 77, bytes.length - 1}) {
            assertThat(read(slices, from, bytes.length - from, keys()))
                    .isEqualTo(Arrays.copyOfRange(bytes, from, bytes.length));
        }
        // A part of an extent, as a copy of a range has it, and the same again behind it.
        ExtentSlice part = slices.get(1).cut(70_000, 100);
        byte[] expected = Arrays.copyOfRange(bytes, first + 70_000, first + 70_100);
        assertThat(read(List.of(part, part), 0, 200, keys()))
                .isEqualTo(ByteBuffer.allocate(200).put(expected).put(expected).array());
    }

    @Test
    void aRangeOfASealedBodyReadsItsBlocksAndTheirTagsOnly() throws Exception {
        volume(1, 1);
        byte[] bytes = bytes(260_000);
        List<ExtentSlice> slices = write(bytes, new ByteArrayOutputStream(), sealer());
        store.bytesRead.reset();
        List<ExtentSlice> range = List.of(slices.getFirst().cut(65_530, 10));
        assertThat(read(range, 0, 10, keys())).isEqualTo(Arrays.copyOfRange(bytes, 65_530, 65_540));
        assertThat(store.bytesRead.sum()).isEqualTo(2 * SealedLayout.BLOCK_BYTES + 2 * SealedLayout.TAG_BYTES);
    }

    @Test
    void sealedBytesThatWereChangedAreNeverSent() throws Exception {
        volume(1, 1);
        List<ExtentSlice> slices = write(bytes(100_000), new ByteArrayOutputStream(), sealer());
        store.tamper(99_999);
        assertThatThrownBy(() -> read(slices, 0, 100_000, keys()))
                .isInstanceOfSatisfying(
                        S3Exception.class, e -> assertThat(e.error()).isEqualTo(S3Error.INTERNAL_ERROR));
        assertThatThrownBy(() -> read(slices, 0, 100_000, null))
                .as("without keys")
                .isInstanceOfSatisfying(
                        S3Exception.class, e -> assertThat(e.error()).isEqualTo(S3Error.INTERNAL_ERROR));
    }

    @Test
    void aSmallSealedBodyIsInlinedToo() throws Exception {
        byte[] bytes = bytes(1000);
        try (StoredBody stored = writer.write(bucket(), "k", body(bytes, 400), digest -> {}, sealer())) {
            Payload.Inline inline = (Payload.Inline) stored.payload();
            assertThat(stored.size()).isEqualTo(1000);
            assertThat(inline.bytes().remaining()).isEqualTo(SealedLayout.sealedLength(1000));
            DataRun run = new DataRun.InlineRun(inline.bytes(), 10, 20, inline.seal());
            assertThat(send(new Reply.ObjectReply(version(1000), 10, 20, List.of(run)), keys()))
                    .isEqualTo(Arrays.copyOfRange(bytes, 10, 30));
        }
        try (StoredBody stored = writer.write(bucket(), "k", body(new byte[0], 1), digest -> {}, sealer())) {
            assertThat(stored.payload()).isEqualTo(new Payload.Inline(ByteBuffer.allocate(0)));
        }
    }

    @Test
    void aSealedBodyMayEndEarly() throws Exception {
        volume(1, 1);
        for (int length : new int[] {0, 500, 100_000, EXTENT_LIMIT + 5_000}) {
            byte[] bytes = bytes(length);
            ObjectBody body = boundedBy(length + 300L, bytes);
            try (StoredBody stored = writer.write(bucket(), "k", body, digest -> {}, sealer())) {
                assertThat(stored.size()).isEqualTo(length);
                if (stored.payload() instanceof Payload.Extents(List<ExtentSlice> slices)) {
                    assertThat(read(slices, 0, length, keys())).isEqualTo(bytes);
                }
            }
        }
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] copy = new byte[buffer.remaining()];
        buffer.duplicate().get(copy);
        return copy;
    }

    private List<ExtentSlice> write(byte[] bytes, ByteArrayOutputStream hashed) throws Exception {
        return write(bytes, hashed, null);
    }

    private List<ExtentSlice> write(byte[] bytes, ByteArrayOutputStream hashed, @Nullable BodySealer sealer)
            throws Exception {
        Consumer<ByteBuffer> digests = piece -> {
            byte[] copy = new byte[piece.remaining()];
            piece.get(copy);
            hashed.writeBytes(copy);
        };
        try (StoredBody stored = writer.write(bucket(), "k", body(bytes, 70_001), digests, sealer)) {
            return stored.commit(() -> ((Payload.Extents) stored.payload()).slices());
        }
    }

    private byte[] read(List<ExtentSlice> slices, long offset, long length) throws Exception {
        return read(slices, offset, length, null);
    }

    private byte[] read(List<ExtentSlice> slices, long offset, long length, @Nullable DataKeys keys) throws Exception {
        return send(found(slices, offset, length), keys);
    }

    private byte[] send(Reply.ObjectReply found, @Nullable DataKeys keys) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (S3Response.Body body = reader.body(bucket(), "k", found, keys)) {
            body.writeTo(new ResponseSink() {
                @Override
                public void write(PooledBuffer buffer) {
                    write(buffer.buffer());
                    buffer.close();
                }

                @Override
                public void write(ByteBuffer bytes) {
                    byte[] copy = new byte[bytes.remaining()];
                    bytes.get(copy);
                    out.writeBytes(copy);
                }

                @Override
                public void flush() {}

                @Override
                public void finish() {}

                @Override
                public void close() {}
            });
        }
        return out.toByteArray();
    }

    private static Reply.ObjectReply found(List<ExtentSlice> slices, long offset, long length) {
        List<DataRun> runs = new ArrayList<>();
        long skip = offset;
        for (ExtentSlice slice : slices) {
            if (skip < slice.length()) {
                runs.add(new DataRun.ExtentRun(slice.cut(skip, slice.length() - skip)));
            }
            skip = Math.max(0, skip - slice.length());
        }
        return new Reply.ObjectReply(version(offset + length), offset, length, runs);
    }

    private static ObjectVersion version(long size) {
        return new ObjectVersion(
                "k",
                new VersionId(1),
                true,
                true,
                false,
                new AccountId("000000000001"),
                "",
                size,
                0,
                0,
                null,
                ObjectAttributes.EMPTY);
    }

    private Volume volume(int copies, int newDisks) {
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < newDisks; i++) {
            DiskId id = new DiskId(new UUID(2, disks.size()));
            disks.add(new Disk(id, NODE, "/d" + disks.size(), Disk.State.HEALTHY, 1 << 30, 1 << 30));
            members.add(new Member(NODE, id));
        }
        Volume volume = new Volume(
                new VolumeId(disks.size()),
                1,
                "default",
                new ProtectionScheme.Replicated(copies),
                Volume.State.OPEN,
                members);
        volumes.add(volume);
        try {
            maps.refresh();
        } catch (S3Exception e) {
            throw new AssertionError(e);
        }
        return volume;
    }

    private static Bucket bucket() {
        return new Bucket(
                new BucketId(1),
                "bucket",
                new AccountId("000000000001"),
                "us-east-1",
                0,
                Bucket.State.ACTIVE,
                Versioning.UNVERSIONED,
                "",
                List.of(new Partition(new PartitionId(1), "", "", new GroupId(1), 1)));
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static ObjectBody body(byte[] bytes, int step) {
        return new ObjectBody() {
            private int position;

            @Override
            public long length() {
                return bytes.length;
            }

            @Override
            public @Nullable ByteBuffer read() {
                if (position == bytes.length) {
                    return null;
                }
                int take = Math.min(step, bytes.length - position);
                ByteBuffer piece = ByteBuffer.wrap(bytes, position, take);
                position += take;
                return piece;
            }

            @Override
            public @Nullable String trailer(String name) {
                return null;
            }
        };
    }

    /** A metadata client that knows the cluster map only, and who is behind. */
    private final class MapOnly implements MetadataClient {
        @Override
        @SuppressWarnings("unchecked")
        public <R extends Reply> CompletableFuture<R> submit(GroupId group, RequestId request, Command<R> command) {
            for (MissedWrite missed : ((MarkBehind) command).missed()) {
                behind.add(missed.volume().value() + "/" + missed.index());
            }
            return CompletableFuture.completedFuture((R) new Reply.BehindReply(List.of()));
        }

        @Override
        @SuppressWarnings("unchecked")
        public <R extends Reply> CompletableFuture<R> query(GroupId group, Query<R> query) {
            assertThat(query).isInstanceOf(SystemQuery.GetClusterMap.class);
            ClusterMap map = ClusterMap.of(disks.size() + 1L, List.of(new Node(NODE, "s/r/n", "")), disks, volumes);
            return CompletableFuture.completedFuture((R) new Reply.ClusterMapReply(map));
        }
    }
}
