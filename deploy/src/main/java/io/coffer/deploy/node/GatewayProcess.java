package io.coffer.deploy.node;

import io.coffer.common.chunk.remote.ChunkClientOptions;
import io.coffer.common.chunk.remote.RemoteChunkStores;
import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.cluster.Node;
import io.coffer.common.config.HostPort;
import io.coffer.common.io.BufferPool;
import io.coffer.common.metadata.remote.HeartbeatSender;
import io.coffer.common.metadata.remote.RemoteMetadataClient;
import io.coffer.common.time.ClusterClock;
import io.coffer.common.time.Ticker;
import io.coffer.deploy.server.Endpoints;
import io.coffer.deploy.server.Metrics;
import io.coffer.deploy.server.StartException;
import io.coffer.deploy.server.TraceSender;
import io.coffer.gateway.Gateway;
import io.coffer.gateway.http.EventLoops;
import io.coffer.gateway.http.HttpErrorRenderer;
import io.coffer.gateway.http.HttpServer;
import java.io.IOException;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** {@code coffer gateway}: S3 in front of a cluster. */
final class GatewayProcess implements RoleProcess {
    private final Opened opened = new Opened();
    private final Endpoints endpoints;
    private final HttpServer s3;
    private final HttpServer admin;
    private final Duration drain;
    private volatile boolean leaving;

    private GatewayProcess(GatewayConfig config, Surroundings surroundings)
            throws StartException, IOException, InterruptedException {
        this.drain = config.shutdown().drain();
        SecureRandom random = new SecureRandom();
        boolean started = false;
        try {
            opened.add(TraceSender.start(
                    config.tracing(), "coffer-gateway", config.node().name()));
            HostPort reachedAt = new Listen(config.s3().address(), config.advertise()).reachedAt();
            JoinedNode node = opened.add(JoinedNode.join(
                    config.node(), Node.Role.GATEWAY, List.of(reachedAt.host()), surroundings.clock(), random));
            // What a small read costs is threads that wake each other: its client and its metaserver are read by the
            // same.
            EventLoops loops = opened.add(EventLoops.start("s3"));
            RemoteMetadataClient metadata = opened.add(new RemoteMetadataClient(
                    node.connector(loops), node.seeds(), RemoteMetadataClient.Settings.DEFAULT, Ticker.SYSTEM));
            node.follow(metadata.watch()::current);
            ClusterClock clock = node.clock();
            opened.add(HeartbeatSender.start(
                            metadata, node.identity().node(), List::of, clock, surroundings.dismissal()::tell))
                    .awaitAnswer();
            RemoteChunkStores stores = opened.add(new RemoteChunkStores(
                    metadata.watch()::current,
                    new RemoteChunkStores.Caller(
                            node.identity().cluster(),
                            node.identity().node(),
                            null,
                            node.tls().chunkClient()),
                    config.readFiles() ? ChunkClientOptions.DEFAULT.readingFiles() : ChunkClientOptions.DEFAULT));
            DefaultPolicy policies = new DefaultPolicy(metadata);
            String policy = Waiting.until("no metaserver answers", policies::read);
            BufferPool buffers = BufferPool.ofTotalBytes(
                    BufferPool.DEFAULT_BUFFER_BYTES, config.memory().buffers().bytes());
            Metrics metrics = opened.add(new Metrics());
            metrics.observe(buffers);
            Gateway gateway = NodeGateway.of(
                    new NodeGateway.Settings(
                            config.s3(),
                            config.inlineLimit(),
                            config.encryption(),
                            config.metadata(),
                            policy,
                            config.node().location()),
                    new NodeGateway.Parts(
                            node,
                            metadata,
                            metadata.watch()::current,
                            stores,
                            buffers,
                            metrics,
                            () -> leaving
                                    ? Optional.of("it is about to end")
                                    : notReady(metadata.watch().current()),
                            clock,
                            random));
            metrics.observe(gateway);
            metrics.observe(stores);
            metrics.observeMap(metadata.watch()::current);
            RootKey.ensure(gateway, metadata, surroundings.environment());
            this.endpoints = Endpoints.of(
                    config.tls(),
                    config.s3().address(),
                    node.keys(),
                    config.s3().maxConnections());
            this.admin = opened.add(
                    endpoints.listen("admin", config.admin().address(), gateway.admin(), HttpErrorRenderer.PLAIN_TEXT));
            this.s3 = opened.add(
                    endpoints.listen("s3", config.s3().address(), gateway.s3(), gateway.protocolErrors(), loops));
            metrics.observe("s3", s3);
            metrics.observe("admin", admin);
            Registration.of(metadata, clock, random).register(node.node(reachedAt.toString(), ""));
            Waiting.until(
                    "there are no volumes to write to: too few dataservers are there",
                    () -> notReady(metadata.watch().current()).isEmpty() ? Optional.of(true) : Optional.empty());
            opened.add(gateway.startRewraps(node.identity().node()));
            started = true;
        } finally {
            if (!started) {
                opened.close();
            }
        }
    }

    static GatewayProcess start(GatewayConfig config, Surroundings surroundings)
            throws StartException, IOException, InterruptedException {
        return new GatewayProcess(config, surroundings);
    }

    private static Optional<String> notReady(ClusterMap map) {
        return map.volumes().isEmpty() ? Optional.of("no volume is there to write to") : Optional.empty();
    }

    URI s3() {
        return endpoints.uri(s3);
    }

    @Override
    public String endpoints() {
        return "S3 on " + s3() + " admin on " + endpoints.uri(admin);
    }

    /** First it says that it will, and serves who comes nevertheless: a load balancer needs a while to notice. */
    @Override
    public void close() {
        leaving = true;
        s3.retire();
        try {
            Thread.sleep(drain);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        opened.close();
    }
}
