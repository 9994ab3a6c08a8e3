package io.coffer.metaserver;

import static io.coffer.metaserver.Servers.GROUP;
import static io.coffer.metaserver.Servers.put;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.coffer.common.id.NodeId;
import io.coffer.common.id.RequestId;
import io.coffer.common.io.RealFileSystem;
import io.coffer.common.metadata.Command;
import io.coffer.common.metadata.MetadataUnavailableException;
import io.coffer.common.metadata.Query;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.WriteCondition;
import io.coffer.common.time.Ticker;
import io.coffer.common.time.WallClock;
import io.coffer.metaserver.consensus.GroupSpec;
import io.coffer.metaserver.consensus.Peer;
import io.coffer.metaserver.consensus.RaftSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Clients read and write a few keys while metaservers of a group of three stop and come back; the history is linearizable. */
final class LeaderChangesSeededTest {
    private static final int SERVERS = 3;
    private static final int CLIENTS = 6;
    private static final int KEYS = 3;
    private static final int RESTARTS = 3;
    private static final long BACK_OFF_NANOS = 2_000_000;
    private static final Duration GIVE_UP = Duration.ofSeconds(20);

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final AtomicReferenceArray<@Nullable MetaServer> servers = new AtomicReferenceArray<>(SERVERS);
    private final List<Peer> peers = new ArrayList<>();
    private final List<VersionHistory> histories = new ArrayList<>();
    private volatile boolean stopping;

    @TempDir
    Path directory;

    @BeforeAll
    static void quiet() {
        ((Logger) LoggerFactory.getLogger("org.apache.ratis")).setLevel(Level.OFF);
    }

    @AfterEach
    void stopAll() throws IOException {
        for (int i = 0; i < SERVERS; i++) {
            stop(i);
        }
    }

    private void start(int i) throws IOException {
        RaftSettings d = RaftSettings.DEFAULTS;
        MetaServerConfig base = Servers.config();
        servers.set(
                i,
                MetaServer.open(
                        new MetaServerConfig(
                                new MetaServerIdentity(
                                        Servers.IDENTITY.cluster(), peers.get(i).node()),
                                Optional.of(peers.get(i).address()),
                                List.of(new GroupSpec(GROUP, peers)),
                                new RaftSettings(
                                        Duration.ofMillis(300),
                                        Duration.ofMillis(600),
                                        true,
                                        d.segmentBytes(),
                                        d.preallocatedBytes(),
                                        d.checkpointLogBytes(),
                                        500,
                                        50),
                                base.batches(),
                                base.cacheBytes(),
                                base.writeBufferBytes()),
                        RealFileSystem.at(directory.resolve("node-" + i)),
                        WallClock.SYSTEM,
                        Ticker.SYSTEM));
    }

    private void stop(int i) throws IOException {
        MetaServer server = servers.getAndSet(i, null);
        if (server != null) {
            server.close();
        }
    }

    @Test
    void theHistoryIsLinearizable() throws Exception {
        System.out.println("LeaderChangesSeededTest -Dseed=" + seed);
        List<ServerSocket> held = new ArrayList<>();
        for (int i = 0; i < SERVERS; i++) {
            held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            peers.add(new Peer(
                    new NodeId(new UUID(7, i)), "127.0.0.1:" + held.get(i).getLocalPort(), 0));
        }
        for (ServerSocket socket : held) {
            socket.close();
        }
        for (int i = 0; i < SERVERS; i++) {
            start(i);
        }
        for (int i = 0; i < KEYS; i++) {
            histories.add(new VersionHistory());
        }
        Random random = new Random(seed);
        submit(random, Servers.openPartitionCommand());
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            Random own = new Random(seed + i);
            String name = "client-" + i;
            clients.add(Thread.ofPlatform().name(name).start(() -> work(name, own)));
        }
        for (int i = 0; i < RESTARTS; i++) {
            int victim = leaderOr(random.nextInt(SERVERS));
            stop(victim);
            submit(random, put("marker", "restart-" + i, WriteCondition.NONE));
            start(victim);
            submit(random, put("marker", "restarted-" + i, WriteCondition.NONE));
        }
        stopping = true;
        for (Thread client : clients) {
            client.join();
        }
        int operations = 0;
        for (VersionHistory history : histories) {
            assertThat(history.contradiction()).as("seed %d", seed).isNull();
            operations += history.operations();
        }
        System.out.println(operations + " operations");
        assertThat(operations).isGreaterThan(100);
    }

    private int leaderOr(int other) {
        for (int i = 0; i < SERVERS; i++) {
            MetaServer server = servers.get(i);
            if (server != null && server.status().getFirst().leads()) {
                return i;
            }
        }
        return other;
    }

    private void work(String name, Random random) {
        for (int n = 0; !stopping; n++) {
            int key = random.nextInt(KEYS);
            VersionHistory history = histories.get(key);
            long began = System.nanoTime();
            Optional<Reply.ObjectReply> read = query(random, Servers.get("key-" + key));
            long ended = System.nanoTime();
            String etag = read.map(reply -> reply.version().etag()).orElse("");
            long version =
                    read.map(reply -> reply.version().version().sequence()).orElse(0L);
            synchronized (history) {
                history.read(etag, version, began, ended);
            }
            if (random.nextInt(3) == 0) {
                write(history, "key-" + key, name + "-" + n, random.nextBoolean() ? etag : null, random);
            }
        }
    }

    /** @param expected what the object must still be; null for no condition */
    private void write(VersionHistory history, String key, String etag, @Nullable String expected, Random random) {
        WriteCondition condition = expected == null
                ? WriteCondition.NONE
                : expected.isEmpty()
                        ? new WriteCondition(List.of(), List.of("*"))
                        : new WriteCondition(List.of(expected), List.of());
        String recorded = expected == null ? null : expected.isEmpty() ? "-" : expected;
        long began = System.nanoTime();
        try {
            Optional<Reply.PutReply> reply = submit(random, put(key, etag, condition));
            long ended = System.nanoTime();
            if (reply.isPresent()) {
                synchronized (history) {
                    history.wrote(
                            etag, recorded, began, ended, reply.get().version().sequence());
                }
            }
        } catch (IllegalStateException e) {
            synchronized (history) {
                history.wrote(etag, recorded, began, VersionHistory.NEVER, -1);
            }
        }
    }

    /** As a gateway does: any server, again and again, under one request id. Empty if it was refused. */
    private <R extends Reply> Optional<R> submit(Random random, Command<R> command) {
        RequestId request = RequestId.create(System.currentTimeMillis(), random);
        return call(random, server -> server.client().submit(GROUP, request, command));
    }

    private <R extends Reply> Optional<R> query(Random random, Query<R> query) {
        return call(random, server -> server.client().query(GROUP, query));
    }

    private interface Attempt<R> {
        CompletableFuture<R> on(MetaServer server);
    }

    private <R> Optional<R> call(Random random, Attempt<R> attempt) {
        long began = System.nanoTime();
        while (System.nanoTime() - began < GIVE_UP.toNanos()) {
            int any = random.nextInt(SERVERS);
            MetaServer server = servers.get(random.nextInt(4) == 0 ? any : leaderOr(any));
            if (server == null) {
                LockSupport.parkNanos(BACK_OFF_NANOS);
                continue;
            }
            try {
                return Optional.of(attempt.on(server).get(GIVE_UP.toMillis(), TimeUnit.MILLISECONDS));
            } catch (ExecutionException e) {
                switch (e.getCause()) {
                    case RefusedException refused -> {
                        return Optional.empty();
                    }
                    case MetadataUnavailableException unavailable -> LockSupport.parkNanos(BACK_OFF_NANOS);
                    default -> throw new AssertionError(e.getCause());
                }
            } catch (TimeoutException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        throw new IllegalStateException("no answer");
    }
}
