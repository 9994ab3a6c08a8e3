package io.coffer.dataserver;

import io.coffer.dataserver.background.MaintenanceRates;
import io.coffer.dataserver.disk.DiskOptions;
import io.coffer.dataserver.format.Limits;

/**
 * How a data server uses its disks and memory.
 *
 * @param indexMemoryBytes shared by the indexes of all disks
 * @param bufferBytes of chunks that are collected, written or read in part
 */
public record DataServerOptions(
        DiskOptions disk, long indexMemoryBytes, long bufferBytes, MaintenanceRates maintenance) {
    private static final long DEFAULT_INDEX_MEMORY_BYTES = 64L << 20;

    public static final DataServerOptions DEFAULT = new DataServerOptions(
            DiskOptions.DEFAULT, DEFAULT_INDEX_MEMORY_BYTES, Limits.DEFAULT_BUFFER_BYTES, MaintenanceRates.DEFAULT);
}
