package io.coffer.dataserver;

import io.coffer.common.chunk.ChunkStores;
import io.coffer.common.chunk.DiskStatus;
import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.id.ClusterId;
import io.coffer.common.id.DiskId;
import io.coffer.common.id.NodeId;
import io.coffer.common.io.FileSystem;
import io.coffer.common.time.Ticker;
import io.coffer.common.time.WallClock;
import io.coffer.dataserver.background.CatchUp;
import io.coffer.dataserver.background.ChunkRepair;
import io.coffer.dataserver.background.Maintenance;
import io.coffer.dataserver.background.RepairThread;
import io.coffer.dataserver.background.StrayChunks;
import io.coffer.dataserver.background.SystemGroup;
import io.coffer.dataserver.chunk.ChunkDisk;
import io.coffer.dataserver.chunk.ChunkMemory;
import io.coffer.dataserver.chunk.CorruptionListener;
import io.coffer.dataserver.chunk.LocalChunkStore;
import io.coffer.dataserver.disk.DiskDirectory;
import io.coffer.dataserver.disk.DiskRefusedException;
import io.coffer.dataserver.index.IndexMemory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The chunks of one node: its disks, opened and kept in order. */
public final class DataServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DataServer.class);

    /** Disks whose start-up work runs side by side. */
    private static final int MAX_OPENING = 8;

    private final List<ChunkDisk> disks;
    private final List<Unavailable> unavailable;
    private final IndexMemory indexMemory;
    private final ChunkMemory memory;
    private final LocalChunkStore store;
    private final Maintenance maintenance;
    private final Ticker ticker;

    private DataServer(
            List<ChunkDisk> disks,
            List<Unavailable> unavailable,
            IndexMemory indexMemory,
            ChunkMemory memory,
            DataServerOptions options,
            Surroundings surroundings) {
        this.disks = disks;
        this.unavailable = unavailable;
        this.indexMemory = indexMemory;
        this.memory = memory;
        this.ticker = surroundings.ticker();
        this.store = new LocalChunkStore(disks);
        this.maintenance = new Maintenance(disks, options.maintenance(), surroundings.ticker(), surroundings.random());
    }

    /**
     * What the data server touches of the world.
     *
     * @param files the file system below a configured path
     * @param random thread-safe; disk ids and segment stamps come from it
     * @param corruptions told of chunks that have to be repaired
     */
    public record Surroundings(
            Function<String, FileSystem> files,
            WallClock clock,
            Ticker ticker,
            RandomGenerator random,
            CorruptionListener corruptions) {}

    /** A configured disk that couldn't be opened. */
    public record Unavailable(String path, String reason) {}

    /**
     * Opens the disks. One that can't be read or written is left out ({@link #unavailable}).
     *
     * @throws DiskRefusedException if a directory isn't this node's to use; nothing is open then
     */
    public static DataServer open(
            List<DiskConfig> configs,
            ClusterId cluster,
            NodeId node,
            DataServerOptions options,
            Surroundings surroundings)
            throws DiskRefusedException {
        List<Unavailable> unavailable = new ArrayList<>();
        List<DiskDirectory> directories = new ArrayList<>();
        boolean refused = true;
        try {
            for (DiskConfig config : configs) {
                DiskDirectory.Owner owner =
                        new DiskDirectory.Owner(cluster, node, config.expected().orElse(null));
                try {
                    directories.add(DiskDirectory.open(
                            surroundings.files().apply(config.path()),
                            config.path(),
                            owner,
                            surroundings.clock().millis(),
                            surroundings.random()));
                } catch (IOException e) {
                    unavailable.add(unavailable(config.path(), e));
                }
            }
            requireDifferent(directories);
            refused = false;
        } finally {
            if (refused) {
                directories.forEach(DataServer::closeQuietly);
            }
        }
        IndexMemory indexMemory = new IndexMemory(options.indexMemoryBytes());
        ChunkMemory memory = ChunkMemory.of(options.bufferBytes());
        ChunkDisk.Shared shared = new ChunkDisk.Shared(
                options.disk(), indexMemory, memory, surroundings.random(), surroundings.corruptions());
        List<ChunkDisk> disks = openAll(directories, shared, unavailable);
        DataServer server = new DataServer(disks, unavailable, indexMemory, memory, options, surroundings);
        server.maintenance.start();
        return server;
    }

    private static Unavailable unavailable(String path, Throwable reason) {
        LOG.error("disk {} can't be opened: {}", path, reason.getMessage(), reason);
        return new Unavailable(path, String.valueOf(reason.getMessage()));
    }

    private static void requireDifferent(List<DiskDirectory> directories) throws DiskRefusedException {
        Map<DiskId, String> paths = new HashMap<>();
        for (DiskDirectory directory : directories) {
            String other = paths.put(directory.identity().disk(), directory.path());
            if (other != null) {
                throw new DiskRefusedException(
                        directory.path(), "is the same disk as " + other + ": one of them is a copy");
            }
        }
    }

    private static void closeQuietly(DiskDirectory directory) {
        try {
            directory.close();
        } catch (IOException e) {
            LOG.warn("disk {}: its lock may still be held", directory.path(), e);
        }
    }

    private static List<ChunkDisk> openAll(
            List<DiskDirectory> directories, ChunkDisk.Shared shared, List<Unavailable> unavailable) {
        List<ChunkDisk> disks = new ArrayList<>();
        if (directories.isEmpty()) {
            return disks;
        }
        try (ExecutorService executor = Executors.newFixedThreadPool(Math.min(MAX_OPENING, directories.size()))) {
            List<Future<ChunkDisk>> openings = directories.stream()
                    .map(directory -> executor.submit((Callable<ChunkDisk>) () -> ChunkDisk.open(directory, shared)))
                    .toList();
            for (int i = 0; i < openings.size(); i++) {
                try {
                    disks.add(openings.get(i).get());
                } catch (ExecutionException e) {
                    unavailable.add(unavailable(directories.get(i).path(), e.getCause() == null ? e : e.getCause()));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    unavailable.add(unavailable(directories.get(i).path(), e));
                }
            }
        }
        return disks;
    }

    /** The chunks, for callers in this process and the RPC service alike. */
    public LocalChunkStore chunkStore() {
        return store;
    }

    /** The state and space of the disks that are open. */
    public List<DiskStatus> disks() {
        return store.disks();
    }

    /** The configured disks that aren't. */
    public List<Unavailable> unavailable() {
        return List.copyOf(unavailable);
    }

    public DataServerStats stats() {
        List<DiskStatus> states = store.disks();
        return new DataServerStats(
                IntStream.range(0, disks.size())
                        .mapToObj(i -> new DataServerStats.PerDisk(
                                states.get(i), disks.get(i).counters()))
                        .toList(),
                indexMemory.usedBytes(),
                memory.allocatedBytes());
    }

    /** Rewrites damaged and missing chunks of this node's disks from the other members of their volumes. */
    public ChunkRepair repair(ChunkStores stores, Supplier<ClusterMap> maps) {
        return new ChunkRepair(store, stores, maps);
    }

    /**
     * Starts to bring members that are behind up to what the others have. Close it before this.
     *
     * @param maps the newest cluster map that is known
     * @param bytesPerSecond that it may copy
     */
    public Refilling startRefilling(
            NodeId node, ChunkStores stores, Supplier<ClusterMap> maps, SystemGroup group, long bytesPerSecond) {
        CatchUp catchUp = new CatchUp(node, store, stores, maps, group, bytesPerSecond, ticker);
        return new Refilling(catchUp, RepairThread.start(catchUp, new StrayChunks(node, store, maps)));
    }

    /** Members being brought up to date, until it is closed. */
    public record Refilling(CatchUp catchUp, RepairThread thread) implements AutoCloseable {
        @Override
        public void close() throws InterruptedException {
            thread.close();
        }
    }

    /** Commits what waits, makes the indexes durable and gives the disks back. */
    @Override
    public void close() {
        maintenance.close();
        for (ChunkDisk disk : disks) {
            try {
                disk.close();
            } catch (IOException e) {
                LOG.warn("disk {} didn't close well: {}", disk.path(), e.getMessage(), e);
            }
        }
        indexMemory.close();
    }
}
