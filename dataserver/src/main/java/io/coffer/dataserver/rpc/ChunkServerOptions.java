package io.coffer.dataserver.rpc;

import java.time.Duration;

/**
 * How much the chunk server takes on at a time.
 *
 * @param windowBytes of a write that may be under way to its disk
 * @param writeBytes windows of all writes together; more writes are refused
 * @param readBytes read from disks and not yet taken by the network, of all connections together
 * @param readBytesPerConnection of those
 * @param maxConnections that are open
 * @param maxStreamsPerConnection requests of one caller
 * @param maxStreams requests of all callers
 * @param threadsPerDisk that read, and as many that write: as many calls as a disk gets at a time
 * @param eventLoops threads that read and write sockets
 * @param silence after which a connection is closed
 */
public record ChunkServerOptions(
        int windowBytes,
        long writeBytes,
        long readBytes,
        long readBytesPerConnection,
        int maxConnections,
        int maxStreamsPerConnection,
        int maxStreams,
        int threadsPerDisk,
        int eventLoops,
        Duration silence) {
    private static final int MAX_EVENT_LOOPS = 4;

    public static final ChunkServerOptions DEFAULT = new ChunkServerOptions(
            1 << 20,
            256L << 20,
            128L << 20,
            8L << 20,
            4096,
            4096,
            16_384,
            8,
            Math.min(MAX_EVENT_LOOPS, Runtime.getRuntime().availableProcessors()),
            Duration.ofSeconds(10));
}
