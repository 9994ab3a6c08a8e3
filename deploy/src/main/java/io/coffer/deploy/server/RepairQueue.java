package io.coffer.deploy.server;

import io.coffer.common.chunk.ChunkAddress;
import io.coffer.common.chunk.ChunkException;
import io.coffer.common.cluster.Volume;
import io.coffer.common.id.ExtentId;
import io.coffer.dataserver.background.ChunkRepair;
import io.coffer.dataserver.chunk.CorruptionListener;
import io.coffer.gateway.object.RepairRequests;
import java.util.LinkedHashSet;
import java.util.SequencedSet;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chunks that have to be rebuilt from the other members of their volumes, and the thread that does it. Bounded: what doesn't fit
 * is found again by the next read or the scrubber. Thread-safe.
 */
public final class RepairQueue implements RepairRequests, CorruptionListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RepairQueue.class);

    /** Waiting chunks; each takes some hundred bytes. */
    private static final int CAPACITY = 10_000;

    private final SequencedSet<ChunkAddress> waiting = new LinkedHashSet<>();
    private final LongAdder repaired = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private @Nullable Thread worker;
    private boolean closed;

    @Override
    public void report(Volume volume, ExtentId extent, int index) {
        add(new ChunkAddress(volume.members().get(index).disk(), volume.id(), volume.epoch(), extent, index));
    }

    @Override
    public void damaged(ChunkAddress chunk, String what) {
        LOG.warn("chunk {} of extent {} on disk {}: {}", chunk.index(), chunk.extent(), chunk.disk(), what);
        add(chunk);
    }

    private synchronized void add(ChunkAddress chunk) {
        if (waiting.size() < CAPACITY && waiting.add(chunk)) {
            notifyAll();
        }
    }

    /** Starts repairing; what was reported before waits until then. */
    public synchronized void start(ChunkRepair repair) {
        worker = Thread.ofPlatform().name("repair").daemon().start(() -> work(repair));
    }

    synchronized int backlog() {
        return waiting.size();
    }

    long repaired() {
        return repaired.sum();
    }

    long failed() {
        return failed.sum();
    }

    private void work(ChunkRepair repair) {
        for (ChunkAddress chunk = next(); chunk != null; chunk = next()) {
            try {
                ChunkRepair.Result result = repair.repair(chunk);
                LOG.info("repair of extent {} on disk {}: {}", chunk.extent(), chunk.disk(), result);
                (result == ChunkRepair.Result.REPAIRED ? repaired : failed).increment();
            } catch (ChunkException | RuntimeException e) {
                failed.increment();
                LOG.warn("repair of extent {} on disk {} failed: {}", chunk.extent(), chunk.disk(), e.getMessage());
            }
        }
    }

    private synchronized @Nullable ChunkAddress next() {
        try {
            while (waiting.isEmpty() && !closed) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
        return closed ? null : waiting.removeFirst();
    }

    @Override
    public void close() throws InterruptedException {
        Thread thread;
        synchronized (this) {
            closed = true;
            notifyAll();
            thread = worker;
        }
        if (thread != null) {
            thread.join();
        }
    }
}
