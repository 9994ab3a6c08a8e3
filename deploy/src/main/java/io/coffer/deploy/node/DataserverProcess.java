package io.coffer.deploy.node;

import io.coffer.common.chunk.ChunkException;
import io.coffer.common.chunk.remote.ChunkClientOptions;
import io.coffer.common.chunk.remote.RemoteChunkStores;
import io.coffer.common.cluster.Node;
import io.coffer.common.id.NodeId;
import io.coffer.common.io.RealFileSystem;
import io.coffer.common.metadata.MetadataUnavailableException;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.remote.HeartbeatSender;
import io.coffer.common.metadata.remote.RemoteMetadataClient;
import io.coffer.common.time.ClusterClock;
import io.coffer.common.time.Ticker;
import io.coffer.dataserver.DataServer;
import io.coffer.dataserver.DataServerOptions;
import io.coffer.dataserver.DiskConfig;
import io.coffer.dataserver.background.MaintenanceRates;
import io.coffer.dataserver.background.NodeRegistration;
import io.coffer.dataserver.background.SystemGroup;
import io.coffer.dataserver.disk.DiskRefusedException;
import io.coffer.dataserver.rpc.ChunkServer;
import io.coffer.dataserver.rpc.ChunkServerOptions;
import io.coffer.deploy.server.Endpoints;
import io.coffer.deploy.server.Metrics;
import io.coffer.deploy.server.RepairQueue;
import io.coffer.deploy.server.StartException;
import io.coffer.deploy.server.TraceSender;
import io.coffer.gateway.admin.HealthService;
import io.coffer.gateway.http.HttpErrorRenderer;
import io.coffer.gateway.http.HttpServer;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code coffer dataserver}: the chunks of one host. */
final class DataserverProcess implements RoleProcess {
    /** Writes and reads under way may take so long to end. */
    private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(10);

    /** Connections to health and metrics. */
    private static final int MAX_CONNECTIONS = 64;

    private final Opened opened = new Opened();
    private final String reachedAt;

    private DataserverProcess(DataserverConfig config, Surroundings surroundings)
            throws StartException, IOException, InterruptedException {
        SecureRandom random = new SecureRandom();
        this.reachedAt = config.chunks().reachedAt().toString();
        boolean started = false;
        try {
            opened.add(TraceSender.start(
                    config.tracing(), "coffer-dataserver", config.node().name()));
            String host = config.chunks().reachedAt().host();
            JoinedNode node = opened.add(
                    JoinedNode.join(config.node(), Node.Role.DATASERVER, List.of(host), surroundings.clock(), random));
            RemoteMetadataClient metadata = opened.add(new RemoteMetadataClient(
                    node.connector(), node.seeds(), RemoteMetadataClient.Settings.DEFAULT, Ticker.SYSTEM));
            node.follow(metadata.watch()::current);
            RepairQueue repairs = new RepairQueue();
            ClusterClock clock = node.clock();
            DataServer data = opened.add(open(config, node, repairs, clock, random));
            RemoteChunkStores stores = opened.add(new RemoteChunkStores(
                    metadata.watch()::current,
                    new RemoteChunkStores.Caller(
                            node.identity().cluster(),
                            node.identity().node(),
                            data.chunkStore(),
                            node.tls().chunkClient()),
                    ChunkClientOptions.DEFAULT));
            SystemGroup group = new SystemGroup(metadata, clock, random);
            NodeRegistration registration = new NodeRegistration(group, data.chunkStore());
            learnEpochs(registration, node.identity().node());
            ChunkServer server = opened.add(ChunkServer.start(
                    data.chunkStore(),
                    node.identity().cluster(),
                    node.identity().node(),
                    new InetSocketAddress(
                            config.chunks().address().host(),
                            config.chunks().address().port()),
                    node.tls().chunkServer(),
                    ChunkServerOptions.DEFAULT));
            metadata.watch().listen(map -> server.dismiss(map.removed().keySet()));
            server.dismiss(metadata.watch().current().removed().keySet());
            opened.add(() -> server.drain(DRAIN_TIMEOUT));
            opened.add(HeartbeatSender.start(
                            metadata, node.identity().node(), data::disks, clock, surroundings.dismissal()::tell))
                    .awaitAnswer();
            register(registration, node.node(reachedAt, ""));
            opened.add(repairs).start(data.repair(stores, metadata.watch()::current));
            DataServer.Refilling refilling = opened.add(data.startRefilling(
                    node.identity().node(),
                    stores,
                    metadata.watch()::current,
                    group,
                    config.repair().bandwidth().bytes()));
            Metrics metrics = opened.add(new Metrics());
            metrics.observe(data);
            metrics.observe(server);
            metrics.observe(refilling.catchUp());
            metrics.observeMap(metadata.watch()::current);
            metrics.observe(repairs);
            HttpServer admin = opened.add(Endpoints.plain(MAX_CONNECTIONS)
                    .listen(
                            "admin",
                            config.admin().address(),
                            new HealthService(Optional::empty, metrics::scrape),
                            HttpErrorRenderer.PLAIN_TEXT));
            metrics.observe("admin", admin);
            started = true;
        } finally {
            if (!started) {
                close();
            }
        }
    }

    static DataserverProcess start(DataserverConfig config, Surroundings surroundings)
            throws StartException, IOException, InterruptedException {
        return new DataserverProcess(config, surroundings);
    }

    private static DataServer open(
            DataserverConfig config, JoinedNode node, RepairQueue repairs, ClusterClock clock, SecureRandom random)
            throws StartException, IOException {
        DataServerOptions defaults = DataServerOptions.DEFAULT;
        MaintenanceRates rates = defaults.maintenance();
        DataServerOptions options = new DataServerOptions(
                defaults.disk(),
                defaults.indexMemoryBytes(),
                defaults.bufferBytes(),
                new MaintenanceRates(
                        rates.compactBytesPerSecond(), config.scrubPeriod(), rates.maxScrubBytesPerSecond()));
        List<DiskConfig> disks = new ArrayList<>();
        for (String disk : config.disks()) {
            String path = new File(disk).getCanonicalPath();
            RealFileSystem.at("/").createDirectories(path.substring(1));
            disks.add(DiskConfig.of(path));
        }
        try {
            DataServer data = DataServer.open(
                    disks,
                    node.identity().cluster(),
                    node.identity().node(),
                    options,
                    new DataServer.Surroundings(RealFileSystem::at, clock, Ticker.SYSTEM, random, repairs));
            if (data.disks().isEmpty()) {
                String reason = data.unavailable().getFirst().reason();
                data.close();
                throw new StartException("no disk can be used: " + reason);
            }
            return data;
        } catch (DiskRefusedException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        }
    }

    private static void learnEpochs(NodeRegistration registration, NodeId node)
            throws StartException, InterruptedException {
        Waiting.until("can't read the cluster map: no metaserver answers", () -> {
            try {
                registration.learnEpochs(node);
                return Optional.of(true);
            } catch (RefusedException e) {
                throw new StartException("the cluster refuses this dataserver: " + e.getMessage(), e);
            } catch (MetadataUnavailableException e) {
                return Optional.empty();
            }
        });
    }

    private static void register(NodeRegistration registration, Node self) throws StartException, InterruptedException {
        Waiting.until("can't register: no metaserver answers", () -> {
            try {
                return Optional.of(registration.run(self));
            } catch (RefusedException | ChunkException e) {
                throw new StartException("the cluster refuses this dataserver: " + e.getMessage(), e);
            } catch (MetadataUnavailableException e) {
                return Optional.empty();
            }
        });
    }

    @Override
    public String endpoints() {
        return "chunks on " + reachedAt;
    }

    @Override
    public void close() {
        opened.close();
    }
}
