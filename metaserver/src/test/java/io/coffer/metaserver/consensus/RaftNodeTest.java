package io.coffer.metaserver.consensus;

import static io.coffer.metaserver.consensus.Groups.DATA;
import static io.coffer.metaserver.consensus.Groups.PATIENCE;
import static io.coffer.metaserver.consensus.Groups.SELF;
import static io.coffer.metaserver.consensus.Groups.SETTINGS;
import static io.coffer.metaserver.consensus.Groups.alone;
import static io.coffer.metaserver.consensus.Groups.batch;
import static io.coffer.metaserver.consensus.Groups.get;
import static io.coffer.metaserver.consensus.Groups.leading;
import static io.coffer.metaserver.consensus.Groups.propose;
import static io.coffer.metaserver.consensus.Groups.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.coffer.common.id.GroupId;
import io.coffer.common.io.NoSpaceException;
import io.coffer.common.metadata.MetadataUnavailableException;
import io.coffer.common.metadata.RefusedException;
import io.coffer.metaserver.command.Outcome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RaftNodeTest {
    @TempDir
    Path directory;

    @Test
    void aCommittedCommandIsReadBack() throws Exception {
        try (RaftNode node = alone(directory)) {
            ConsensusGroup group = leading(node, DATA);
            put(group, "a", "one");
            assertThat(get(group, "a")).isEqualTo("one");
        }
    }

    @Test
    void aRefusalComesBackAsSuchAndTheBatchGoesOn() throws Exception {
        try (RaftNode node = alone(directory)) {
            List<Outcome> outcomes = propose(leading(node, DATA), "a", "").get(10, TimeUnit.SECONDS);
            assertThat(outcomes).singleElement().isInstanceOf(Outcome.Refused.class);
            assertThatThrownBy(() -> get(leading(node, DATA), "a")).isInstanceOf(RefusedException.class);
        }
    }

    @Test
    void groupsDontSeeOneAnother() throws Exception {
        try (RaftNode node = alone(directory)) {
            put(leading(node, DATA), "a", "one");
            assertThatThrownBy(() -> get(leading(node, GroupId.SYSTEM), "a")).isInstanceOf(RefusedException.class);
        }
    }

    @Test
    void everythingIsThereAfterAnOrderlyRestart() throws Exception {
        try (RaftNode node = alone(directory)) {
            put(leading(node, DATA), "a", "one");
            put(leading(node, DATA), "a", "two");
        }
        try (RaftNode node = alone(directory)) {
            assertThat(get(leading(node, DATA), "a")).isEqualTo("two");
        }
    }

    @Test
    void whatWasAcknowledgedIsThereAfterAKill() throws Exception {
        Path copy = directory.resolve("copy");
        try (RaftNode node = alone(directory.resolve("live"))) {
            ConsensusGroup group = leading(node, DATA);
            for (int i = 0; i < 50; i++) {
                put(group, "key-" + i, "etag-" + i);
            }
            copy(directory.resolve("live"), copy);
        }
        try (RaftNode node = alone(copy)) {
            ConsensusGroup group = leading(node, DATA);
            for (int i = 0; i < 50; i++) {
                assertThat(get(group, "key-" + i)).isEqualTo("etag-" + i);
            }
        }
    }

    @Test
    void aCheckpointPurgesTheLogAndARestartGoesOnBehindIt() throws Exception {
        Path copy = directory.resolve("copy");
        try (RaftNode node = alone(directory.resolve("live"))) {
            ConsensusGroup group = leading(node, DATA);
            for (int i = 0; i < 20; i++) {
                group.propose(batch("key-" + i, "etag-" + i, 16 << 10)).get(10, TimeUnit.SECONDS);
            }
            assertThat(firstLogIndex(directory.resolve("live"))).isZero();
            node.checkpointAll();
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(firstLogIndex(directory.resolve("live"))).isGreaterThan(10));
            put(group, "behind", "it");
            copy(directory.resolve("live"), copy);
        }
        try (RaftNode node = alone(copy)) {
            ConsensusGroup group = leading(node, DATA);
            assertThat(get(group, "key-0")).isEqualTo("etag-0");
            assertThat(get(group, "behind")).isEqualTo("it");
            node.checkpointAll();
            assertThat(checkpoints(copy)).hasSize(1);
        }
    }

    @Test
    void aCheckpointWithoutRoomIsNotTried() throws Exception {
        try (RaftNode node = alone(directory)) {
            ConsensusGroup group = leading(node, DATA);
            put(group, "a", TextState.VAST);
            assertThatThrownBy(node::checkpointAll).hasCauseInstanceOf(NoSpaceException.class);
            assertThat(checkpoints(directory)).isEmpty();
            put(group, "a", "one");
            node.checkpointAll();
            assertThat(checkpoints(directory)).hasSize(1);
        }
    }

    @Test
    void theLogStaysBoundedByItself() throws Exception {
        RaftSettings settings = new RaftSettings(
                SETTINGS.electionTimeoutMin(),
                SETTINGS.electionTimeoutMax(),
                true,
                64 << 10,
                16 << 10,
                256 << 10,
                1_000_000,
                10);
        try (RaftNode node = alone(directory, settings)) {
            ConsensusGroup group = leading(node, DATA);
            for (int i = 0; i < 400; i++) {
                group.propose(batch("key-" + i % 7, "etag-" + i, 16 << 10)).get(10, TimeUnit.SECONDS);
            }
            // 6.4 MiB went through
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(logBytes(directory)).isLessThan(1 << 20));
        }
        try (RaftNode node = alone(directory, settings)) {
            assertThat(get(leading(node, DATA), "key-0")).isEqualTo("etag-399");
        }
    }

    @Test
    void aGroupOfOneOpensNoPort() throws Exception {
        List<String> before = listening();
        try (RaftNode node = alone(directory)) {
            put(leading(node, DATA), "a", "one");
            assertThat(listening()).isEqualTo(before);
        }
    }

    @Test
    void aGroupOfOneElectsItselfAtOnce() throws Exception {
        try (RaftNode warm = alone(directory.resolve("warm"))) {
            leading(warm, DATA);
        }
        try (RaftNode node = alone(directory.resolve("node"))) {
            ConsensusGroup group = node.group(DATA).orElseThrow();
            // Ratis' own default is over five seconds.
            await().atMost(Duration.ofSeconds(2))
                    .pollInterval(Duration.ofMillis(1))
                    .until(group::leads);
        }
    }

    @Test
    void aBugInApplyStopsItsGroupAndNoOther() throws Exception {
        try (RaftNode node = alone(directory)) {
            ConsensusGroup group = leading(node, DATA);
            put(group, "a", "one");
            CompletableFuture<List<Outcome>> poisoned = propose(group, "b", TextState.POISON);
            assertThatThrownBy(() -> poisoned.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .hasCauseInstanceOf(MetadataUnavailableException.class);
            await().atMost(PATIENCE).until(() -> group.failure().isPresent());
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThatThrownBy(() -> get(group, "a"))
                            .satisfiesAnyOf(
                                    e -> assertThat(e).isInstanceOf(MetadataUnavailableException.class),
                                    e -> assertThat(e).hasCauseInstanceOf(MetadataUnavailableException.class)));
            put(leading(node, GroupId.SYSTEM), "a", "one");
        }
    }

    @Test
    void aGroupThatFoundNoRoomIsOpenAgainWhenThereIsSome() throws Exception {
        List<ConsensusGroup> opened = new CopyOnWriteArrayList<>();
        try (RaftNode node = alone(directory)) {
            ConsensusGroup group = leading(node, DATA);
            put(group, "a", "one");
            List<Path> full = mark(TextState.FULL);
            node.reopenStopped(() -> full.stream().noneMatch(Files::exists), opened::add);
            assertThatThrownBy(() -> propose(group, "b", "two").get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .hasCauseInstanceOf(MetadataUnavailableException.class);
            await().atMost(PATIENCE).until(() -> group.failure().isPresent());
            await().during(Limits.ROOM_CHECKS.plusSeconds(1)).until(opened::isEmpty);
            // Whoever looks meanwhile is answered.
            assertThat(group.figures().members()).isOne();
            assertThat(group.status().nodes()).containsExactly(SELF);
            assertThat(group.leads()).isFalse();
            for (Path mark : full) {
                Files.delete(mark);
            }
            await().atMost(PATIENCE).until(() -> !opened.isEmpty());
            assertThat(node.group(DATA)).contains(opened.getFirst());
            ConsensusGroup again = leading(node, DATA);
            assertThat(again.failure()).isEmpty();
            assertThat(get(again, "a")).isEqualTo("one");
            // Nobody was told, but it was in the log.
            assertThat(get(again, "b")).isEqualTo("two");
            put(again, "c", "three");
        }
        assertThat(opened).hasSize(1);
        try (RaftNode node = alone(directory)) {
            assertThat(get(leading(node, DATA), "c")).isEqualTo("three");
        }
    }

    @Test
    void closingEndsThoughAnEntryCanNotBeApplied() throws Exception {
        RaftNode node = alone(directory);
        ConsensusGroup group = leading(node, DATA);
        put(group, "a", "one");
        List<Path> slow = mark(TextState.SLOW);
        mark(TextState.FULL);
        CompletableFuture<List<Outcome>> first = propose(group, "b", "two");
        CompletableFuture<List<Outcome>> second = propose(group, "c", "three");
        CompletableFuture<Void> closed = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("closer").start(() -> {
            try {
                node.close();
                closed.complete(null);
            } catch (IOException e) {
                closed.completeExceptionally(e);
            }
        });
        await().atMost(PATIENCE).until(() -> !group.leads());
        // What closes waits for what applies.
        assertThatThrownBy(() -> closed.get(1, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
        for (Path mark : slow) {
            Files.delete(mark);
        }
        closed.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(group.failure()).hasValueSatisfying(why -> assertThat(why).hasStackTraceContaining("No space left"));
        assertThat(first).isCompletedExceptionally();
        assertThat(second).isCompletedExceptionally();
    }

    @Test
    void aGroupThatRatisClosedBehindOurBackHasFailed() throws Exception {
        try (RaftNode node = alone(directory)) {
            ConsensusGroup group = leading(node, DATA);
            assertThat(group.failure()).isEmpty();
            group.stop();
            assertThat(group.failure())
                    .hasValueSatisfying(why -> assertThat(why).hasMessageContaining("Raft has closed it"));
            // Whoever looks is answered.
            assertThat(group.leads()).isFalse();
            assertThat(group.status().nodes()).containsExactly(SELF);
            assertThat(group.figures().members()).isOne();
        }
    }

    /** A file of this name for each group; returns them. */
    private List<Path> mark(String name) throws IOException {
        List<Path> marks;
        try (Stream<Path> found = Files.list(directory.resolve("raft"))) {
            marks = found.map(group -> group.resolve(name)).toList();
        }
        for (Path mark : marks) {
            Files.createFile(mark);
        }
        return marks;
    }

    @Test
    void aGroupIsAddedAndRemovedWhileOthersRun() throws Exception {
        GroupId second = new GroupId(2);
        try (RaftNode node = alone(directory)) {
            node.add(GroupSpec.alone(second, SELF));
            put(leading(node, second), "a", "one");
            node.remove(second);
            assertThat(node.group(second)).isEmpty();
            node.add(GroupSpec.alone(second, SELF));
            assertThatThrownBy(() -> get(leading(node, second), "a")).isInstanceOf(RefusedException.class);
        }
    }

    @Test
    void aTornLastWriteIsCutOff() throws Exception {
        Path copy = directory.resolve("copy");
        try (RaftNode node = alone(directory.resolve("live"))) {
            ConsensusGroup group = leading(node, DATA);
            put(group, "a", "one");
            group.propose(batch("torn", "lost", 8 << 10)).get(10, TimeUnit.SECONDS);
            copy(directory.resolve("live"), copy);
        }
        Path segment = openSegment(copy);
        long end = endOfWritten(segment);
        try (FileChannel file = FileChannel.open(segment, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.allocate(2048), (end - 4096) / 512 * 512);
        }
        try (RaftNode node = alone(copy)) {
            ConsensusGroup group = leading(node, DATA);
            assertThat(get(group, "a")).isEqualTo("one");
            assertThatThrownBy(() -> get(group, "torn")).isInstanceOf(RefusedException.class);
            put(group, "b", "two");
        }
    }

    @Test
    void damageInTheLogIsRefused() throws Exception {
        Path copy = directory.resolve("copy");
        try (RaftNode node = alone(directory.resolve("live"))) {
            ConsensusGroup group = leading(node, DATA);
            put(group, "a", "one");
            put(group, "b", "two");
            copy(directory.resolve("live"), copy);
        }
        Path segment = openSegment(copy);
        long at = endOfWritten(segment) - 20;
        try (FileChannel file = FileChannel.open(segment, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            file.read(one, at);
            one.put(0, (byte) (one.get(0) ^ 4)).rewind();
            file.write(one, at);
        }
        assertThatThrownBy(() -> alone(copy).close())
                .isInstanceOf(IOException.class)
                .hasStackTraceContaining("the log is damaged");
    }

    private static Path openSegment(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().contains("9b01"))
                    .filter(file -> file.getFileName().toString().startsWith("log_inprogress"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static long endOfWritten(Path segment) throws IOException {
        byte[] bytes = Files.readAllBytes(segment);
        int end = bytes.length;
        while (bytes[end - 1] == 0) {
            end--;
        }
        return end;
    }

    private static long firstLogIndex(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().contains("9b01"))
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("log_"))
                    .mapToLong(name -> Long.parseLong(
                            name.replace("log_", "").replace("inprogress_", "").replaceAll("-.*", "")))
                    .min()
                    .orElseThrow();
        }
    }

    private static long logBytes(Path root) throws IOException {
        long bytes = 0;
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(f -> f.getFileName().toString().startsWith("log_"))
                    .toList()) {
                bytes += Files.exists(file) ? Files.size(file) : 0;
            }
        }
        return bytes;
    }

    private static List<Path> checkpoints(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().contains("9b01"))
                    .filter(file -> file.getParent().getFileName().toString().equals("sm"))
                    .toList();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
    }

    /** The inodes of this process' listening TCP sockets. */
    private static List<String> listening() throws IOException {
        List<String> sockets = new ArrayList<>();
        for (String table : List.of("/proc/self/net/tcp", "/proc/self/net/tcp6")) {
            for (String line : Files.readAllLines(Path.of(table))) {
                String[] words = line.trim().split("\\s+");
                if (words.length > 9 && words[3].equals("0A")) {
                    sockets.add("socket:[" + words[9] + "]");
                }
            }
        }
        List<String> ours = new ArrayList<>();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors.toList()) {
                try {
                    ours.add(Files.readSymbolicLink(descriptor).toString());
                } catch (IOException e) {
                    // closed meanwhile
                }
            }
        }
        sockets.retainAll(ours);
        sockets.sort(null);
        return sockets;
    }
}
