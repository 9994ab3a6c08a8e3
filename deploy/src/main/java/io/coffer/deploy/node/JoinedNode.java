package io.coffer.deploy.node;

import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.cluster.Node;
import io.coffer.common.config.HostPort;
import io.coffer.common.id.NodeId;
import io.coffer.common.io.AlreadyLockedException;
import io.coffer.common.io.FileSystem;
import io.coffer.common.io.RealFileSystem;
import io.coffer.common.metadata.remote.Connector;
import io.coffer.common.rpc.CertificateAuthority;
import io.coffer.common.rpc.CertificateRenewal;
import io.coffer.common.rpc.ClusterTls;
import io.coffer.common.rpc.Invitation;
import io.coffer.common.rpc.JoinClient;
import io.coffer.common.rpc.JoinException;
import io.coffer.common.rpc.NodeIdentity;
import io.coffer.common.seal.ClusterKey;
import io.coffer.common.time.ClusterClock;
import io.coffer.common.time.Ticker;
import io.coffer.common.time.WallClock;
import io.coffer.deploy.server.StartException;
import io.coffer.gateway.http.EventLoops;
import io.grpc.Grpc;
import io.grpc.netty.NettyChannelBuilder;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A process' place in its cluster: its directory, which it holds under a lock, who it is, and the certificate that proves it, renewed as
 * time passes.
 */
final class JoinedNode implements AutoCloseable {
    private static final String LOCK = "lock";
    private static final String KEYS = "keys";
    private static final int MAX_TOKEN_BYTES = 4096;

    /** How long a start goes on asking metaservers that don't answer: a whole cluster may be starting. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final NodeConfig config;
    private final List<String> hosts;
    private final FileSystem directory;
    private final FileSystem.Lock lock;
    private final CertificateRenewal renewal;
    private final ClusterClock clock;
    private final ClusterTls tls;
    private final Metaservers metaservers;

    private JoinedNode(
            NodeConfig config,
            List<String> hosts,
            Metaservers metaservers,
            FileSystem directory,
            FileSystem.Lock lock,
            CertificateRenewal renewal,
            ClusterClock clock) {
        this.config = config;
        this.hosts = hosts;
        this.metaservers = metaservers;
        this.directory = directory;
        this.lock = lock;
        this.renewal = renewal;
        this.clock = clock;
        this.tls = new ClusterTls(renewal, metaservers::isRemoved, clock);
    }

    /** Says who a process is that isn't a node yet. */
    @FunctionalInterface
    interface Entry {
        NodeIdentity enter(FileSystem keys) throws IOException, StartException, InterruptedException;
    }

    /** Opens the directory; joins the cluster with the configured token if that wasn't done before. */
    static JoinedNode join(NodeConfig config, Node.Role role, List<String> hosts, WallClock clock, SecureRandom random)
            throws StartException, InterruptedException {
        return open(config, hosts, clock, random, keys -> {
            // A metaserver may have what renews an expired certificate, which shows when its store is open.
            Optional<NodeIdentity> joined = role == Node.Role.METASERVER
                    ? NodeIdentity.load(keys)
                    : new JoinClient(keys, clock, Ticker.SYSTEM, random, PAUSE).joined();
            return joined.isPresent() ? joined.get() : join(config, keys, role, hosts, clock, random);
        });
    }

    private static NodeIdentity join(
            NodeConfig config,
            FileSystem keys,
            Node.Role role,
            List<String> hosts,
            WallClock clock,
            SecureRandom random)
            throws StartException, IOException, InterruptedException {
        Optional<Invitation> invitation = invitation(config);
        if (invitation.isEmpty()) {
            throw new StartException(NodeIdentity.load(keys)
                            .map(expired -> "the certificate of " + expired + " has expired, as the clock here shows "
                                    + clock.now().truncatedTo(ChronoUnit.SECONDS)
                                    + ": put the clock right, or give the process another token with")
                            .orElse("this process is in no cluster yet: give it a token with")
                    + " node.token or node.token-file (coffer admin token create makes one)");
        }
        try {
            return new JoinClient(keys, clock, Ticker.SYSTEM, random, PAUSE)
                    .join(
                            invitation.get(),
                            config.metaservers(),
                            new JoinClient.Applicant(role, config.name(), hosts),
                            PATIENCE);
        } catch (JoinException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * Renews the certificate, if others don't trust it any more, by what a metaserver has in its own store; with the token if that has no
     * authority.
     */
    void renewBy(Optional<CertificateAuthority> authority, SecureRandom random)
            throws StartException, IOException, InterruptedException {
        if (authority.isPresent()) {
            renewal.renewBy(authority.get(), CertificateAuthority.NODE_LIFE);
        } else if (renewal.isExpired()) {
            renewal.replace(join(config, keys(), identity().role(), hosts, clock, random));
        }
    }

    /** Opens the directory, and enters the cluster in the way given. */
    static JoinedNode open(NodeConfig config, List<String> hosts, WallClock own, SecureRandom random, Entry entry)
            throws StartException, InterruptedException {
        FileSystem.Lock lock = null;
        boolean opened = false;
        try {
            String path = new File(config.directory()).getCanonicalPath();
            FileSystem directory = RealFileSystem.at("/").subdirectory(path.substring(1));
            directory.createDirectories(KEYS);
            lock = directory.lock(LOCK);
            NodeIdentity identity = entry.enter(directory.subdirectory(KEYS));
            Metaservers metaservers = new Metaservers(config.metaservers());
            ClusterClock clock = new ClusterClock(own);
            CertificateRenewal renewal = new CertificateRenewal(
                    identity, directory.subdirectory(KEYS), () -> hosts, metaservers::all, clock, random);
            opened = true;
            return new JoinedNode(config, hosts, metaservers, directory, lock, renewal, clock);
        } catch (AlreadyLockedException e) {
            throw new StartException("another process uses " + config.directory(), e);
        } catch (IOException e) {
            throw new StartException("can't use " + config.directory() + ": " + e.getMessage(), e);
        } finally {
            if (!opened && lock != null) {
                closeQuietly(lock);
            }
        }
    }

    private static void closeQuietly(FileSystem.Lock lock) {
        try {
            lock.close();
        } catch (IOException e) {
            // The process ends, and the lock with it.
        }
    }

    private static Optional<Invitation> invitation(NodeConfig config) throws IOException, StartException {
        String text = config.token();
        if (!config.tokenFile().isEmpty()) {
            File file = new File(config.tokenFile()).getAbsoluteFile();
            FileSystem directory = RealFileSystem.at(String.valueOf(file.getParent()));
            text = new String(directory.readSmall(file.getName(), MAX_TOKEN_BYTES), StandardCharsets.UTF_8);
        }
        try {
            return text.isBlank() ? Optional.empty() : Optional.of(Invitation.parse(text));
        } catch (IllegalArgumentException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        }
    }

    /** The cluster's time of day, as this process learns it. */
    ClusterClock clock() {
        return clock;
    }

    /** From now on the certificate is renewed at the metaservers of this map, too, and the nodes that it tells of as removed are refused. Once. */
    void follow(Supplier<ClusterMap> map) {
        metaservers.follow(map);
        renewal.start();
    }

    boolean isRemoved(NodeId node) {
        return metaservers.isRemoved(node);
    }

    NodeIdentity identity() {
        return renewal.get();
    }

    ClusterTls tls() {
        return tls;
    }

    /** The process' own directory. */
    FileSystem directory() {
        return directory;
    }

    FileSystem keys() {
        return directory.subdirectory(KEYS);
    }

    /** Metaservers and gateways have it. */
    ClusterKey clusterKey() throws StartException {
        try {
            return ClusterKey.load(keys())
                    .orElseThrow(() -> new StartException("keys/" + ClusterKey.FILE + " is missing: bring it back"));
        } catch (IOException e) {
            throw new StartException("can't read keys/" + ClusterKey.FILE + ": " + e.getMessage(), e);
        }
    }

    /** Connections to metaservers, with this node's certificate. */
    Connector connector() {
        return address -> Grpc.newChannelBuilder(address, tls.channel(Node.Role.METASERVER));
    }

    /** The same, on threads that others use too. */
    Connector connector(EventLoops loops) {
        return address -> NettyChannelBuilder.forTarget(address, tls.channel(Node.Role.METASERVER))
                .eventLoopGroup(loops.group())
                .channelType(loops.client());
    }

    /** The metaservers to begin with. */
    List<String> seeds() {
        return config.metaservers().stream().map(HostPort::toString).toList();
    }

    /** As it puts itself on the map. */
    Node node(String address, String peerAddress) {
        NodeIdentity identity = identity();
        return new Node(
                identity.node(),
                identity.role(),
                config.name(),
                config.location(),
                address,
                peerAddress,
                Node.State.UP,
                false);
    }

    @Override
    public void close() throws IOException {
        renewal.close();
        lock.close();
    }
}
