package io.coffer.dataserver.background;

import io.coffer.common.chunk.ChunkException;
import io.coffer.dataserver.chunk.ChunkDisk;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One disk's upkeep as steps that time pays for: what passes is turned into bytes that may be moved and read. Used by one thread. */
public final class DiskMaintenance {
    private static final Logger LOG = LoggerFactory.getLogger(DiskMaintenance.class);

    /** Time that passed unused is worth no more than this. */
    private static final long MAX_SAVED_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** Smaller steps aren't worth their overhead. */
    private static final long MIN_STEP_BYTES = 1L << 20;

    private static final long CHECK_SPACE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** Erasing goes on while this many batches are full, then the others get a turn. */
    private static final int ERASE_ROUNDS = 16;

    private final ChunkDisk disk;
    private final MaintenanceRates rates;
    private double compactBytes;
    private double scrubBytes;
    private long sinceCheck = CHECK_SPACE_NANOS;
    private long pausedNanos;
    private boolean damageReported;

    public DiskMaintenance(ChunkDisk disk, MaintenanceRates rates, long random) {
        this.disk = disk;
        this.rates = rates;
        disk.scrub().startAt(random);
    }

    /** Does what the time since the last step allows. */
    public void step(long elapsedNanos) {
        if (pausedNanos > 0) {
            pausedNanos -= elapsedNanos;
            return;
        }
        try {
            if (!damageReported) {
                disk.reportDamaged();
                damageReported = true;
            }
            reclaim(elapsedNanos);
            scrub(elapsedNanos);
        } catch (ChunkException e) {
            LOG.warn("upkeep of disk {} pauses: {}", disk.path(), e.getMessage());
            pausedNanos = RETRY_NANOS;
        } catch (RuntimeException e) { // a bug: the other disks go on
            LOG.error("upkeep of disk {} failed", disk.path(), e);
            pausedNanos = RETRY_NANOS;
        }
    }

    private void reclaim(long elapsedNanos) throws ChunkException {
        for (int round = 0; round < ERASE_ROUNDS && disk.reclaim().eraseDead() > 0; round++) {
            // The next batch.
        }
        disk.reclaim().trimFullSegments();
        disk.reclaim().freeSegments();
        sinceCheck += elapsedNanos;
        if (sinceCheck >= CHECK_SPACE_NANOS) {
            sinceCheck = 0;
            disk.reclaim().checkSpace();
        }
        compactBytes = paid(compactBytes, rates.compactBytesPerSecond(), elapsedNanos);
        if (compactBytes >= MIN_STEP_BYTES) {
            compactBytes -= disk.reclaim().compact((long) compactBytes);
        }
    }

    private void scrub(long elapsedNanos) throws ChunkException {
        long rate = rates.scrubBytesPerSecond(disk.scrub().liveBytes());
        scrubBytes += (double) rate * elapsedNanos / TimeUnit.SECONDS.toNanos(1);
        scrubBytes = Math.min(scrubBytes, Math.max(MIN_STEP_BYTES, (double) rate * 2));
        if (scrubBytes >= Math.min(MIN_STEP_BYTES, disk.scrub().liveBytes())) {
            scrubBytes -= Math.max(0, disk.scrub().step((long) scrubBytes));
        }
    }

    private static double paid(double before, long bytesPerSecond, long elapsedNanos) {
        double earned = (double) bytesPerSecond * elapsedNanos / TimeUnit.SECONDS.toNanos(1);
        double most = (double) bytesPerSecond * MAX_SAVED_NANOS / TimeUnit.SECONDS.toNanos(1);
        return Math.min(before + earned, Math.max(most, MIN_STEP_BYTES));
    }
}
