package io.coffer.it.split;

import io.coffer.common.chunk.ChunkDescriptor;
import io.coffer.common.chunk.ChunkException;
import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.cluster.MetadataGroup;
import io.coffer.common.cluster.Node;
import io.coffer.common.id.AccountId;
import io.coffer.common.id.ClusterId;
import io.coffer.common.id.ExtentId;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.NodeId;
import io.coffer.common.id.RequestId;
import io.coffer.common.io.BufferPool;
import io.coffer.common.io.RealFileSystem;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.Query;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.SystemCommand;
import io.coffer.common.metadata.SystemQuery;
import io.coffer.common.seal.ClusterKey;
import io.coffer.common.time.Ticker;
import io.coffer.common.time.WallClock;
import io.coffer.dataserver.DataServer;
import io.coffer.dataserver.DataServerOptions;
import io.coffer.dataserver.DiskConfig;
import io.coffer.gateway.Gateway;
import io.coffer.gateway.auth.AuthSettings;
import io.coffer.gateway.auth.SecretSealer;
import io.coffer.gateway.http.ExchangeHandler;
import io.coffer.gateway.http.HttpErrorRenderer;
import io.coffer.gateway.http.HttpLimits;
import io.coffer.gateway.http.HttpServer;
import io.coffer.gateway.kms.LocalRootKey;
import io.coffer.gateway.kms.RootKeys;
import io.coffer.gateway.object.ObjectWriter;
import io.coffer.gateway.s3.S3Settings;
import io.coffer.it.StoreProcess;
import io.coffer.it.store.Store;
import io.coffer.metaserver.MetaServer;
import io.coffer.metaserver.MetaServerConfig;
import io.coffer.metaserver.MetaServerIdentity;
import io.coffer.metaserver.background.ClusterBootstrap;
import io.coffer.metaserver.consensus.GroupSpec;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A store in this process with two bucket groups, so that every other bucket lives in the same one, and a way to step in where chunks
 * are read and written. Its extents are short: an object of some megabytes has several.
 */
final class SplitStore implements AutoCloseable {
    static final int INLINE_LIMIT = 16 << 10;
    static final int EXTENT_LIMIT = 1 << 20;

    private static final String POLICY = "replica-1";
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final SecureRandom random = new SecureRandom();
    private final MetaServer meta;
    private final DataServer data;
    private final HookedChunks chunks;
    private final BufferPool buffers;
    private final SecretSealer sealer;
    private final RootKeys roots;
    private final AccountId root;

    SplitStore(Path directory) throws Exception {
        ClusterId cluster = new ClusterId(UUID.randomUUID());
        NodeId node = new NodeId(UUID.randomUUID());
        NodeId metaserver = new NodeId(UUID.randomUUID());
        List<MetadataGroup> bucketGroups = List.of(
                new MetadataGroup(new GroupId(1), List.of(metaserver)),
                new MetadataGroup(new GroupId(2), List.of(metaserver)));
        meta = open(metadata(directory, new MetaServerIdentity(cluster, metaserver), bucketGroups));
        data = open(DataServer.open(
                List.of(DiskConfig.of(directory.resolve("disk").toString())),
                cluster,
                node,
                DataServerOptions.DEFAULT,
                new DataServer.Surroundings(
                        RealFileSystem::at, WallClock.SYSTEM, Ticker.SYSTEM, random, (disk, chunk) -> {})));
        chunks = new HookedChunks(data.chunkStore());
        buffers = BufferPool.tracing(BufferPool.DEFAULT_BUFFER_BYTES, 16);
        sealer = new SecretSealer(ClusterKey.make(random).sealer(random));
        roots = new RootKeys(List.of(new LocalRootKey(ClusterKey.make(random), random)), false);
        meta.awaitLeaders(TIMEOUT);
        root = new ClusterBootstrap(meta.client(), WallClock.SYSTEM, random)
                .run(cluster, new Node(node, "site/rack/node", ""), data.disks(), POLICY)
                .root()
                .id();
        tell(new SystemCommand.RegisterNode(
                new Node(metaserver, Node.Role.METASERVER, "", "site/rack/node", "", "", Node.State.UP, false)));
        for (MetadataGroup group : bucketGroups) {
            tell(new SystemCommand.SetGroup(group));
        }
    }

    private void tell(SystemCommand<?> command) {
        meta.client()
                .submit(GroupId.SYSTEM, RequestId.create(System.currentTimeMillis(), random), command)
                .join();
    }

    private static MetaServer metadata(Path directory, MetaServerIdentity identity, List<MetadataGroup> bucketGroups)
            throws Exception {
        List<GroupSpec> groups = new ArrayList<>();
        groups.add(GroupSpec.alone(GroupId.SYSTEM, identity.node()));
        bucketGroups.forEach(group -> groups.add(GroupSpec.alone(group.id(), identity.node())));
        MetaServerConfig alone = MetaServerConfig.alone(identity);
        return MetaServer.open(
                new MetaServerConfig(
                        identity,
                        Optional.empty(),
                        groups,
                        alone.raft(),
                        alone.batches(),
                        alone.cacheBytes(),
                        alone.writeBufferBytes()),
                RealFileSystem.at(directory.resolve("meta").toString()),
                WallClock.SYSTEM,
                Ticker.SYSTEM);
    }

    /** A gateway of it. */
    Store serve(S3Settings settings) throws Exception {
        Gateway gateway = new Gateway(
                new Gateway.Settings(
                        settings,
                        AuthSettings.DEFAULT,
                        new ObjectWriter.Settings(INLINE_LIMIT, EXTENT_LIMIT, POLICY),
                        Gateway.Encryption.DEFAULT,
                        TIMEOUT,
                        "test",
                        ""),
                new Gateway.Parts(
                        meta.client(),
                        node -> Optional.of(chunks),
                        (volume, extent, index) -> {},
                        sealer,
                        roots,
                        buffers,
                        answered -> {},
                        Optional::empty,
                        () -> "",
                        () -> ClusterMap.EMPTY,
                        Optional::empty,
                        InstantSource.system(),
                        ThreadLocalRandom::current,
                        random));
        gateway.accounts().ensureRootKey(root, StoreProcess.ACCESS_KEY, StoreProcess.SECRET_KEY);
        open(gateway.startRewraps(new NodeId(UUID.randomUUID())));
        URI s3 = listen("s3", gateway.s3(), gateway.protocolErrors());
        URI admin = listen("admin", gateway.admin(), HttpErrorRenderer.PLAIN_TEXT);
        return open(new Store(s3, admin, StoreProcess.ACCESS_KEY, StoreProcess.SECRET_KEY));
    }

    private URI listen(String name, ExchangeHandler handler, HttpErrorRenderer errors) throws Exception {
        HttpServer server = new HttpServer(
                new HttpServer.Settings(
                        name, new InetSocketAddress("127.0.0.1", 0), Optional.empty(), HttpLimits.DEFAULT),
                handler,
                errors,
                InstantSource.system());
        opened.push(() -> server.close(TIMEOUT));
        return URI.create("http://127.0.0.1:" + server.address().getPort());
    }

    private <T extends AutoCloseable> T open(T part) {
        opened.push(part);
        return part;
    }

    HookedChunks chunks() {
        return chunks;
    }

    /** What a bucket group answers. */
    <R extends Reply> R ask(GroupId group, Query<R> query) {
        return meta.client().query(group, query).join();
    }

    /** The group in which a bucket lives. */
    GroupId groupOf(String bucket) {
        Bucket found = meta.client()
                .query(GroupId.SYSTEM, new SystemQuery.GetBucket(bucket))
                .join()
                .bucket();
        return found.partitions().getFirst().group();
    }

    /** The extents whose chunks are stored. */
    List<ExtentId> stored() {
        try {
            return data.chunkStore().list(data.disks().getFirst().disk(), null, Long.MAX_VALUE, 1000).stream()
                    .map(ChunkDescriptor::address)
                    .map(address -> address.extent())
                    .toList();
        } catch (ChunkException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
        buffers.requireNoneInUse();
    }
}
