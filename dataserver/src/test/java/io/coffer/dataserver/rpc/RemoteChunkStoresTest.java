package io.coffer.dataserver.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.coffer.common.chunk.ChunkError;
import io.coffer.common.chunk.ChunkException;
import io.coffer.common.chunk.ChunkStore;
import io.coffer.common.chunk.ChunkWriter;
import io.coffer.common.chunk.remote.ChunkClientOptions;
import io.coffer.common.chunk.remote.RemoteChunkStores;
import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.cluster.Node;
import io.coffer.common.id.NodeId;
import io.coffer.common.io.fault.CrashableFileSystem;
import io.coffer.dataserver.chunk.OpenStore;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which store a node has, and what becomes of it when nodes move. */
final class RemoteChunkStoresTest {
    private static final NodeId OTHER = new NodeId(new UUID(4, 4));

    private final AtomicReference<ClusterMap> map = new AtomicReference<>(ClusterMap.EMPTY);
    private OpenStore store;
    private ChunkServer server;
    private RemoteChunkStores stores;

    @BeforeEach
    void open() throws Exception {
        store = OpenStore.on(new CrashableFileSystem());
        server = Wire.serve(store.store, null, ChunkServerOptions.DEFAULT, 0);
        stores = new RemoteChunkStores(
                map::get,
                new RemoteChunkStores.Caller(OpenStore.CLUSTER, Wire.CALLER, store.store, null),
                ChunkClientOptions.DEFAULT);
    }

    @AfterEach
    void close() throws Exception {
        stores.close();
        server.close();
        store.close();
    }

    private void show(Node... nodes) {
        map.set(ClusterMap.of(map.get().revision() + 1, List.of(nodes), List.of(), List.of()));
    }

    private static String at(ChunkServer server) {
        return "127.0.0.1:" + server.address().getPort();
    }

    private static Node node(NodeId id, Node.Role role, String address) {
        return new Node(id, role, "", "a/b/c", address, "", Node.State.UP, false);
    }

    @Test
    void onlyDataserversWithAnAddressHaveOne() {
        show(
                node(OpenStore.NODE, Node.Role.METASERVER, at(server)),
                node(OTHER, Node.Role.DATASERVER, ""),
                node(Wire.CALLER, Node.Role.GATEWAY, ""));
        assertThat(stores.of(OpenStore.NODE)).isEmpty();
        assertThat(stores.of(OTHER)).isEmpty();
        assertThat(stores.of(new NodeId(new UUID(9, 9)))).isEmpty();
        assertThat(stores.of(Wire.CALLER)).containsSame(store.store);
        show(node(OTHER, Node.Role.DATASERVER, "nonsense"));
        assertThat(stores.of(OTHER)).isEmpty();
    }

    @Test
    void aNodeIsFollowedToItsNewAddress() throws Exception {
        show(node(OpenStore.NODE, Node.Role.DATASERVER, at(server)));
        ChunkStore first = stores.of(OpenStore.NODE).orElseThrow();
        assertThat(first.disks()).hasSize(1);
        assertThat(stores.of(OpenStore.NODE)).containsSame(first);
        try (ChunkServer moved = Wire.serve(store.store, null, ChunkServerOptions.DEFAULT, 0)) {
            show(node(OpenStore.NODE, Node.Role.DATASERVER, at(moved)));
            ChunkStore second = stores.of(OpenStore.NODE).orElseThrow();
            assertThat(second).isNotSameAs(first);
            assertThat(second.disks()).hasSize(1);
            await().until(() -> server.load().connections() == 0);
            assertUnavailable(first);
        }
    }

    @Test
    void connectionsToANodeThatLeftAreClosed() throws Exception {
        show(node(OpenStore.NODE, Node.Role.DATASERVER, at(server)));
        ChunkStore gone = stores.of(OpenStore.NODE).orElseThrow();
        assertThat(gone.disks()).hasSize(1);
        show(node(OTHER, Node.Role.DATASERVER, at(server)));
        assertThat(stores.of(OTHER)).isPresent();
        await().until(() -> server.load().connections() == 0);
        assertUnavailable(gone);
    }

    @Test
    void anAddressThatIsAnotherNodesNowIsNotUsed() {
        show(node(OTHER, Node.Role.DATASERVER, at(server)));
        ChunkStore wrong = stores.of(OTHER).orElseThrow();
        assertThatThrownBy(wrong::disks)
                .isInstanceOf(ChunkException.class)
                .hasMessageContaining(OpenStore.NODE.toString());
    }

    @Test
    void aNodeMustShowItsOwnCertificate() throws Exception {
        try (ChunkServer pretender = Wire.serve(store.store, TestTls.ELSEWHERE, ChunkServerOptions.DEFAULT, 0);
                ChunkServer honest = Wire.serve(store.store, TestTls.SHARED, ChunkServerOptions.DEFAULT, 0);
                RemoteChunkStores caller = caller(Wire.CALLER);
                RemoteChunkStores other = caller(OTHER)) {
            show(node(OpenStore.NODE, Node.Role.DATASERVER, at(pretender)));
            assertThatThrownBy(caller.of(OpenStore.NODE).orElseThrow()::disks)
                    .isInstanceOf(ChunkException.class)
                    .hasMessageContaining("another node's certificate");
            show(node(OpenStore.NODE, Node.Role.DATASERVER, at(honest)));
            assertThat(caller.of(OpenStore.NODE).orElseThrow().disks()).hasSize(1);
            assertThatThrownBy(other.of(OpenStore.NODE).orElseThrow()::disks)
                    .isInstanceOf(ChunkException.class)
                    .hasMessageContaining("another node's certificate");
        }
    }

    private RemoteChunkStores caller(NodeId name) {
        return new RemoteChunkStores(
                map::get,
                new RemoteChunkStores.Caller(OpenStore.CLUSTER, name, null, TestTls.SHARED.client()),
                ChunkClientOptions.DEFAULT);
    }

    private static void assertUnavailable(ChunkStore unreachable) {
        assertThatThrownBy(unreachable::disks)
                .isInstanceOfSatisfying(
                        ChunkException.class, e -> assertThat(e.error()).isEqualTo(ChunkError.UNAVAILABLE));
    }

    @Test
    void aServerThatIsStoppedFinishesWhatItBegan() throws Exception {
        show(node(OpenStore.NODE, Node.Role.DATASERVER, at(server)));
        ChunkStore chunks = stores.of(OpenStore.NODE).orElseThrow();
        byte[] bytes = OpenStore.bytes(1, 1000);
        ChunkWriter writer = chunks.create(OpenStore.descriptor(store.address(1), bytes.length));
        OpenStore.await(writer.opened());
        Thread stopping = Thread.ofVirtual().start(() -> {
            try {
                server.drain(Duration.ofSeconds(30));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        await().untilAsserted(() -> assertUnavailable(chunks));
        writer.write(ByteBuffer.wrap(bytes));
        OpenStore.await(writer.commit(OpenStore.checksums(bytes)));
        stopping.join();
        assertThat(store.get(store.address(1), bytes.length)).isEqualTo(bytes);
    }
}
