package io.coffer.common.io.fault;

import io.coffer.common.io.NoSpaceException;
import java.io.IOException;

/** Power, space and the count of operations, shared by a {@link CrashableFileSystem} and its open files; also their lock. */
final class SimulatedMachine {
    interface Change {
        void apply() throws IOException;
    }

    private static final long NEVER = -1;

    private final int sectorBytes;
    private final long totalSectors;
    private long usedSectors;
    private long boot;
    private boolean off;
    private long operations;
    private long syncs;
    private long offAtOperation = NEVER;
    private long offAtSync = NEVER;

    SimulatedMachine(int sectorBytes, long capacityBytes) {
        if (sectorBytes <= 0 || capacityBytes < sectorBytes) {
            throw new IllegalArgumentException(capacityBytes + " bytes in sectors of " + sectorBytes);
        }
        this.sectorBytes = sectorBytes;
        this.totalSectors = capacityBytes / sectorBytes;
    }

    int sectorBytes() {
        return sectorBytes;
    }

    long totalBytes() {
        return totalSectors * sectorBytes;
    }

    long usableBytes() {
        return Math.max(0, totalSectors - usedSectors) * sectorBytes;
    }

    long boot() {
        return boot;
    }

    boolean isOff() {
        return off;
    }

    long operations() {
        return operations;
    }

    long syncs() {
        return syncs;
    }

    void powerOffAtOperation(long number) {
        offAtOperation = number;
    }

    void powerOffAtSync(long number) {
        offAtSync = number;
    }

    void powerOff() {
        off = true;
    }

    /** Whatever was opened before stays unusable; counters and hooks start anew. */
    void restart(long sectorsInUse) {
        boot++;
        off = false;
        operations = 0;
        syncs = 0;
        offAtOperation = NEVER;
        offAtSync = NEVER;
        usedSectors = sectorsInUse;
    }

    void requirePower(long sinceBoot) throws PowerOffException {
        if (off || sinceBoot != boot) {
            throw new PowerOffException();
        }
    }

    /** Does something that a later sync makes durable. If the power goes now, it is done but nobody is told. */
    void change(Change change) throws IOException {
        boolean last = count(false);
        change.apply();
        cutIf(last);
    }

    /** Makes something durable. If the power goes now, it isn't done. */
    void sync(Change change) throws IOException {
        cutIf(count(true));
        change.apply();
    }

    private boolean count(boolean sync) throws PowerOffException {
        requirePower(boot);
        operations++;
        boolean last = operations == offAtOperation;
        if (sync) {
            syncs++;
            last |= syncs == offAtSync;
        }
        return last;
    }

    private void cutIf(boolean last) throws PowerOffException {
        if (last) {
            off = true;
            throw new PowerOffException();
        }
    }

    void reserve(int sectors, String path) throws NoSpaceException {
        if (sectors > totalSectors - usedSectors) {
            throw new NoSpaceException(path + ": no space left on the simulated disk");
        }
        usedSectors += sectors;
    }

    void release(int sectors) {
        usedSectors -= sectors;
    }
}
