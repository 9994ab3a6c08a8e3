package io.coffer.common.chunk.remote;

import io.coffer.common.chunk.ChunkStore;
import io.coffer.common.chunk.ChunkStores;
import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.cluster.Node;
import io.coffer.common.id.ClusterId;
import io.coffer.common.id.NodeId;
import io.netty.handler.ssl.SslContext;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The chunk stores of the cluster map's dataservers, wherever they are: this process's own by direct call, the others over connections that
 * are made when first needed and follow the nodes' addresses. Thread-safe.
 */
public final class RemoteChunkStores implements ChunkStores, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteChunkStores.class);

    private final Supplier<ClusterMap> maps;
    private final NodeId self;
    private final @Nullable ChunkStore local;
    private final ChunkClient client;

    /** Changed under their lock; of nodes that are in the map that was looked at last. */
    private final Map<NodeId, RemoteChunkStore> stores = new ConcurrentHashMap<>();

    private long seenRevision = -1;
    private boolean closed;

    /**
     * Who calls.
     *
     * @param node this process
     * @param local its own chunks, or null if it has none
     * @param tls null for none
     */
    public record Caller(
            ClusterId cluster,
            NodeId node,
            @Nullable ChunkStore local,
            @Nullable SslContext tls) {}

    /** @param maps the map as it is known now; asked often, so it must be quick */
    public RemoteChunkStores(Supplier<ClusterMap> maps, Caller caller, ChunkClientOptions options) {
        this.maps = maps;
        this.self = caller.node();
        this.local = caller.local();
        this.client = new ChunkClient(caller.cluster(), caller.node(), caller.tls(), options);
    }

    /** Bytes read so far out of the files of dataservers on this host that are on the map. */
    public long fileBytes() {
        return stores.values().stream().mapToLong(RemoteChunkStore::fileBytes).sum();
    }

    @Override
    public Optional<ChunkStore> of(NodeId id) {
        if (local != null && id.equals(self)) {
            return Optional.of(local);
        }
        ClusterMap map = maps.get();
        Node node = map.nodes().get(id);
        if (node == null
                || node.role() != Node.Role.DATASERVER
                || node.address().isEmpty()) {
            return Optional.empty();
        }
        Peer peer;
        try {
            peer = Peer.of(id, node.address());
        } catch (IllegalArgumentException e) {
            LOG.warn("node {} can't be reached: {}", node.label(), e.getMessage());
            return Optional.empty();
        }
        RemoteChunkStore known = stores.get(id);
        return known != null && known.peer().equals(peer) ? Optional.of(known) : replaced(map, peer);
    }

    private Optional<ChunkStore> replaced(ClusterMap map, Peer peer) {
        synchronized (stores) {
            if (closed) {
                return Optional.empty();
            }
            if (map.revision() > seenRevision) {
                seenRevision = map.revision();
                stores.values().removeIf(store -> {
                    boolean gone = !map.nodes().containsKey(store.peer().node());
                    if (gone) {
                        store.close();
                    }
                    return gone;
                });
            }
            RemoteChunkStore known = stores.get(peer.node());
            if (known != null && known.peer().equals(peer)) {
                return Optional.of(known);
            }
            if (known != null) {
                known.close();
            }
            RemoteChunkStore made = new RemoteChunkStore(client, peer);
            stores.put(peer.node(), made);
            return Optional.of(made);
        }
    }

    /** What is under way fails. */
    @Override
    public void close() {
        synchronized (stores) {
            closed = true;
            stores.values().forEach(RemoteChunkStore::close);
            stores.clear();
        }
        client.close();
    }
}
