package io.coffer.metaserver.consensus;

import static io.coffer.metaserver.consensus.Groups.CLUSTER;
import static io.coffer.metaserver.consensus.Groups.DATA;
import static io.coffer.metaserver.consensus.Groups.PATIENCE;
import static io.coffer.metaserver.consensus.Groups.SETTINGS;
import static io.coffer.metaserver.consensus.Groups.batch;
import static io.coffer.metaserver.consensus.Groups.get;
import static io.coffer.metaserver.consensus.Groups.propose;
import static io.coffer.metaserver.consensus.Groups.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.coffer.common.id.NodeId;
import io.coffer.common.io.RealFileSystem;
import io.coffer.common.metadata.MetadataUnavailableException;
import io.coffer.metaserver.command.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Three peers in one process, over gRPC on the loopback. */
final class PeersTest {
    /** Left to itself, Ratis has such leaders rest for ten seconds. */
    private static final Duration BEFORE_RATIS_WOULD_STAND_AGAIN = Duration.ofSeconds(8);

    @TempDir
    Path directory;

    private final List<Peer> peers = new ArrayList<>();
    private final @Nullable RaftNode[] nodes = new RaftNode[3];

    @BeforeAll
    static void quiet() {
        // Peers that come and go are what these tests are about; Ratis reports each of them many times over.
        ((Logger) LoggerFactory.getLogger("org.apache.ratis")).setLevel(Level.OFF);
    }

    @BeforeEach
    void choosePorts() throws IOException {
        List<ServerSocket> held = new ArrayList<>();
        for (int i = 0; i < nodes.length; i++) {
            ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            held.add(socket);
            peers.add(new Peer(new NodeId(new UUID(7, i)), "127.0.0.1:" + socket.getLocalPort(), 0));
        }
        for (ServerSocket socket : held) {
            socket.close();
        }
    }

    @AfterEach
    void stopAll() throws IOException {
        for (int i = 0; i < nodes.length; i++) {
            stop(i);
        }
    }

    private void start(int i) throws IOException {
        start(i, TextState::open);
    }

    private void start(int i, ReplicatedState.Opener opener) throws IOException {
        nodes[i] = RaftNode.start(
                RealFileSystem.at(directory.resolve("node-" + i)),
                CLUSTER,
                peers.get(i).node(),
                Optional.of(peers.get(i).address()),
                SETTINGS,
                opener,
                List.of(new GroupSpec(DATA, peers)));
    }

    private void stop(int i) throws IOException {
        RaftNode node = nodes[i];
        nodes[i] = null;
        if (node != null) {
            node.close();
        }
    }

    private void stopQuietly(int i) {
        try {
            stop(i);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int leader() {
        int[] found = {-1};
        await().atMost(PATIENCE).until(() -> {
            for (int i = 0; i < nodes.length; i++) {
                if (nodes[i] != null && group(i).leads()) {
                    found[0] = i;
                    return true;
                }
            }
            return false;
        });
        return found[0];
    }

    private ConsensusGroup group(int i) {
        return nodes[i].group(DATA).orElseThrow();
    }

    @Test
    void aCommandIsOnEveryPeerAndEveryPeerReadsIt() throws Exception {
        for (int i = 0; i < 3; i++) {
            start(i);
        }
        put(group(leader()), "a", "one");
        for (int i = 0; i < 3; i++) {
            assertThat(get(group(i), "a")).isEqualTo("one");
        }
    }

    @Test
    void aFollowerNamesTheLeaderInsteadOfProposing() throws Exception {
        for (int i = 0; i < 3; i++) {
            start(i);
        }
        int leader = leader();
        int follower = (leader + 1) % 3;
        await().atMost(PATIENCE).until(() -> group(follower).leader().isPresent());
        assertThatThrownBy(() -> propose(group(follower), "a", "one").get(10, TimeUnit.SECONDS))
                .cause()
                .isInstanceOfSatisfying(MetadataUnavailableException.class, why -> {
                    assertThat(why.reason()).isEqualTo(MetadataUnavailableException.Reason.NOT_LEADER);
                    assertThat(why.leader()).contains(peers.get(leader).node());
                });
    }

    @Test
    void theOthersGoOnWhenTheLeaderIsGoneAndItCatchesUpLater() throws Exception {
        for (int i = 0; i < 3; i++) {
            start(i);
        }
        int first = leader();
        put(group(first), "a", "one");
        stop(first);
        int second = leader();
        assertThat(second).isNotEqualTo(first);
        assertThat(get(group(second), "a")).isEqualTo("one");
        put(group(second), "a", "two");
        start(first);
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(get(group(first), "a")).isEqualTo("two"));
    }

    @Test
    void withoutAMajorityNothingIsCommittedOrRead() throws Exception {
        for (int i = 0; i < 3; i++) {
            start(i);
        }
        int leader = leader();
        put(group(leader), "a", "one");
        stop((leader + 1) % 3);
        stop((leader + 2) % 3);
        // Past the lease, which may still allow reads.
        await().atMost(PATIENCE).until(() -> !group(leader).leads());
        assertThatThrownBy(() -> get(group(leader), "a")).cause().isInstanceOf(MetadataUnavailableException.class);
        assertThatThrownBy(() -> propose(group(leader), "a", "two").get(30, TimeUnit.SECONDS))
                .cause()
                .isInstanceOf(MetadataUnavailableException.class);
    }

    @Test
    void aLeaderThatLostItsMajorityLeadsAgainWhenNobodyElseCan() throws Exception {
        for (int i = 0; i < 3; i++) {
            start(i);
        }
        int leader = leader();
        int back = (leader + 1) % 3;
        put(group(leader), "a", "one");
        stop((leader + 2) % 3);
        Thread stopping = Thread.ofPlatform().start(() -> stopQuietly(back));
        // The last of these are on the leader alone: the others can't be elected without them.
        for (int i = 0; group(leader).leads(); i++) {
            CompletableFuture<List<Outcome>> proposed = propose(group(leader), "a", "lonely " + i);
            assertThat(proposed).isNotNull();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
        stopping.join();
        start(back);
        await().atMost(BEFORE_RATIS_WOULD_STAND_AGAIN).until(() -> group(leader).leads());
    }

    /** Two peers whose logs no longer have what a third one needs first. Returns which leads. */
    private int startTwoAndPurge() throws Exception {
        start(0);
        start(1);
        return fillAndPurge();
    }

    private int fillAndPurge() throws Exception {
        int leader = leader();
        for (int i = 0; i < 40; i++) {
            group(leader).propose(batch("key-" + i, "etag-" + i, 16 << 10)).get(10, TimeUnit.SECONDS);
        }
        nodes[0].checkpointAll();
        nodes[1].checkpointAll();
        put(group(leader), "behind", "it");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(firstLogIndex(leader)).isGreaterThan(10));
        return leader;
    }

    /** It has an older checkpoint, and nothing of the log between the two. */
    @Test
    void aPeerThatCanNotOpenTheCheckpointItGotStopsAndDoesSoLater() throws Exception {
        for (int i = 0; i < 3; i++) {
            start(i);
        }
        put(group(leader()), "a", "one");
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(get(group(2), "a")).isEqualTo("one"));
        nodes[2].checkpointAll();
        long old = group(2).appliedIndex();
        stop(2);
        int leader = fillAndPurge();
        start(2, (group, state) -> {
            ReplicatedState opened = TextState.open(group, state);
            if (opened.applied().index() > old) {
                throw new IOException("can't be opened");
            }
            return opened;
        });
        await().atMost(PATIENCE).until(() -> group(2).failure().isPresent());
        put(group(leader), "after", "that");
        CompletableFuture.runAsync(() -> stopQuietly(2)).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        start(2);
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(get(group(2), "after")).isEqualTo("that"));
        assertThat(get(group(2), "key-0")).isEqualTo("etag-0");
    }

    /** The leader offers its checkpoint all the while. */
    @Test
    void aPeerThatTakesLongToOpenMissesNothing() throws Exception {
        startTwoAndPurge();
        start(2, (group, state) -> {
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(3));
            return TextState.open(group, state);
        });
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(get(group(2), "behind")).isEqualTo("it"));
    }

    @Test
    void aPeerThatMissedThePurgedLogGetsACheckpoint() throws Exception {
        int leader = startTwoAndPurge();
        start(2);
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(get(group(2), "behind")).isEqualTo("it"));
        assertThat(get(group(2), "key-0")).isEqualTo("etag-0");
        assertThat(firstLogIndex(2)).isGreaterThan(10);
        put(group(leader), "after", "that");
        stop(2);
        start(2);
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(get(group(2), "after")).isEqualTo("that"));
        assertThat(get(group(2), "key-0")).isEqualTo("etag-0");
    }

    private long firstLogIndex(int node) throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("node-" + node))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("log_"))
                    .mapToLong(name -> Long.parseLong(name.replaceAll("log_(inprogress_)?(\\d+).*", "$2")))
                    .min()
                    .orElseThrow();
        }
    }
}
