package io.coffer.dataserver.background;

import io.coffer.common.time.Ticker;
import io.coffer.dataserver.chunk.ChunkDisk;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** The one thread that keeps a store's disks in order, a step of each in turn. */
public final class Maintenance implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final List<DiskMaintenance> disks;
    private final Ticker ticker;
    private final Thread thread;
    private final CountDownLatch closing = new CountDownLatch(1);

    public Maintenance(List<ChunkDisk> disks, MaintenanceRates rates, Ticker ticker, RandomGenerator random) {
        this.disks = disks.stream()
                .map(disk -> new DiskMaintenance(disk, rates, random.nextLong()))
                .toList();
        this.ticker = ticker;
        this.thread = Thread.ofPlatform().name("maintenance").daemon().unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    private void run() {
        long before = ticker.nanos();
        while (pause()) {
            long now = ticker.nanos();
            for (DiskMaintenance disk : disks) {
                disk.step(now - before);
            }
            before = now;
        }
    }

    /** Returns whether to go on. */
    private boolean pause() {
        try {
            return !closing.await(PAUSE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            return false;
        }
    }

    /** Ends after the step under way. */
    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
