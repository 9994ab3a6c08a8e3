package io.coffer.metaserver;

import static io.coffer.metaserver.Servers.GROUP;

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
import org.slf4j.LoggerFactory;

/** Three metaservers with one bucket group among them, in one process, over gRPC on the loopback. */
final class ThreeServers implements AutoCloseable {
    static final int COUNT = 3;

    private static final long BACK_OFF_NANOS = 2_000_000;
    private static final Duration GIVE_UP = Duration.ofSeconds(60);

    private final Path directory;
    private final AtomicReferenceArray<@Nullable MetaServer> servers = new AtomicReferenceArray<>(COUNT);
    private final List<Peer> peers = new ArrayList<>();

    ThreeServers(Path directory) throws IOException {
        // Peers that come and go are what these tests are about; Ratis reports each of them many times over.
        ((Logger) LoggerFactory.getLogger("org.apache.ratis")).setLevel(Level.OFF);
        this.directory = directory;
        List<ServerSocket> held = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            peers.add(new Peer(
                    new NodeId(new UUID(7, i)), "127.0.0.1:" + held.get(i).getLocalPort(), 0));
        }
        for (ServerSocket socket : held) {
            socket.close();
        }
    }

    void start(int i) throws IOException {
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
                                        8 << 10,
                                        4 << 10,
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

    void stop(int i) throws IOException {
        MetaServer server = servers.getAndSet(i, null);
        if (server != null) {
            server.close();
        }
    }

    /** The server that leads, or the other. */
    int leaderOr(int other) {
        for (int i = 0; i < COUNT; i++) {
            MetaServer server = servers.get(i);
            if (server != null && server.status().getFirst().leads()) {
                return i;
            }
        }
        return other;
    }

    /** As a gateway does: any server, again and again, under one request id. Empty if it was refused. */
    <R extends Reply> Optional<R> submit(Random random, Command<R> command) {
        RequestId request = RequestId.create(System.currentTimeMillis(), random);
        return call(random, server -> server.client().submit(GROUP, request, command));
    }

    <R extends Reply> Optional<R> query(Random random, Query<R> query) {
        return call(random, server -> server.client().query(GROUP, query));
    }

    private interface Attempt<R> {
        CompletableFuture<R> on(MetaServer server);
    }

    private <R> Optional<R> call(Random random, Attempt<R> attempt) {
        long began = System.nanoTime();
        while (System.nanoTime() - began < GIVE_UP.toNanos()) {
            int any = random.nextInt(COUNT);
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

    MetaServer server(int i) {
        MetaServer server = servers.get(i);
        if (server == null) {
            throw new IllegalStateException("server " + i + " is stopped");
        }
        return server;
    }

    @Override
    public void close() throws IOException {
        for (int i = 0; i < COUNT; i++) {
            stop(i);
        }
    }
}
