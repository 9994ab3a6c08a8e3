package io.coffer.metaserver;

import static io.coffer.metaserver.Servers.GROUP;
import static io.coffer.metaserver.Servers.IDENTITY;
import static io.coffer.metaserver.Servers.copy;
import static io.coffer.metaserver.Servers.etag;
import static io.coffer.metaserver.Servers.get;
import static io.coffer.metaserver.Servers.open;
import static io.coffer.metaserver.Servers.openPartition;
import static io.coffer.metaserver.Servers.put;
import static io.coffer.metaserver.Servers.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coffer.common.id.ClusterId;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.NodeId;
import io.coffer.common.id.RequestId;
import io.coffer.common.metadata.MetadataClient;
import io.coffer.common.metadata.MetadataUnavailableException;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.SystemCommand.InitializeCluster;
import io.coffer.common.metadata.SystemQuery.GetClusterId;
import io.coffer.common.metadata.WriteCondition;
import io.coffer.metaserver.command.BatchLimits;
import io.coffer.metaserver.consensus.RaftSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MetaServerTest {
    private static final WriteCondition IF_ABSENT = new WriteCondition(List.of(), List.of("*"));

    @TempDir
    Path directory;

    @Test
    void commandsAndQueriesReachTheirGroups() throws Exception {
        try (MetaServer server = open(directory)) {
            MetadataClient client = server.client();
            get(client.submit(GroupId.SYSTEM, request(), new InitializeCluster(IDENTITY.cluster())));
            openPartition(client);
            get(client.submit(GROUP, request(), put("a", "one", WriteCondition.NONE)));
            assertThat(etag(client, "a")).isEqualTo("one");
            assertThat(get(client.query(GroupId.SYSTEM, new GetClusterId())).cluster())
                    .isEqualTo(IDENTITY.cluster());
        }
    }

    @Test
    void aQueryToAGroupOfOneIsAnsweredBeforeTheCallReturns() throws Exception {
        try (MetaServer server = open(directory)) {
            openPartition(server.client());
            assertThat(server.client().query(GROUP, Servers.get("missing"))).isCompletedExceptionally();
            assertThat(server.client().query(GroupId.SYSTEM, new GetClusterId()))
                    .isCompleted();
        }
    }

    @Test
    void futuresFailWithOurOwnTwoExceptionsOnly() throws Exception {
        MetadataClient client;
        try (MetaServer server = open(directory)) {
            client = server.client();
            openPartition(client);
            assertThat(client.query(GROUP, Servers.get("missing")).exceptionNow())
                    .isInstanceOf(RefusedException.class);
            assertThat(client.query(new GroupId(9), Servers.get("a")).exceptionNow())
                    .isInstanceOf(MetadataUnavailableException.class);
            assertThat(client.submit(new GroupId(9), request(), put("a", "one", WriteCondition.NONE))
                            .exceptionNow())
                    .isInstanceOf(MetadataUnavailableException.class);
        }
        assertThatThrownBy(() -> etag(client, "a"))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(MetadataUnavailableException.class);
        assertThatThrownBy(() -> get(client.submit(GROUP, request(), put("a", "one", WriteCondition.NONE))))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(MetadataUnavailableException.class);
    }

    @Test
    void whatWasAcknowledgedIsThereAfterAKill() throws Exception {
        Path copy = directory.resolve("copy");
        try (MetaServer server = open(directory.resolve("live"))) {
            openPartition(server.client());
            for (int i = 0; i < 100; i++) {
                get(server.client().submit(GROUP, request(), put("key-" + i, "etag-" + i, WriteCondition.NONE)));
            }
            copy(directory.resolve("live"), copy);
        }
        try (MetaServer server = open(copy)) {
            for (int i = 0; i < 100; i++) {
                assertThat(etag(server.client(), "key-" + i)).isEqualTo("etag-" + i);
            }
        }
    }

    @Test
    void aRepeatedRequestAnswersWhatItAnsweredAlsoAfterAKill() throws Exception {
        Path copy = directory.resolve("copy");
        RequestId request = request();
        Reply.PutReply first;
        try (MetaServer server = open(directory.resolve("live"))) {
            openPartition(server.client());
            first = get(server.client().submit(GROUP, request, put("a", "one", IF_ABSENT)));
            assertThat(get(server.client().submit(GROUP, request, put("a", "one", IF_ABSENT))))
                    .isEqualTo(first);
            copy(directory.resolve("live"), copy);
        }
        try (MetaServer server = open(copy)) {
            assertThat(get(server.client().submit(GROUP, request, put("a", "one", IF_ABSENT))))
                    .isEqualTo(first);
            assertThatThrownBy(() -> get(server.client().submit(GROUP, request(), put("a", "two", IF_ABSENT))))
                    .cause()
                    .isInstanceOfSatisfying(
                            RefusedException.class,
                            refused -> assertThat(refused.refusal()).isEqualTo(Refusal.PRECONDITION_FAILED));
        }
    }

    @Test
    void ofConcurrentConditionalPutsExactlyOneWins() throws Exception {
        try (MetaServer server = open(directory)) {
            openPartition(server.client());
            for (int round = 0; round < 20; round++) {
                List<CompletableFuture<Reply.PutReply>> attempts = new ArrayList<>();
                for (int i = 0; i < 50; i++) {
                    attempts.add(server.client().submit(GROUP, request(), put("key-" + round, "etag-" + i, IF_ABSENT)));
                }
                List<String> winners = new ArrayList<>();
                for (int i = 0; i < attempts.size(); i++) {
                    try {
                        get(attempts.get(i));
                        winners.add("etag-" + i);
                    } catch (ExecutionException e) {
                        assertThat(e).hasCauseInstanceOf(RefusedException.class);
                    }
                }
                assertThat(winners).hasSize(1);
                assertThat(etag(server.client(), "key-" + round)).isEqualTo(winners.getFirst());
            }
        }
    }

    /** Checkpoints and purges under way while commands go on, killed in between: the replay is bounded and complete. */
    @Test
    void checkpointsUnderLoadLoseNothing() throws Exception {
        RaftSettings d = RaftSettings.DEFAULTS;
        MetaServerConfig base = Servers.config();
        MetaServerConfig config = new MetaServerConfig(
                base.identity(),
                base.address(),
                base.groups(),
                new RaftSettings(
                        d.electionTimeoutMin(), d.electionTimeoutMax(), true, 64 << 10, 16 << 10, 1 << 20, 300, 0),
                base.batches(),
                base.cacheBytes(),
                base.writeBufferBytes());
        Path current = directory.resolve("0");
        int written = 0;
        for (int life = 1; life <= 4; life++) {
            try (MetaServer server = open(current, config)) {
                if (life == 1) {
                    openPartition(server.client());
                }
                for (int i = 0; i < written; i += 37) {
                    assertThat(etag(server.client(), "key-" + i)).isEqualTo("etag-" + i);
                }
                List<CompletableFuture<Reply.PutReply>> puts = new ArrayList<>();
                for (int i = 0; i < 1500; i++) {
                    puts.add(server.client()
                            .submit(GROUP, request(), put("key-" + written, "etag-" + written, WriteCondition.NONE)));
                    written++;
                }
                for (CompletableFuture<Reply.PutReply> put : puts) {
                    get(put);
                }
                server.checkpoint();
                Path next = directory.resolve(Integer.toString(life));
                copy(current, next);
                current = next;
            }
        }
        try (MetaServer server = open(current, config)) {
            for (int i = 0; i < written; i++) {
                assertThat(etag(server.client(), "key-" + i)).isEqualTo("etag-" + i);
            }
            assertThat(logBytes(current)).isLessThan(1 << 20);
        }
    }

    @Test
    void overloadIsAnsweredAtOnceAndPasses() throws Exception {
        MetaServerConfig base = Servers.config();
        BatchLimits d = BatchLimits.DEFAULTS;
        MetaServerConfig config = new MetaServerConfig(
                base.identity(),
                base.address(),
                base.groups(),
                base.raft(),
                new BatchLimits(
                        d.commandBytes(), d.batchBytes(), 4, 1, 1, d.eagerBytes(), 50, d.waitingBytes(), d.deadline()),
                base.cacheBytes(),
                base.writeBufferBytes());
        try (MetaServer server = open(directory, config)) {
            openPartition(server.client());
            List<CompletableFuture<Reply.PutReply>> puts = new ArrayList<>();
            for (int i = 0; i < 2000; i++) {
                puts.add(server.client().submit(GROUP, request(), put("key-" + i, "etag", WriteCondition.NONE)));
            }
            int turnedAway = 0;
            for (CompletableFuture<Reply.PutReply> put : puts) {
                try {
                    get(put);
                } catch (ExecutionException e) {
                    assertThat(e.getCause())
                            .isInstanceOfSatisfying(
                                    MetadataUnavailableException.class,
                                    why -> assertThat(why.reason())
                                            .isEqualTo(MetadataUnavailableException.Reason.OVERLOADED));
                    turnedAway++;
                }
            }
            assertThat(turnedAway).isPositive().isLessThan(2000);
            get(server.client().submit(GROUP, request(), put("after", "etag", WriteCondition.NONE)));
        }
    }

    @Test
    void aDirectoryInUseIsRefused() throws Exception {
        try (MetaServer server = open(directory)) {
            assertThatThrownBy(() -> open(directory))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("another process");
            assertThat(server.status()).allMatch(MetaServer.GroupStatus::leads);
        }
    }

    @Test
    void aDirectoryOfAnotherClusterOrNodeIsRefused() throws Exception {
        open(directory).close();
        MetaServerConfig config = Servers.config();
        for (MetaServerIdentity other : List.of(
                new MetaServerIdentity(new ClusterId(new UUID(1, 1)), IDENTITY.node()),
                new MetaServerIdentity(IDENTITY.cluster(), new NodeId(new UUID(1, 1))))) {
            assertThatThrownBy(() -> open(
                            directory,
                            new MetaServerConfig(
                                    other,
                                    config.address(),
                                    config.groups(),
                                    config.raft(),
                                    config.batches(),
                                    config.cacheBytes(),
                                    config.writeBufferBytes())))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("belongs to");
        }
        open(directory).close();
    }

    @Test
    void aDamagedIdentityIsRefused() throws Exception {
        open(directory).close();
        byte[] bytes = Files.readAllBytes(directory.resolve("identity"));
        bytes[20] ^= 1;
        Files.write(directory.resolve("identity"), bytes);
        assertThatThrownBy(() -> open(directory))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("damaged");
    }

    private static long logBytes(Path root) throws IOException {
        long bytes = 0;
        try (var files = Files.walk(root)) {
            for (Path file : files.filter(f -> f.getFileName().toString().startsWith("log_"))
                    .toList()) {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }
}
