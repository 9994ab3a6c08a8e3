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
import io.coffer.common.id.VolumeId;
import io.coffer.common.io.BufferPool;
import io.coffer.common.io.PooledBuffer;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.Command;
import io.coffer.common.metadata.ExtentSlice;
import io.coffer.common.metadata.MetadataClient;
import io.coffer.common.metadata.Partition;
import io.coffer.common.metadata.Payload;
import io.coffer.common.metadata.Query;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.SystemCommand.MarkBehind;
import io.coffer.common.metadata.SystemCommand.MissedWrite;
import io.coffer.common.metadata.Versioning;
import io.coffer.common.time.Ticker;
import io.coffer.gateway.client.ClusterMapCache;
import io.coffer.gateway.client.DegradedWrites;
import io.coffer.gateway.client.MemberHealth;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.payload.ObjectBody;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What writers and readers do when one of several nodes fails, hangs or has moved. */
class SeveralNodesTest {
    private static final int SHORT = 700_000;
    private static final int EXTENT_LIMIT = 3 << 20;

    private final Random random = new Random(7);
    private final MemoryChunkStore store = new MemoryChunkStore();
    private final List<Node> nodes = new ArrayList<>();
    private final List<Disk> disks = new ArrayList<>();
    private final List<Volume> volumes = new ArrayList<>();
    private final List<MissedWrite> behind = new ArrayList<>();
    private final Set<VolumeId> stale = new HashSet<>();
    private final BufferPool buffers = BufferPool.tracing(BufferPool.DEFAULT_BUFFER_BYTES, 4);
    private final MetadataService metadata =
            new MetadataService(new Metadata(), InstantSource.system(), () -> random, Duration.ofSeconds(1));
    private final ClusterMapCache maps = new ClusterMapCache(metadata, InstantSource.system());
    private final MemberHealth health = new MemberHealth(Ticker.SYSTEM);
    private final ChunkPlaces places =
            new ChunkPlaces(maps, node -> Optional.of(store), health, (volume, extent, index) -> {}, "");
    private final ObjectWriter writer = new ObjectWriter(
            places,
            new DegradedWrites(metadata),
            InstantSource.system(),
            () -> random,
            new ObjectWriter.Settings(1000, EXTENT_LIMIT, "p"));
    private final ExtentReader reader = new ExtentReader(places, buffers);

    @AfterEach
    void everyBufferIsGivenBack() {
        store.thaw.countDown();
        Awaitility.await().untilAsserted(buffers::requireNoneInUse);
    }

    private Volume volume() {
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int number = nodes.size();
            NodeId node = new NodeId(new UUID(1, number));
            DiskId disk = new DiskId(new UUID(2, number));
            nodes.add(new Node(node, "s/r/" + number, "host:" + number));
            disks.add(new Disk(disk, node, "/d", Disk.State.HEALTHY, 1 << 30, 1 << 30));
            members.add(new Member(node, disk));
        }
        Volume volume = new Volume(
                new VolumeId(volumes.size() + 1),
                1,
                "p",
                new ProtectionScheme.Replicated(3),
                Volume.State.OPEN,
                members);
        volumes.add(volume);
        return volume;
    }

    private void fault(Volume volume, int index, MemoryChunkStore.Fault fault) {
        store.faults.put(volume.members().get(index).disk(), Set.of(fault));
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private List<ExtentSlice> write(byte[] bytes, Runnable halfway) throws Exception {
        ObjectBody body = new ObjectBody() {
            private int position;

            @Override
            public long length() {
                return bytes.length;
            }

            @Override
            public @Nullable ByteBuffer read() {
                if (position >= bytes.length / 2) {
                    halfway.run();
                }
                if (position == bytes.length) {
                    return null;
                }
                byte[] lent = java.util.Arrays.copyOfRange(bytes, position, Math.min(bytes.length, position + 70_001));
                position += lent.length;
                return ByteBuffer.wrap(lent);
            }

            @Override
            public @Nullable String trailer(String name) {
                return null;
            }
        };
        Bucket bucket = new Bucket(
                new BucketId(1),
                "bucket",
                new AccountId("000000000001"),
                "us-east-1",
                0,
                Bucket.State.ACTIVE,
                Versioning.UNVERSIONED,
                "",
                List.of(new Partition(new PartitionId(1), "", "", new GroupId(1), 1)));
        try (StoredBody stored = writer.write(bucket, "k", body, digest -> {})) {
            return stored.commit(() -> ((Payload.Extents) stored.payload()).slices());
        }
    }

    private void assertRead(List<ExtentSlice> slices, byte[] bytes) throws Exception {
        int at = 0;
        for (ExtentSlice slice : slices) {
            for (long offset = 0; offset < slice.length(); offset += 100_000) {
                int length = (int) Math.min(100_000, slice.length() - offset);
                byte[] read = new byte[length];
                try (PooledBuffer buffer = reader.read(slice, offset, length)) {
                    assertThat(buffer.buffer().remaining()).isEqualTo(length);
                    buffer.buffer().get(read);
                }
                assertThat(read).isEqualTo(java.util.Arrays.copyOfRange(bytes, at, at + length));
                at += length;
            }
        }
        assertThat(at).isEqualTo(bytes.length);
    }

    @Test
    void anExtentThatAMemberMissesGoesToAnotherVolumeWhileItsBytesAreHere() throws Exception {
        for (MemoryChunkStore.Fault fault : List.of(
                MemoryChunkStore.Fault.UNAVAILABLE,
                MemoryChunkStore.Fault.WRITE,
                MemoryChunkStore.Fault.COMMIT,
                MemoryChunkStore.Fault.COMMIT_STALE)) {
            Volume first = volume();
            Volume second = volume();
            maps.refresh();
            byte[] bytes = bytes(SHORT);
            List<Volume> left = new ArrayList<>();
            List<ExtentSlice> slices = write(bytes, () -> {
                if (left.isEmpty()) {
                    Volume used = first.members().getLast().disk().equals(store.opened) ? first : second;
                    fault(used, 1, fault);
                    left.add(used);
                }
            });
            assertThat(slices.getFirst().volume())
                    .as("after %s", fault)
                    .isNotEqualTo(left.getFirst().id());
            assertRead(slices, bytes);
            assertThat(behind).isEmpty();
            assertThat(store.chunks()).as("nothing stays in the other volume").isEqualTo(3);
            store.clear();
            volumes.clear();
        }
    }

    @Test
    void whereNoVolumeIsWholeItGoesOnWithoutTheMemberAndSaysSo() throws Exception {
        Volume only = volume();
        maps.refresh();
        byte[] bytes = bytes(SHORT);
        List<ExtentSlice> slices = write(bytes, () -> fault(only, 1, MemoryChunkStore.Fault.UNAVAILABLE));
        assertThat(behind)
                .containsExactly(new MissedWrite(
                        only.id(), 1, 1, slices.getFirst().extent().birthMillis()));
        assertRead(slices, bytes);
    }

    @Test
    void aLongExtentGoesOnWithoutTheMemberAndTheNextOnesElsewhere() throws Exception {
        Volume first = volume();
        Volume second = volume();
        maps.refresh();
        byte[] bytes = bytes(3 * EXTENT_LIMIT);
        List<ExtentSlice> slices = write(bytes, () -> {
            fault(first, 1, MemoryChunkStore.Fault.UNAVAILABLE);
            fault(second, 1, MemoryChunkStore.Fault.UNAVAILABLE);
        });
        // In the middle of the second extent, both volumes lose a member: it goes on in its own, and so does the third.
        assertThat(slices).hasSize(3);
        assertThat(behind).isNotEmpty();
        assertRead(slices, bytes);
    }

    @Test
    void aWriteToMembersThatHaveChangedIsMadeAgain() throws Exception {
        Volume only = volume();
        maps.refresh();
        stale.add(only.id());
        assertThatThrownBy(() -> write(bytes(SHORT), () -> fault(only, 1, MemoryChunkStore.Fault.UNAVAILABLE)))
                .as("nowhere else to go")
                .isInstanceOfSatisfying(
                        S3Exception.class, e -> assertThat(e.error()).isEqualTo(S3Error.SLOW_DOWN));
        assertThat(store.chunks()).isZero();
    }

    @Test
    void aReadThatTakesLongIsOvertakenAndTouchesNobodysBuffer() throws Exception {
        Volume only = volume();
        maps.refresh();
        byte[] bytes = bytes(SHORT);
        List<ExtentSlice> slices = write(bytes, () -> {});
        fault(only, 0, MemoryChunkStore.Fault.READ_HANGS);
        assertRead(slices, bytes);
        assertThat(health.avoidReads(only.members().getFirst().place())).isTrue();
        assertThat(buffers.inUse()).as("the late reader's own").isOne();
        store.thaw.countDown();
    }

    @Test
    void aNodeThatIsGoneIsAvoidedAfterTheFirstTry() throws Exception {
        Volume only = volume();
        maps.refresh();
        byte[] bytes = bytes(SHORT);
        List<ExtentSlice> slices = write(bytes, () -> {});
        fault(only, 2, MemoryChunkStore.Fault.UNAVAILABLE);
        assertRead(slices, bytes);
        assertThat(health.avoidReads(only.members().getLast().place())).isTrue();
    }

    @Test
    void whileNoCopyCanBeAskedAReadWaitsALittle() throws Exception {
        Volume only = volume();
        maps.refresh();
        byte[] bytes = bytes(SHORT);
        List<ExtentSlice> slices = write(bytes, () -> {});
        for (int i = 0; i < 3; i++) {
            fault(only, i, MemoryChunkStore.Fault.UNAVAILABLE);
        }
        Thread heal = Thread.ofVirtual().start(() -> {
            Awaitility.await()
                    .until(() -> health.avoidReads(only.members().getLast().place()));
            store.faults.clear();
        });
        assertRead(slices, bytes);
        heal.join();
    }

    @Test
    void whileNoNodeCanBeAskedAWriteWaitsALittle() throws Exception {
        Volume only = volume();
        maps.refresh();
        for (int i = 0; i < 3; i++) {
            fault(only, i, MemoryChunkStore.Fault.UNAVAILABLE);
        }
        Thread heal = Thread.ofVirtual().start(() -> {
            Awaitility.await()
                    .until(() -> health.avoidWrites(only.members().getLast().place()));
            store.faults.clear();
        });
        byte[] bytes = bytes(SHORT);
        assertRead(write(bytes, () -> {}), bytes);
        heal.join();
    }

    @Test
    void aChunkThatWasMovedIsReadFromWhereItWas() throws Exception {
        Volume only = volume();
        maps.refresh();
        byte[] bytes = bytes(SHORT);
        List<ExtentSlice> slices = write(bytes, () -> {});
        Volume elsewhere = volume();
        volumes.removeLast();
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Member fresh = elsewhere.members().get(i);
            members.add(new Member(
                    fresh.node(),
                    fresh.disk(),
                    Member.BEHIND_FROM_THE_START,
                    only.members().get(i).place(),
                    true));
        }
        volumes.set(0, new Volume(only.id(), 2, "p", only.scheme(), only.state(), members));
        maps.refresh();
        assertRead(slices, bytes);
    }

    /** A metadata client that knows the cluster map, and who is behind. */
    private final class Metadata implements MetadataClient {
        @Override
        @SuppressWarnings("unchecked")
        public <R extends Reply> CompletableFuture<R> submit(GroupId group, RequestId request, Command<R> command) {
            behind.addAll(((MarkBehind) command).missed());
            return CompletableFuture.completedFuture((R) new Reply.BehindReply(List.copyOf(stale)));
        }

        @Override
        @SuppressWarnings("unchecked")
        public <R extends Reply> CompletableFuture<R> query(GroupId group, Query<R> query) {
            ClusterMap map = ClusterMap.of(disks.size() + 1L, nodes, disks, volumes);
            return CompletableFuture.completedFuture((R) new Reply.ClusterMapReply(map));
        }
    }
}
