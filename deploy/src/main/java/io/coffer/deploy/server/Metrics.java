package io.coffer.deploy.server;

import io.coffer.common.chunk.remote.RemoteChunkStores;
import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.io.BufferPool;
import io.coffer.dataserver.DataServer;
import io.coffer.dataserver.background.CatchUp;
import io.coffer.dataserver.rpc.ChunkServer;
import io.coffer.deploy.server.FigureTable.Figure;
import io.coffer.gateway.Gateway;
import io.coffer.gateway.http.HttpServer;
import io.coffer.gateway.s3.RequestObserver;
import io.coffer.gateway.s3.S3Metrics;
import io.coffer.metaserver.MetaServer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** The figures of a process, gathered from its parts when Prometheus asks. docs/operations/metrics.md has a line for each. */
public final class Metrics implements AutoCloseable {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final S3Metrics requests = new S3Metrics(registry);
    private final JvmGcMetrics collections = new JvmGcMetrics();
    private final List<FigureTable<?>> tables = new CopyOnWriteArrayList<>();

    public Metrics() {
        new JvmMemoryMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        collections.bindTo(registry);
    }

    public void observe(BufferPool buffers) {
        one(() -> buffers, BUFFERS);
    }

    private static final List<Figure<BufferPool>> BUFFERS = List.of(
            Figure.gauge("coffer.buffers.in.use", "Buffers of object data that are held now", BufferPool::inUse));

    public void observe(RepairQueue repairs) {
        one(() -> repairs, DataFigures.REPAIRS);
    }

    public void observe(DataServer data) {
        DataFigures figures = new DataFigures(data);
        one(data::stats, DataFigures.MEMORY);
        add(figures::disks, DataFigures.DISK);
    }

    public void observe(CatchUp catchUp) {
        one(() -> catchUp, DataFigures.CATCH_UP);
    }

    public void observe(ChunkServer server) {
        one(server::load, DataFigures.CHUNK_SERVER);
    }

    /** The groups that it has, and the nodes that it hears. */
    public void observe(MetaServer meta) {
        GroupFigures figures = new GroupFigures(meta);
        add(figures::groups, GroupFigures.GROUP);
        add(figures::lifecycle, GroupFigures.LIFECYCLE);
    }

    /** Nodes, as the leader of the system group hears them. */
    public void observe(MetaServer meta, Supplier<ClusterMap> map) {
        ClusterFigures figures = new ClusterFigures(map);
        add(() -> figures.silence(meta.silence()), ClusterFigures.SILENCE);
    }

    /** The cluster map as it is known to a process. */
    public void observeMap(Supplier<ClusterMap> map) {
        one(map, ClusterFigures.MAP);
    }

    /** What the cluster map says of the cluster; of the processes that keep it. */
    public void observeCluster(Supplier<ClusterMap> map) {
        ClusterFigures figures = new ClusterFigures(map);
        one(figures::repair, ClusterFigures.REPAIR);
        add(figures::volumes, ClusterFigures.VOLUMES);
        add(figures::nodes, ClusterFigures.NODES);
    }

    public void observe(Gateway gateway) {
        one(gateway::figures, GatewayFigures.GATEWAY);
    }

    public void observe(RemoteChunkStores stores) {
        one(() -> stores, GatewayFigures.CHUNKS);
    }

    public void observe(String name, HttpServer server) {
        add(() -> Map.of(Tags.of("endpoint", name), server), GatewayFigures.HTTP);
    }

    private <V> void one(Supplier<V> value, List<Figure<V>> figures) {
        add(() -> Map.of(Tags.empty(), value.get()), figures);
    }

    private <V> void add(Supplier<Map<Tags, V>> snapshot, List<Figure<V>> figures) {
        tables.add(new FigureTable<>(registry, snapshot, figures));
    }

    /** Counts S3 requests. */
    public RequestObserver requests() {
        return requests;
    }

    MeterRegistry registry() {
        return registry;
    }

    /** The text that Prometheus reads. */
    public String scrape() {
        tables.forEach(FigureTable::refresh);
        return registry.scrape();
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }
}
