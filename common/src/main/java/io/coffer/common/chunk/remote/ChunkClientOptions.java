package io.coffer.common.chunk.remote;

import java.time.Duration;

/**
 * How chunks of other nodes are reached.
 *
 * @param readTimeout of a read, and of other short questions
 * @param writeTimeout how long a writer waits for the peer to take more
 * @param commitTimeout from a commit to its answer; deletes and fences, which wait for syncs too, get as much
 * @param bulkConnections per node, beside one for short requests
 * @param eventLoops threads that read and write sockets
 * @param readsFiles whether chunks of a dataserver on this host are read out of its files, where this process may. They can still be read for a
 *     while after they were deleted, which only suits who asked the metadata just now
 */
public record ChunkClientOptions(
        Duration readTimeout,
        Duration writeTimeout,
        Duration commitTimeout,
        int bulkConnections,
        int eventLoops,
        boolean readsFiles) {
    private static final int MAX_EVENT_LOOPS = 4;

    public static final ChunkClientOptions DEFAULT = new ChunkClientOptions(
            Duration.ofSeconds(5),
            Duration.ofSeconds(15),
            Duration.ofSeconds(30),
            2,
            Math.min(MAX_EVENT_LOOPS, Runtime.getRuntime().availableProcessors()),
            false);

    public ChunkClientOptions {
        if (bulkConnections < 1 || eventLoops < 1) {
            throw new IllegalArgumentException("at least one connection and one event loop");
        }
    }

    /** The same, reading files. */
    public ChunkClientOptions readingFiles() {
        return new ChunkClientOptions(readTimeout, writeTimeout, commitTimeout, bulkConnections, eventLoops, true);
    }
}
