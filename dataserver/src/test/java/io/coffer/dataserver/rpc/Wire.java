package io.coffer.dataserver.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coffer.common.chunk.ChunkStore;
import io.coffer.common.chunk.remote.ChunkClientOptions;
import io.coffer.common.chunk.remote.RemoteChunkStores;
import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.cluster.Node;
import io.coffer.common.id.NodeId;
import io.coffer.dataserver.chunk.LocalChunkStore;
import io.coffer.dataserver.chunk.OpenStore;
import io.netty.buffer.ByteBufUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A store's server on the loopback, and a client of it. */
final class Wire implements AutoCloseable {
    static final NodeId CALLER = NodeId.parse("33333333-3333-4333-8333-333333333333");

    /** Short, where tests wait for what doesn't come. */
    static final ChunkClientOptions IMPATIENT =
            new ChunkClientOptions(Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofSeconds(4), 1, 1, false);

    private static final Queue<String> LEAKS = new ConcurrentLinkedQueue<>();

    static {
        ByteBufUtil.setLeakListener((type, records) -> LEAKS.add(type + ": " + records));
    }

    /** Null for a client only. */
    final ChunkServer server;

    final RemoteChunkStores stores;
    private final AtomicReference<ClusterMap> map = new AtomicReference<>();

    private Wire(@Nullable ChunkServer server, @Nullable TestTls tls, ChunkClientOptions options, InetSocketAddress at)
            throws Exception {
        this.server = server;
        callAt(at);
        stores = new RemoteChunkStores(
                map::get,
                new RemoteChunkStores.Caller(OpenStore.CLUSTER, CALLER, null, tls == null ? null : tls.client()),
                options);
    }

    static Wire to(LocalChunkStore store, @Nullable TestTls tls) throws Exception {
        return to(store, tls, ChunkClientOptions.DEFAULT, ChunkServerOptions.DEFAULT);
    }

    static Wire to(
            LocalChunkStore store,
            @Nullable TestTls tls,
            ChunkClientOptions clientOptions,
            ChunkServerOptions serverOptions)
            throws Exception {
        ChunkServer server = serve(store, tls, serverOptions, 0);
        return new Wire(server, tls, clientOptions, server.address());
    }

    /** Whose client reads the server's files. */
    static Wire readingFilesOf(LocalChunkStore store) throws Exception {
        return to(store, null, ChunkClientOptions.DEFAULT.readingFiles(), ChunkServerOptions.DEFAULT);
    }

    static Wire clientOf(InetSocketAddress address) throws Exception {
        return new Wire(null, null, ChunkClientOptions.DEFAULT, address);
    }

    static ChunkServer serve(LocalChunkStore store, @Nullable TestTls tls, ChunkServerOptions options, int port)
            throws Exception {
        return ChunkServer.start(
                store,
                OpenStore.CLUSTER,
                OpenStore.NODE,
                new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port),
                tls == null ? null : tls.server(),
                options);
    }

    /** Lets the client find the server at an address: its own, or that of something in between. */
    void callAt(InetSocketAddress address) {
        ClusterMap last = map.get();
        map.set(ClusterMap.of(
                last == null ? 1 : last.revision() + 1,
                List.of(new Node(OpenStore.NODE, "here/1/1", "127.0.0.1:" + address.getPort())),
                List.of(),
                List.of()));
    }

    ChunkStore chunks() {
        return stores.of(OpenStore.NODE).orElseThrow();
    }

    /** What the server holds goes back when its streams are over. */
    void awaitNothingHeld() {
        await().untilAsserted(() -> {
            assertThat(server.load().streams()).isZero();
            assertThat(server.load().writeBytes()).isZero();
            assertThat(server.load().readBytes()).isZero();
        });
    }

    @Override
    public void close() {
        stores.close();
        if (server != null) {
            server.close();
        }
        assertThat(LEAKS).isEmpty();
    }
}
