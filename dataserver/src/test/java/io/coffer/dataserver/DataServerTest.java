package io.coffer.dataserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coffer.common.checksum.BlockChecksums;
import io.coffer.common.chunk.ChunkAddress;
import io.coffer.common.chunk.ChunkDescriptor;
import io.coffer.common.chunk.ChunkError;
import io.coffer.common.chunk.ChunkException;
import io.coffer.common.chunk.ChunkWriter;
import io.coffer.common.chunk.DiskStatus;
import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.cluster.Disk;
import io.coffer.common.cluster.Member;
import io.coffer.common.cluster.Node;
import io.coffer.common.cluster.ProtectionScheme;
import io.coffer.common.cluster.Volume;
import io.coffer.common.id.ClusterId;
import io.coffer.common.id.DiskId;
import io.coffer.common.id.ExtentId;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.NodeId;
import io.coffer.common.id.RequestId;
import io.coffer.common.id.VolumeId;
import io.coffer.common.io.FileSystem;
import io.coffer.common.io.OpenMode;
import io.coffer.common.io.StorageFile;
import io.coffer.common.io.fault.Attempt.Operation;
import io.coffer.common.io.fault.CrashableFileSystem;
import io.coffer.common.io.fault.Fault;
import io.coffer.common.io.fault.FaultyFileSystem;
import io.coffer.common.metadata.Command;
import io.coffer.common.metadata.MetadataClient;
import io.coffer.common.metadata.Query;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.SystemCommand.MemberCaughtUp;
import io.coffer.common.time.ManualTime;
import io.coffer.dataserver.background.CatchUp;
import io.coffer.dataserver.background.ChunkRepair;
import io.coffer.dataserver.background.MaintenanceRates;
import io.coffer.dataserver.background.SystemGroup;
import io.coffer.dataserver.disk.DiskOptions;
import io.coffer.dataserver.disk.DiskRefusedException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Several disks of one node: opened together, one in trouble, repaired from one another. */
final class DataServerTest {
    private static final ClusterId CLUSTER = new ClusterId(new UUID(1, 1));
    private static final NodeId NODE = new NodeId(new UUID(2, 2));
    private static final NodeId OTHER_NODE = new NodeId(new UUID(2, 3));
    private static final VolumeId VOLUME = new VolumeId(4);
    private static final DataServerOptions OPTIONS = new DataServerOptions(
            new DiskOptions(1 << 20, 64 << 10, 0, 64 << 10, 64 << 10),
            8 << 20,
            8 << 20,
            new MaintenanceRates(64 << 20, Duration.ofSeconds(10), 64 << 20));

    private final Map<String, FileSystem> disks = new HashMap<>();
    private final ManualTime time = new ManualTime(1_700_000_000_000L);
    private final List<ChunkAddress> damaged = Collections.synchronizedList(new ArrayList<>());
    private final Random random = new Random(5);
    private DataServer server;

    private DataServer open(String... paths) throws DiskRefusedException {
        List<DiskConfig> configs = new ArrayList<>();
        for (String path : paths) {
            disks.computeIfAbsent(path, p -> new CrashableFileSystem());
            configs.add(DiskConfig.of(path));
        }
        return open(configs);
    }

    private DataServer open(List<DiskConfig> configs) throws DiskRefusedException {
        server = DataServer.open(
                configs,
                CLUSTER,
                NODE,
                OPTIONS,
                new DataServer.Surroundings(disks::get, time, time, random, (chunk, what) -> damaged.add(chunk)));
        return server;
    }

    @AfterEach
    void close() {
        if (server != null) {
            server.close();
        }
    }

    private Volume volume() {
        List<Member> members = server.disks().stream()
                .map(disk -> new Member(NODE, disk.disk()))
                .toList();
        return new Volume(
                VOLUME,
                3,
                "replica-" + members.size(),
                new ProtectionScheme.Replicated(members.size()),
                Volume.State.OPEN,
                members);
    }

    private ClusterMap map(Volume volume) {
        return ClusterMap.of(1, List.of(new Node(NODE, "site/rack/node", "")), List.of(), List.of(volume));
    }

    private static byte[] bytes(long number) {
        byte[] bytes = new byte[(int) (number * 40_000 % 300_000)];
        new Random(number).nextBytes(bytes);
        return bytes;
    }

    private static ChunkAddress address(Volume volume, long number, int index) {
        return new ChunkAddress(
                volume.members().get(index).disk(), VOLUME, volume.epoch(), new ExtentId(number << 16, number), index);
    }

    private void put(Volume volume, long number, int index) throws Exception {
        byte[] bytes = bytes(number);
        BlockChecksums checksums = new BlockChecksums();
        checksums.update(ByteBuffer.wrap(bytes));
        ChunkDescriptor descriptor =
                new ChunkDescriptor(address(volume, number, index), volume.scheme(), bytes.length, bytes.length);
        try (ChunkWriter writer = server.chunkStore().create(descriptor)) {
            writer.write(ByteBuffer.wrap(bytes));
            writer.commit(checksums.result()).get();
        }
    }

    private byte[] get(ChunkAddress address, int length) throws ChunkException {
        ByteBuffer target = ByteBuffer.allocate(length);
        server.chunkStore().read(address, 0, target);
        return target.array();
    }

    @Test
    void severalDisksServeTheCopiesOfAVolume() throws Exception {
        open("/a", "/b", "/c");
        Volume volume = volume();
        for (int index = 0; index < 3; index++) {
            put(volume, 5, index);
        }
        server.close();
        open("/a", "/b", "/c");
        for (int index = 0; index < 3; index++) {
            assertThat(get(address(volume, 5, index), bytes(5).length)).isEqualTo(bytes(5));
        }
        assertThat(server.stats().disks()).hasSize(3);
        assertThat(server.unavailable()).isEmpty();
    }

    @Test
    void aDiskThatCannotBeReadDoesNotKeepTheOthersFromOpening() throws Exception {
        open("/a", "/b");
        DiskId healthy = server.disks().get(1).disk();
        server.close();
        FaultyFileSystem broken = new FaultyFileSystem(disks.get("/a"));
        broken.inject(Operation.READ, new Fault.InputOutputError());
        disks.put("/a", broken);
        open("/a", "/b");
        assertThat(server.disks()).extracting(DiskStatus::disk).containsExactly(healthy);
        assertThat(server.unavailable())
                .singleElement()
                .satisfies(disk -> assertThat(disk.path()).isEqualTo("/a"));
    }

    @Test
    void aDiskThatFailsLeavesTheOthersAlone() throws Exception {
        FaultyFileSystem failing = new FaultyFileSystem(new CrashableFileSystem());
        disks.put("/a", failing);
        open("/a", "/b");
        Volume volume = volume();
        put(volume, 1, 0);
        put(volume, 1, 1);
        failing.inject(Operation.SYNC, new Fault.InputOutputError());
        assertThatThrownBy(() -> put(volume, 2, 0)).hasMessageContaining("failed");
        put(volume, 2, 1);
        assertThat(server.disks()).extracting(DiskStatus::state).containsExactly(Disk.State.FAILED, Disk.State.HEALTHY);
    }

    @Test
    void aCopiedDirectoryIsRefused() throws Exception {
        open("/a");
        server.close();
        CrashableFileSystem copy = new CrashableFileSystem();
        byte[] identity = disks.get("/a").readSmall("identity", 1000);
        copy.replace("identity", identity);
        disks.put("/b", copy);
        assertThatThrownBy(() -> open("/a", "/b"))
                .isInstanceOf(DiskRefusedException.class)
                .hasMessage("/b: is the same disk as /a: one of them is a copy");
        open("/a"); // nothing was left locked
    }

    @Test
    void aForeignDirectoryIsRefusedAndNothingStaysOpen() throws Exception {
        disks.put("/b", new CrashableFileSystem());
        disks.get("/b").replace("holiday.jpg", new byte[3]);
        assertThatThrownBy(() -> open("/a", "/b"))
                .isInstanceOf(DiskRefusedException.class)
                .hasMessageContaining("holiday.jpg");
        open("/a");
    }

    @Test
    void aKnownDiskThatIsGoneIsUnavailableNotNew() throws Exception {
        open("/a", "/b");
        DiskId first = server.disks().getFirst().disk();
        server.close();
        disks.put("/a", new CrashableFileSystem()); // not mounted: an empty directory
        open(List.of(new DiskConfig("/a", Optional.of(first)), DiskConfig.of("/b")));
        assertThat(server.unavailable()).hasSize(1);
        assertThat(disks.get("/a").list("")).isEmpty();
    }

    @Test
    void aDamagedCopyIsRepairedFromAnother() throws Exception {
        open("/a", "/b");
        Volume volume = volume();
        for (long number = 1; number < 6; number++) {
            put(volume, number, 0);
            put(volume, number, 1);
        }
        server.close();
        for (String name : disks.get("/a").list("segments")) {
            try (StorageFile file = disks.get("/a").open("segments/" + name, OpenMode.READ_WRITE)) {
                for (long at = 8192 + 4096; at < file.size(); at += 20_000) {
                    file.write(ByteBuffer.wrap(new byte[] {9, 9, 9}), at);
                }
            }
        }
        open("/a", "/b");
        ChunkRepair repair = server.repair(node -> Optional.of(server.chunkStore()), () -> map(volume));
        int repaired = 0;
        for (long number = 1; number < 6; number++) {
            ChunkAddress chunk = address(volume, number, 0);
            try {
                get(chunk, bytes(number).length);
            } catch (ChunkException e) {
                assertThat(e.error()).isEqualTo(ChunkError.CORRUPT);
                assertThat(repair.repair(chunk)).isEqualTo(ChunkRepair.Result.REPAIRED);
                repaired++;
            }
            assertThat(get(chunk, bytes(number).length)).isEqualTo(bytes(number));
        }
        assertThat(repaired).isPositive();
        assertThat(damaged).hasSizeGreaterThanOrEqualTo(repaired);
        assertThat(repair.repair(address(volume, 99, 0))).isEqualTo(ChunkRepair.Result.GONE);
        ChunkAddress elsewhere = new ChunkAddress(new DiskId(new UUID(8, 8)), VOLUME, 3, new ExtentId(1 << 16, 1), 0);
        assertThat(repair.repair(elsewhere)).isEqualTo(ChunkRepair.Result.NOT_OURS);
    }

    @Test
    void anEmptyDiskIsFilledFromTheOthers() throws Exception {
        open("/a", "/b", "/c");
        Volume before = volume();
        for (long number = 1; number < 30; number++) {
            for (int index = 0; index < 3; index++) {
                if (number % 3 != index) { // no member has all
                    put(before, number, index);
                }
            }
        }
        server.close();
        disks.put("/b", new CrashableFileSystem());
        open("/a", "/b", "/c");
        Volume now = volume();
        List<Member> members = new ArrayList<>(now.members());
        for (int index = 0; index < 3; index++) {
            // None has all, as after a power cut: whoever compares goes through all the others.
            members.set(
                    index,
                    index == 1
                            ? members.get(index).behindSince(Member.BEHIND_FROM_THE_START)
                            : new Member(OTHER_NODE, members.get(index).disk()).behindSince(2));
        }
        Volume after = new Volume(VOLUME, 4, now.policy(), now.scheme(), now.state(), members);
        OneVolume group = new OneVolume(after);
        CatchUp catchUp = new CatchUp(
                NODE,
                server.chunkStore(),
                node -> Optional.of(server.chunkStore()),
                () -> map(after),
                new SystemGroup(group, time, random),
                1 << 20,
                time);
        for (int steps = 0; group.told.isEmpty() && steps < 10_000; steps++) {
            catchUp.step();
            time.advance(Duration.ofMillis(100));
        }
        assertThat(group.told).singleElement().isInstanceOfSatisfying(MemberCaughtUp.class, told -> {
            assertThat(told).isEqualTo(new MemberCaughtUp(VOLUME, 1, 4, OneVolume.MARKS, told.sequence()));
            assertThat(told.sequence()).as("behind what was copied").isGreaterThanOrEqualTo(29);
        });
        for (long number = 1; number < 30; number++) {
            assertThat(get(address(after, number, 1), bytes(number).length)).isEqualTo(bytes(number));
        }
    }

    /** A system group that knows one volume, and writes down what it is told. */
    private static final class OneVolume implements MetadataClient {
        static final long MARKS = 7;

        final List<Command<?>> told = new ArrayList<>();
        private final Volume volume;

        OneVolume(Volume volume) {
            this.volume = volume;
        }

        @Override
        @SuppressWarnings("unchecked") // a command of this test answers Done
        public <R extends Reply> CompletableFuture<R> submit(GroupId group, RequestId request, Command<R> command) {
            told.add(command);
            return CompletableFuture.completedFuture((R) Reply.DONE);
        }

        @Override
        @SuppressWarnings("unchecked") // the only query is for the marks
        public <R extends Reply> CompletableFuture<R> query(GroupId group, Query<R> query) {
            return CompletableFuture.completedFuture((R) new Reply.MarksReply(MARKS, volume));
        }
    }

    @Test
    void upkeepHappensByItself() throws Exception {
        open("/a");
        Volume volume = volume();
        for (long number = 1; number < 60; number++) {
            put(volume, number, 0);
        }
        for (long number = 1; number < 60; number++) {
            if (number % 10 != 0) {
                assertThat(server.chunkStore().delete(address(volume, number, 0)))
                        .isTrue();
            }
        }
        Awaitility.await().untilAsserted(() -> {
            time.advance(Duration.ofSeconds(1));
            var counters = server.stats().disks().getFirst().counters();
            assertThat(counters.erasedRecords()).isGreaterThanOrEqualTo(50);
            assertThat(counters.freedSegments()).isPositive();
            assertThat(counters.scrubbedBytes()).isPositive();
        });
        for (long number = 10; number < 60; number += 10) {
            assertThat(get(address(volume, number, 0), bytes(number).length)).isEqualTo(bytes(number));
        }
    }
}
