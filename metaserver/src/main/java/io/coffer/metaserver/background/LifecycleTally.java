package io.coffer.metaserver.background;

import java.util.concurrent.atomic.LongAdder;

/** What applying lifecycle rules has done since the start of this process. Thread-safe. */
public final class LifecycleTally {
    private final LongAdder looked = new LongAdder();
    private final LongAdder expired = new LongAdder();
    private final LongAdder versions = new LongAdder();
    private final LongAdder markers = new LongAdder();
    private final LongAdder uploads = new LongAdder();
    private final LongAdder kept = new LongAdder();
    private final LongAdder scans = new LongAdder();
    private volatile long lastScanMillis;
    private volatile int scansUnderWay;

    /**
     * Read at one moment.
     *
     * @param looked versions and uploads that rules were held against
     * @param expired objects that were deleted or hidden behind a delete marker
     * @param versions deleted that were not the newest of their keys, noncurrent delete markers included
     * @param markers delete markers removed that were all there was of their keys
     * @param uploads aborted
     * @param kept removals refused: what was to go had changed meanwhile, or a lock forbade it
     * @param scans of partitions finished
     * @param lastScanMillis how long the last of them took
     * @param scansUnderWay now
     */
    public record Figures(
            long looked,
            long expired,
            long versions,
            long markers,
            long uploads,
            long kept,
            long scans,
            long lastScanMillis,
            int scansUnderWay) {}

    public Figures figures() {
        return new Figures(
                looked.sum(),
                expired.sum(),
                versions.sum(),
                markers.sum(),
                uploads.sum(),
                kept.sum(),
                scans.sum(),
                lastScanMillis,
                scansUnderWay);
    }

    void looked(int count) {
        looked.add(count);
    }

    void removed(LifecycleRemoval.Kind kind) {
        switch (kind) {
            case OBJECT -> expired.increment();
            case VERSION -> versions.increment();
            case MARKER -> markers.increment();
        }
    }

    void aborted() {
        uploads.increment();
    }

    void kept() {
        kept.increment();
    }

    void underWay(int count) {
        scansUnderWay = count;
    }

    void scanned(long millis) {
        lastScanMillis = millis;
        scans.increment();
    }
}
