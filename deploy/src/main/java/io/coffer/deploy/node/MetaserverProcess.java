package io.coffer.deploy.node;

import io.coffer.common.chunk.remote.ChunkClientOptions;
import io.coffer.common.chunk.remote.RemoteChunkStores;
import io.coffer.common.cluster.Node;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.NodeId;
import io.coffer.common.io.BufferPool;
import io.coffer.common.io.FileSystem;
import io.coffer.common.metadata.MetadataClient;
import io.coffer.common.metadata.MetadataUnavailableException;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.rpc.CertificateAuthority;
import io.coffer.common.seal.ClusterKey;
import io.coffer.common.time.Ticker;
import io.coffer.common.time.WallClock;
import io.coffer.common.unit.DataSize;
import io.coffer.deploy.server.Endpoints;
import io.coffer.deploy.server.Metrics;
import io.coffer.deploy.server.RootCredentials;
import io.coffer.deploy.server.ServerConfig;
import io.coffer.deploy.server.StartException;
import io.coffer.deploy.server.TraceSender;
import io.coffer.gateway.Gateway;
import io.coffer.gateway.http.HttpErrorRenderer;
import io.coffer.gateway.http.HttpServer;
import io.coffer.metaserver.ClusterConfig;
import io.coffer.metaserver.MetaServer;
import io.coffer.metaserver.MetaServerConfig;
import io.coffer.metaserver.MetaServerIdentity;
import io.coffer.metaserver.admission.AuthorityDocument;
import io.coffer.metaserver.admission.FirstMetaserver;
import io.coffer.metaserver.admission.NodeAdmission;
import io.coffer.metaserver.background.Background;
import io.coffer.metaserver.background.ClusterBackground;
import io.coffer.metaserver.command.BatchLimits;
import io.coffer.metaserver.consensus.GroupSpec;
import io.coffer.metaserver.consensus.Peer;
import io.coffer.metaserver.consensus.RaftSettings;
import io.coffer.metaserver.rpc.CallerRights;
import io.coffer.metaserver.rpc.CertificatesService;
import io.coffer.metaserver.rpc.JoinService;
import io.grpc.ServerBuilder;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code coffer metaserver}: metadata in Raft groups, the cluster's admin interface, and the door through which nodes join. */
final class MetaserverProcess implements RoleProcess {
    private static final Logger LOG = LoggerFactory.getLogger(MetaserverProcess.class);
    private static final String META = "meta";
    private static final long ADMIN_BUFFER_BYTES = 4L << 20;

    private final Opened opened = new Opened();
    private final MetaserverConfig config;
    private final String reachedAt;
    private final Endpoints endpoints;
    private final HttpServer admin;
    private final Optional<RootCredentials> made;

    private MetaserverProcess(MetaserverConfig config, Surroundings surroundings)
            throws StartException, IOException, InterruptedException {
        this.config = config;
        SecureRandom random = new SecureRandom();
        this.reachedAt = config.rpc().reachedAt().toString();
        String raft = config.raft().reachedAt().toString();
        boolean started = false;
        try {
            opened.add(TraceSender.start(
                    config.tracing(), "coffer-metaserver", config.node().name()));
            List<String> hosts = List.of(
                            config.rpc().reachedAt().host(),
                            config.raft().reachedAt().host())
                    .stream()
                    .distinct()
                    .toList();
            JoinedNode node = opened.add(enter(hosts, surroundings.clock(), random));
            MetaServer meta = opened.add(open(node, raft, random));
            checkRaftAddress(meta, node.identity().node(), raft);
            node.renewBy(storedAuthority(meta, node.clusterKey(), random), random);
            NodeAdmission admission = new NodeAdmission(
                    meta.localClient(), node.clusterKey(), CertificateAuthority.NODE_LIFE, meta.clock(), random);
            meta.joinCluster(
                    new ClusterConfig(node.node(reachedAt, raft), node.seeds(), background()),
                    node.connector(),
                    server(node),
                    List.of(new JoinService(admission, Ticker.SYSTEM), new CertificatesService(admission)),
                    surroundings.dismissal()::tell,
                    random);
            node.follow(meta.watch()::current);
            RemoteChunkStores stores = opened.add(new RemoteChunkStores(
                    meta.watch()::current,
                    new RemoteChunkStores.Caller(
                            node.identity().cluster(),
                            node.identity().node(),
                            null,
                            node.tls().chunkClient()),
                    ChunkClientOptions.DEFAULT));
            MetadataClient metadata = meta.client();
            DefaultPolicy policies = new DefaultPolicy(metadata);
            if (config.initialize()) {
                found(node, policies, metadata, random);
            }
            String policy = Waiting.until("the metadata groups have no leader", policies::read);
            Metrics metrics = opened.add(new Metrics());
            metrics.observe(meta);
            metrics.observe(meta, meta.watch()::current);
            metrics.observeMap(meta.watch()::current);
            metrics.observeCluster(meta.watch()::current);
            Gateway gateway = NodeGateway.of(
                    new NodeGateway.Settings(
                            new ServerConfig.S3(),
                            DataSize.ofBytes(0),
                            new ServerConfig.Encryption(),
                            new ServerConfig.Metadata(),
                            policy,
                            config.node().location()),
                    new NodeGateway.Parts(
                            node,
                            metadata,
                            meta.watch()::current,
                            stores,
                            BufferPool.ofTotalBytes(BufferPool.DEFAULT_BUFFER_BYTES, ADMIN_BUFFER_BYTES),
                            metrics,
                            () -> notReady(meta),
                            meta.clock(),
                            random));
            this.made = rootKey(node, gateway, metadata, surroundings.environment(), random);
            meta.startBackground(
                    stores,
                    meta.clock(),
                    Ticker.SYSTEM,
                    random,
                    () -> List.of(policy),
                    Background.Pace.DEFAULT,
                    config.lifecycle().pace());
            ServerConfig.S3 bounds = new ServerConfig.S3();
            this.endpoints = Endpoints.of(
                    new ServerConfig.Tls(), config.admin().address(), node.keys(), bounds.maxConnections());
            this.admin = opened.add(
                    endpoints.listen("admin", config.admin().address(), gateway.admin(), HttpErrorRenderer.PLAIN_TEXT));
            metrics.observe("admin", admin);
            started = true;
        } finally {
            if (!started) {
                close();
            }
        }
    }

    static MetaserverProcess start(MetaserverConfig config, Surroundings surroundings)
            throws StartException, IOException, InterruptedException {
        return new MetaserverProcess(config, surroundings);
    }

    private JoinedNode enter(List<String> hosts, WallClock clock, SecureRandom random)
            throws StartException, InterruptedException {
        return config.initialize()
                ? JoinedNode.open(
                        config.node(),
                        hosts,
                        clock,
                        random,
                        keys -> foundation(keys, clock, random).found(hosts).identity())
                : JoinedNode.join(config.node(), Node.Role.METASERVER, hosts, clock, random);
    }

    private static FirstMetaserver foundation(FileSystem keys, WallClock clock, SecureRandom random) {
        return new FirstMetaserver(keys, CertificateAuthority.NODE_LIFE, clock, random);
    }

    /** The others look for it where it was: Raft keeps the addresses of members for as long as they are members. */
    private static void checkRaftAddress(MetaServer meta, NodeId self, String raft) throws StartException {
        Optional<String> known = meta.storedMap()
                .map(map -> map.nodes().get(self))
                .map(Node::peerAddress)
                .filter(address -> !address.equals(raft));
        if (known.isPresent()
                && meta.members().stream().anyMatch(member -> member.members().size() > 1)) {
            throw new StartException("the other metaservers look for the Raft groups of this one at " + known.get()
                    + ", not at " + raft
                    + ": let raft.advertise name what now means another address, and keep the port, "
                    + "or replace this metaserver by another one (docs/operations/cluster.md)");
        }
    }

    /** What this server has stored of the certificate authority, without asking the others: none of them may be there yet. */
    private static Optional<CertificateAuthority> storedAuthority(MetaServer meta, ClusterKey key, SecureRandom random)
            throws StartException {
        try {
            Optional<Reply.DocumentReply> document = meta.storedDocument(AuthorityDocument.NAME);
            return document.isPresent()
                    ? Optional.of(AuthorityDocument.open(document.get().value(), key, random))
                    : Optional.empty();
        } catch (IllegalStateException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        }
    }

    /** Hands the certificate authority to the system group and decides the default policy, unless that was done. */
    private void found(JoinedNode node, DefaultPolicy policies, MetadataClient metadata, SecureRandom random)
            throws StartException, InterruptedException {
        FirstMetaserver foundation = foundation(node.keys(), node.clock(), random);
        Waiting.until("the system group has no leader", () -> {
            try {
                foundation.handOver(metadata, node.clusterKey());
                return policies.decide(
                                config.founding().protection(), node.clock().millis(), random)
                        ? Optional.of(true)
                        : Optional.empty();
            } catch (MetadataUnavailableException e) {
                return Optional.empty();
            } catch (IOException | RefusedException e) {
                throw new StartException("can't found the cluster: " + e.getMessage(), e);
            }
        });
    }

    private Optional<RootCredentials> rootKey(
            JoinedNode node,
            Gateway gateway,
            MetadataClient metadata,
            Map<String, String> environment,
            SecureRandom random)
            throws StartException, InterruptedException {
        if (!config.initialize()) {
            RootKey.ensure(gateway, metadata, environment);
            return Optional.empty();
        }
        RootCredentials root = RootCredentials.find(environment, node.keys(), random);
        RootKey.ensure(gateway, metadata, root);
        return root.made() ? Optional.of(root) : Optional.empty();
    }

    /** Whether this is the start that founds the cluster, or the end of such a one that was interrupted. */
    private boolean founds(JoinedNode node, FileSystem metadata, SecureRandom random) throws IOException {
        if (!config.initialize()) {
            return false;
        }
        boolean lost = foundation(node.keys(), node.clock(), random).isFinished()
                && MetaServerIdentity.read(metadata).isEmpty();
        if (lost) {
            // Founding again would be a second beginning of the same cluster.
            LOG.warn("the metadata of this server are gone; it waits for the other metaservers to fill it again");
        }
        return !lost;
    }

    private MetaServer open(JoinedNode node, String raft, SecureRandom random) throws IOException {
        FileSystem metadata = node.directory().subdirectory(META);
        MetaServerIdentity identity = new MetaServerIdentity(
                node.identity().cluster(), node.identity().node());
        Peer self = new Peer(identity.node(), raft);
        return MetaServer.open(
                new MetaServerConfig(
                        identity,
                        Optional.of(config.raft().address().toString()),
                        Optional.of(node.tls()),
                        founds(node, metadata, random)
                                ? List.of(new GroupSpec(GroupId.SYSTEM, List.of(self)))
                                : List.of(),
                        RaftSettings.DEFAULTS,
                        BatchLimits.DEFAULTS,
                        config.memory().cache().bytes(),
                        config.memory().writeBuffer().bytes()),
                metadata,
                node.clock(),
                Ticker.SYSTEM);
    }

    private ClusterBackground.Settings background() {
        ClusterBackground.Settings defaults = ClusterBackground.Settings.DEFAULT;
        return new ClusterBackground.Settings(
                config.founding().bucketGroups(),
                config.liveness().lostAfter(),
                defaults.nodes(),
                defaults.membership());
    }

    /** Callers without a certificate reach the door to joining, nothing else. */
    private ServerBuilder<?> server(JoinedNode node) {
        ServerBuilder<?> builder = NettyServerBuilder.forAddress(
                new InetSocketAddress(
                        config.rpc().address().host(), config.rpc().address().port()),
                node.tls().joinableServer());
        CallerRights.guard(builder, node::isRemoved);
        return builder;
    }

    private static Optional<String> notReady(MetaServer meta) {
        return meta.status().stream()
                .filter(group -> group.failure().isPresent() || group.leader().isEmpty())
                .map(group -> "metadata group " + group.group().value()
                        + (group.failure().isPresent() ? " has stopped" : " has no leader"))
                .findFirst();
    }

    /** The root account's key pair if it was made just now, to be shown this once. */
    Optional<RootCredentials> madeCredentials() {
        return made;
    }

    @Override
    public String endpoints() {
        return "metadata on " + reachedAt + " admin on " + endpoints.uri(admin);
    }

    @Override
    public void close() {
        opened.close();
    }
}
