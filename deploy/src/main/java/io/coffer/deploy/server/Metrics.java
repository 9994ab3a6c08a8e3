package io.coffer.deploy.server;

import io.coffer.common.chunk.DiskStatus;
import io.coffer.common.cluster.Disk;
import io.coffer.common.io.BufferPool;
import io.coffer.dataserver.DataServer;
import io.coffer.dataserver.chunk.ChunkCounters;
import io.coffer.gateway.http.HttpCounters;
import io.coffer.gateway.http.HttpServer;
import io.coffer.gateway.s3.RequestObserver;
import io.coffer.gateway.s3.S3Metrics;
import io.coffer.metaserver.MetaServer;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.function.ToLongFunction;

/** The figures of a process, gathered from its parts when Prometheus asks. */
public final class Metrics implements AutoCloseable {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final S3Metrics requests = new S3Metrics(registry);
    private final JvmGcMetrics collections = new JvmGcMetrics();

    public Metrics() {
        new JvmMemoryMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        collections.bindTo(registry);
    }

    public void observe(BufferPool buffers) {
        Gauge.builder("coffer.buffers.in.use", buffers, BufferPool::inUse).register(registry);
    }

    public void observe(RepairQueue repairs) {
        Gauge.builder("coffer.repair.waiting", repairs, RepairQueue::backlog).register(registry);
        FunctionCounter.builder("coffer.repair.done", repairs, RepairQueue::repaired)
                .register(registry);
        FunctionCounter.builder("coffer.repair.failed", repairs, RepairQueue::failed)
                .register(registry);
    }

    public void observe(DataServer data) {
        for (DiskStatus disk : data.disks()) {
            observe(data, disk);
        }
    }

    /** The groups that it has now. */
    public void observe(MetaServer meta) {
        for (MetaServer.GroupStatus group : meta.status()) {
            observe(meta, group);
        }
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
        return registry.scrape();
    }

    public void observe(String name, HttpServer server) {
        Tags tags = Tags.of("endpoint", name);
        HttpCounters counters = server.counters();
        Gauge.builder("coffer.http.connections", counters, HttpCounters::openConnections)
                .tags(tags)
                .register(registry);
        Gauge.builder("coffer.http.requests.in.flight", counters, HttpCounters::requestsInFlight)
                .tags(tags)
                .register(registry);
        Gauge.builder("coffer.http.direct.bytes", server, HttpServer::directMemoryBytes)
                .tags(tags)
                .register(registry);
        FunctionCounter.builder("coffer.http.faults", counters, HttpCounters::faults)
                .tags(tags)
                .register(registry);
        FunctionCounter.builder("coffer.http.timeouts", counters, HttpCounters::timeouts)
                .tags(tags)
                .register(registry);
        FunctionCounter.builder("coffer.http.received.bytes", counters, HttpCounters::bytesReceived)
                .tags(tags)
                .register(registry);
        FunctionCounter.builder("coffer.http.sent.bytes", counters, HttpCounters::bytesSent)
                .tags(tags)
                .register(registry);
    }

    private void observe(DataServer data, DiskStatus disk) {
        Tags tags = Tags.of("disk", disk.disk().toString(), "path", disk.path());
        Gauge.builder("coffer.disk.total.bytes", () -> status(data, disk).totalBytes())
                .tags(tags)
                .register(registry);
        Gauge.builder("coffer.disk.free.bytes", () -> status(data, disk).freeBytes())
                .tags(tags)
                .register(registry);
        Gauge.builder("coffer.disk.live.bytes", () -> status(data, disk).liveBytes())
                .tags(tags)
                .register(registry);
        count("coffer.disk.written.bytes", data, disk, ChunkCounters.Snapshot::writtenBytes);
        count("coffer.disk.read.bytes", data, disk, ChunkCounters.Snapshot::readBytes);
        count("coffer.disk.syncs", data, disk, ChunkCounters.Snapshot::commitGroups);
        count("coffer.disk.deletes", data, disk, ChunkCounters.Snapshot::deletes);
        count("coffer.disk.corruptions", data, disk, ChunkCounters.Snapshot::corruptions);
        count("coffer.disk.scrubbed.bytes", data, disk, ChunkCounters.Snapshot::scrubbedBytes);
        count("coffer.disk.compacted.bytes", data, disk, ChunkCounters.Snapshot::movedBytes);
        Gauge.builder("coffer.disk.healthy", () -> status(data, disk).state() == Disk.State.HEALTHY ? 1 : 0)
                .tags(tags)
                .register(registry);
    }

    private void count(String name, DataServer data, DiskStatus disk, ToLongFunction<ChunkCounters.Snapshot> counter) {
        FunctionCounter.builder(
                        name,
                        data,
                        server -> server.stats().disks().stream()
                                .filter(figures -> figures.status().disk().equals(disk.disk()))
                                .mapToLong(figures -> counter.applyAsLong(figures.counters()))
                                .sum())
                .tags("disk", disk.disk().toString(), "path", disk.path())
                .register(registry);
    }

    private static DiskStatus status(DataServer data, DiskStatus before) {
        return data.disks().stream()
                .filter(disk -> disk.disk().equals(before.disk()))
                .findFirst()
                .orElse(before);
    }

    private void observe(MetaServer meta, MetaServer.GroupStatus before) {
        Tags tags = Tags.of("group", Integer.toString(before.group().value()));
        Gauge.builder(
                        "coffer.metadata.applied.index",
                        () -> status(meta, before).appliedIndex())
                .tags(tags)
                .register(registry);
        Gauge.builder("coffer.metadata.leads", () -> status(meta, before).leads() ? 1 : 0)
                .tags(tags)
                .register(registry);
        Gauge.builder(
                        "coffer.metadata.waiting",
                        () -> status(meta, before).load().waiting())
                .tags(tags)
                .register(registry);
        FunctionCounter.builder(
                        "coffer.metadata.commands",
                        meta,
                        m -> status(m, before).load().commands())
                .tags(tags)
                .register(registry);
        FunctionCounter.builder(
                        "coffer.metadata.proposals",
                        meta,
                        m -> status(m, before).load().proposals())
                .tags(tags)
                .register(registry);
        FunctionCounter.builder(
                        "coffer.metadata.turned.away",
                        meta,
                        m -> status(m, before).load().turnedAway())
                .tags(tags)
                .register(registry);
    }

    private static MetaServer.GroupStatus status(MetaServer meta, MetaServer.GroupStatus before) {
        return meta.status().stream()
                .filter(group -> group.group().equals(before.group()))
                .findFirst()
                .orElse(before);
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }
}
