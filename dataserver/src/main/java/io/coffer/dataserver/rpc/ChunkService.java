package io.coffer.dataserver.rpc;

import io.coffer.common.id.ClusterId;
import io.coffer.common.id.NodeId;
import io.coffer.dataserver.chunk.LocalChunkStore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * What the connections of a server share.
 *
 * @param writing the windows of all writes
 * @param reading what was read and isn't sent yet
 * @param streams how many are open
 * @param requests that were taken
 * @param turnedAway requests that were not, because there was too much to do
 */
record ChunkService(
        ClusterId cluster,
        NodeId node,
        LocalChunkStore store,
        DiskThreads threads,
        ChunkServerOptions options,
        ByteBudget writing,
        ByteBudget reading,
        AtomicInteger streams,
        LongAdder requests,
        LongAdder turnedAway) {}
