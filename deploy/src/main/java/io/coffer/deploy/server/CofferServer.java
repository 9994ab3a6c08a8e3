package io.coffer.deploy.server;

import io.coffer.common.chunk.ChunkStores;
import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.cluster.Node;
import io.coffer.common.io.BufferPool;
import io.coffer.common.io.FileSystem;
import io.coffer.common.io.RealFileSystem;
import io.coffer.common.seal.ClusterKey;
import io.coffer.common.time.Ticker;
import io.coffer.common.time.WallClock;
import io.coffer.dataserver.DataServer;
import io.coffer.dataserver.DataServerOptions;
import io.coffer.dataserver.DiskConfig;
import io.coffer.dataserver.background.MaintenanceRates;
import io.coffer.dataserver.background.SystemGroup;
import io.coffer.dataserver.disk.DiskRefusedException;
import io.coffer.gateway.Gateway;
import io.coffer.gateway.auth.AuthSettings;
import io.coffer.gateway.auth.SecretSealer;
import io.coffer.gateway.http.HttpErrorRenderer;
import io.coffer.gateway.http.HttpServer;
import io.coffer.gateway.kms.RootKeys;
import io.coffer.gateway.object.ObjectWriter;
import io.coffer.gateway.s3.S3Settings;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.metaserver.MetaServer;
import io.coffer.metaserver.MetaServerConfig;
import io.coffer.metaserver.MetaServerIdentity;
import io.coffer.metaserver.background.Background;
import io.coffer.metaserver.background.ClusterBootstrap;
import java.io.IOException;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A store of one process: metaserver, dataserver and gateway, wired by direct calls. {@link #start} opens them from the disks up,
 * {@link #close} closes them in the opposite order.
 */
public final class CofferServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CofferServer.class);

    private static final Duration LEADER_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(30);
    private static final String LOCATION = "site/rack/node";
    private static final long EXTENT_LIMIT = 64L << 20;

    /** What is copied to a disk that was replaced or was away; disks of one host share their time with requests. */
    private static final long REFILL_BYTES_PER_SECOND = 64L << 20;

    /** Copies that are made when the configuration names no policy and there are enough disks. */
    private static final int DEFAULT_COPIES = 3;

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final ServerConfig config;
    private final Endpoints endpoints;
    private final HttpServer s3;
    private final HttpServer admin;
    private final RootCredentials root;

    private CofferServer(ServerConfig config, Map<String, String> environment) throws Exception {
        this.config = config;
        SecureRandom secure = new SecureRandom();
        boolean started = false;
        try {
            open(TraceSender.start(
                    config.tracing(), "coffer-server", config.s3().address().toString()));
            List<StoreDirectory> directories = directories();
            StoreDirectory first = directories.getFirst();
            boolean existed = first.holdsMetadata();
            StoreDirectory.Identity identity = first.identity(UUID::randomUUID);
            MetaServer meta = open(MetaServer.open(
                    MetaServerConfig.alone(new MetaServerIdentity(identity.cluster(), identity.node())),
                    first.inside(StoreDirectory.META),
                    WallClock.SYSTEM,
                    Ticker.SYSTEM));
            FileSystem keys = first.inside(StoreDirectory.KEYS);
            ClusterKey key = StoreKey.find(keys, existed, secure);
            RootKeys roots = EncryptionRoots.withOwn(config.encryption(), key, secure);
            this.root = RootCredentials.find(environment, keys, secure);

            RepairQueue repairs = new RepairQueue();
            DataServer data = open(openDisks(directories, identity, repairs, secure));
            ChunkStores stores =
                    node -> node.equals(identity.node()) ? Optional.of(data.chunkStore()) : Optional.empty();
            meta.awaitLeaders(LEADER_TIMEOUT);
            String policy = policy();
            ClusterBootstrap.Ready ready = new ClusterBootstrap(meta.client(), WallClock.SYSTEM, secure)
                    .run(identity.cluster(), new Node(identity.node(), LOCATION, ""), data.disks(), policy);

            BufferPool buffers = BufferPool.ofTotalBytes(
                    BufferPool.DEFAULT_BUFFER_BYTES, config.memory().buffers().bytes());
            Metrics metrics = open(new Metrics());
            metrics.observe(data);
            metrics.observe(meta);
            metrics.observe(repairs);
            metrics.observe(buffers);
            Gateway gateway = new Gateway(
                    gatewaySettings(policy),
                    new Gateway.Parts(
                            meta.client(),
                            stores,
                            repairs,
                            new SecretSealer(key.sealer(secure)),
                            roots,
                            buffers,
                            metrics.requests(),
                            () -> notReady(meta),
                            metrics::scrape,
                            () -> ClusterMap.EMPTY,
                            Optional::empty,
                            WallClock.SYSTEM::now,
                            ThreadLocalRandom::current,
                            secure));
            gateway.accounts().ensureRootKey(ready.root().id(), root.accessKey(), root.secretKey());
            open(repairs).start(data.repair(stores, () -> map(gateway)));
            metrics.observe(gateway);
            metrics.observeMap(() -> map(gateway));
            metrics.observeCluster(() -> map(gateway));
            DataServer.Refilling refilling = open(data.startRefilling(
                    identity.node(),
                    stores,
                    () -> map(gateway),
                    new SystemGroup(meta.client(), WallClock.SYSTEM, secure),
                    REFILL_BYTES_PER_SECOND));
            metrics.observe(refilling.catchUp());
            meta.startBackground(
                    stores,
                    WallClock.SYSTEM,
                    Ticker.SYSTEM,
                    secure,
                    () -> List.of(policy),
                    Background.Pace.DEFAULT,
                    config.lifecycle().pace());
            this.endpoints = Endpoints.of(
                    config.tls(), config.s3().address(), keys, config.s3().maxConnections());
            this.admin = open(
                    endpoints.listen("admin", config.admin().address(), gateway.admin(), HttpErrorRenderer.PLAIN_TEXT));
            this.s3 = open(endpoints.listen("s3", config.s3().address(), gateway.s3(), gateway.protocolErrors()));
            metrics.observe("s3", s3);
            metrics.observe("admin", admin);
            open(gateway.startRewraps(identity.node()));
            started = true;
        } finally {
            if (!started) {
                close();
            }
        }
    }

    /**
     * Starts a store and returns when it can serve.
     *
     * @throws StartException with one line that says why it can't; nothing is left running
     */
    public static CofferServer start(ServerConfig config, Map<String, String> environment)
            throws StartException, InterruptedException {
        try {
            return new CofferServer(config, environment);
        } catch (StartException | InterruptedException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            LOG.debug("start failed", e);
            throw new StartException(String.valueOf(e.getMessage()), e);
        }
    }

    public URI s3() {
        return endpoints.uri(s3);
    }

    public URI admin() {
        return endpoints.uri(admin);
    }

    /** The root account's key pair if it was made just now, to be shown this once. */
    Optional<RootCredentials> madeCredentials() {
        return root.made() ? Optional.of(root) : Optional.empty();
    }

    /** Finishes the requests in flight, then stops everything. */
    @Override
    public void close() {
        while (!opened.isEmpty()) {
            AutoCloseable last = opened.pop();
            try {
                if (last instanceof HttpServer server) {
                    server.close(DRAIN_TIMEOUT);
                } else {
                    last.close();
                }
            } catch (Exception e) {
                LOG.warn("{} did not close cleanly", last.getClass().getSimpleName(), e);
            }
        }
    }

    private <T extends AutoCloseable> T open(T part) {
        opened.push(part);
        return part;
    }

    private List<StoreDirectory> directories() throws StartException {
        List<StoreDirectory> directories = new ArrayList<>();
        for (String path : config.directories()) {
            directories.add(StoreDirectory.open(path));
        }
        return directories;
    }

    private DataServer openDisks(
            List<StoreDirectory> directories,
            StoreDirectory.Identity identity,
            RepairQueue repairs,
            SecureRandom random)
            throws StartException, DiskRefusedException {
        DataServerOptions defaults = DataServerOptions.DEFAULT;
        MaintenanceRates rates = defaults.maintenance();
        DataServerOptions options = new DataServerOptions(
                defaults.disk(),
                defaults.indexMemoryBytes(),
                defaults.bufferBytes(),
                new MaintenanceRates(
                        rates.compactBytesPerSecond(), config.storage().scrubPeriod(), rates.maxScrubBytesPerSecond()));
        List<DiskConfig> disks = new ArrayList<>();
        for (StoreDirectory directory : directories) {
            directory.inside(StoreDirectory.DISK);
            disks.add(DiskConfig.of(directory.pathOf(StoreDirectory.DISK)));
        }
        String first = disks.getFirst().path();
        long metadata = metadataReserve(directories.getFirst());
        Function<String, FileSystem> files =
                path -> path.equals(first) ? RealFileSystem.at(path).keeping(metadata) : RealFileSystem.at(path);
        DataServer data = DataServer.open(
                disks,
                identity.cluster(),
                identity.node(),
                options,
                new DataServer.Surroundings(files, WallClock.SYSTEM, Ticker.SYSTEM, random, repairs));
        if (data.disks().isEmpty()) {
            String reason = data.unavailable().getFirst().reason();
            data.close();
            throw new StartException("no disk can be used: " + reason);
        }
        return data;
    }

    private static long metadataReserve(StoreDirectory holder) throws StartException {
        try {
            return MetaServer.reserveBytes(
                    holder.inside(StoreDirectory.META).space().totalBytes());
        } catch (IOException e) {
            throw new StartException("can't tell how large the disk of " + holder.path() + " is: " + e.getMessage(), e);
        }
    }

    private String policy() {
        String configured = config.storage().protection();
        if (configured.isEmpty()) {
            return "replica-" + Math.min(DEFAULT_COPIES, config.directories().size());
        }
        return configured;
    }

    private Gateway.Settings gatewaySettings(String policy) {
        ServerConfig.S3 s3Config = config.s3();
        return new Gateway.Settings(
                S3Settings.DEFAULT
                        .withBaseDomains(s3Config.domains())
                        .withMaxInFlight(s3Config.maxRequests())
                        .withAcls(s3Config.aclMode())
                        .withSystemFiles(s3Config.sosapi()),
                AuthSettings.DEFAULT.withSigV2(s3Config.sigv2()).withRegions(s3Config.regions()),
                new ObjectWriter.Settings((int) config.storage().inlineLimit().bytes(), EXTENT_LIMIT, policy),
                encryption(s3Config, config.encryption()),
                config.metadata().deadline(),
                version(),
                "");
    }

    /** How a gateway with this configuration encrypts. */
    public static Gateway.Encryption encryption(ServerConfig.S3 s3, ServerConfig.Encryption encryption) {
        return new Gateway.Encryption(s3.region(), encryption.customerKeys(), encryption.rewrapRate());
    }

    /** Of this program, for people. */
    public static String version() {
        String version = CofferServer.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    private static Optional<String> notReady(MetaServer meta) {
        return meta.status().stream()
                .filter(group -> group.failure().isPresent() || group.leader().isEmpty())
                .map(group -> "metadata group " + group.group().value()
                        + (group.failure().isPresent() ? " has stopped" : " has no leader"))
                .findFirst();
    }

    private static ClusterMap map(Gateway gateway) {
        try {
            return gateway.map();
        } catch (S3Exception e) {
            return ClusterMap.EMPTY;
        }
    }
}
