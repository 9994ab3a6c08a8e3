package io.coffer.common.chunk.remote;

import com.google.protobuf.MessageLite;
import io.coffer.common.chunk.ChunkAddress;
import io.coffer.common.chunk.ChunkDescriptor;
import io.coffer.common.chunk.ChunkError;
import io.coffer.common.chunk.ChunkException;
import io.coffer.common.chunk.ChunkPage;
import io.coffer.common.chunk.ChunkStore;
import io.coffer.common.chunk.ChunkWriter;
import io.coffer.common.chunk.Deletion;
import io.coffer.common.chunk.DiskStatus;
import io.coffer.common.chunk.LocatedChunk;
import io.coffer.common.chunk.wire.ChunkCodec;
import io.coffer.common.chunk.wire.ChunkTransport;
import io.coffer.common.chunk.wire.FrameType;
import io.coffer.common.chunk.wire.OutboundFrame;
import io.coffer.common.concurrent.CoarseWait;
import io.coffer.common.id.DiskId;
import io.coffer.common.id.ExtentId;
import io.coffer.common.id.VolumeId;
import io.coffer.common.metadata.wire.ClusterCodec;
import io.coffer.common.metadata.wire.ValueCodec;
import io.coffer.common.trace.Work;
import io.coffer.proto.rpc.ChunkMessages;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The chunks of another node. Calls block their (virtual) thread, no longer than their timeout. Thread-safe. */
final class RemoteChunkStore implements ChunkStore, AutoCloseable {
    private final ChunkClient client;
    private final Peer peer;
    private final PeerLink small;
    private final List<PeerLink> bulk;
    private final LocalReads local;
    private final Future<?> ticking;
    private final AtomicInteger turns = new AtomicInteger();

    RemoteChunkStore(ChunkClient client, Peer peer) {
        this.client = client;
        this.peer = peer;
        this.small = new PeerLink(client, peer);
        this.bulk = Stream.generate(() -> new PeerLink(client, peer))
                .limit(client.options().bulkConnections())
                .toList();
        this.local = new LocalReads(peer);
        this.ticking = client.eventLoops().scheduleWithFixedDelay(local::tick, 1, 1, TimeUnit.SECONDS);
    }

    /** Bytes read so far out of the files of a dataserver on this host. */
    long fileBytes() {
        return local.bytes();
    }

    Peer peer() {
        return peer;
    }

    private PeerConnection connection(long bytes) throws ChunkException {
        return bytes <= Limits.MAX_SMALL_BYTES
                ? small.get()
                : bulk.get(Math.floorMod(turns.getAndIncrement(), bulk.size())).get();
    }

    @Override
    public ChunkWriter create(ChunkDescriptor descriptor) throws ChunkException {
        PeerConnection connection = connection(descriptor.length());
        CallTag tag = CallTag.of("write chunk", peer, descriptor.address(), descriptor.length());
        RemoteChunkWriter writer = new RemoteChunkWriter(connection, client.options(), descriptor.length(), tag);
        try {
            writer.create(descriptor);
        } catch (ChunkException e) {
            tag.span().fail(e.error().name());
            tag.span().end();
            throw e;
        }
        return writer;
    }

    @Override
    public void read(ChunkAddress chunk, long offset, ByteBuffer target) throws ChunkException {
        if (offset < 0 || offset + target.remaining() > ChunkDescriptor.MAX_LENGTH) {
            throw new IllegalArgumentException("%d bytes at %d".formatted(target.remaining(), offset));
        }
        PeerConnection connection = connection(target.remaining());
        CallTag tag = CallTag.of("read chunk", peer, chunk, target.remaining());
        try {
            boolean here = readsFiles(connection) && local.read(chunk, offset, target, this::locate);
            tag.span().put("coffer.from", here ? "file" : "network");
            if (!here) {
                read(connection, tag, chunk, offset, target);
            }
        } catch (ChunkException e) {
            tag.span().fail(e.error().name());
            throw e;
        } finally {
            tag.span().end();
        }
    }

    private boolean readsFiles(PeerConnection connection) {
        return client.options().readsFiles() && connection.reachesFiles();
    }

    private LocatedChunk locate(ChunkAddress chunk) throws ChunkException {
        return call(
                FrameType.LOCATE,
                ChunkMessages.Locate.newBuilder()
                        .setTimeoutMillis(readMillis())
                        .setChunk(ChunkCodec.encode(chunk))
                        .setRequest(Work.current().request())
                        .build(),
                answer -> ChunkCodec.decode(ChunkMessages.Located.parseFrom(answer)),
                client.options().readTimeout());
    }

    private void read(PeerConnection connection, CallTag tag, ChunkAddress chunk, long offset, ByteBuffer target)
            throws ChunkException {
        Duration timeout = client.options().readTimeout();
        ReadStream stream = new ReadStream(offset, target);
        ask(
                connection,
                stream,
                FrameType.READ,
                ChunkMessages.Read.newBuilder()
                        .setTimeoutMillis((int) timeout.toMillis())
                        .setChunk(ChunkCodec.encode(chunk))
                        .setOffset(offset)
                        .setLength(target.remaining())
                        .setRequest(tag.request())
                        .setTrace(tag.trace())
                        .build());
        try {
            await(connection, stream, stream.outcome(), timeout);
        } finally {
            stream.abandon();
        }
        stream.verify(target);
        target.position(target.limit());
    }

    private static void ask(PeerConnection connection, ClientStream stream, FrameType type, MessageLite head)
            throws ChunkException {
        connection.open(stream);
        connection.send(OutboundFrame.of(ChunkTransport.ALLOCATOR, type, stream.id(), head), true);
    }

    private <T> T await(PeerConnection connection, ClientStream stream, CompletableFuture<T> outcome, Duration timeout)
            throws ChunkException {
        try {
            return CoarseWait.get(outcome, timeout.toNanos());
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case ChunkException known ->
                    throw new ChunkException(known.error(), String.valueOf(known.getMessage()), known);
                case IllegalArgumentException bug -> throw new IllegalArgumentException(bug.getMessage(), bug);
                case null, default ->
                    throw new ChunkException(ChunkError.UNAVAILABLE, "a request to node " + peer + " failed", e);
            }
        } catch (TimeoutException e) {
            connection.cancel(stream);
            throw new ChunkException(
                    ChunkError.UNAVAILABLE, "no answer from node " + peer + " in " + timeout.toMillis() + " ms", e);
        } catch (InterruptedException e) {
            connection.cancel(stream);
            Thread.currentThread().interrupt();
            throw new ChunkException(ChunkError.UNAVAILABLE, "interrupted", e);
        }
    }

    private <T> T call(FrameType type, MessageLite head, CallStream.Answer<T> answer, Duration timeout)
            throws ChunkException {
        PeerConnection connection = small.get();
        CallStream<T> stream = new CallStream<>(answer);
        ask(connection, stream, type, head);
        return await(connection, stream, stream.outcome(), timeout);
    }

    private int readMillis() {
        return (int) client.options().readTimeout().toMillis();
    }

    private int syncMillis() {
        return (int) client.options().commitTimeout().toMillis();
    }

    @Override
    public boolean delete(ChunkAddress chunk) throws ChunkException {
        Deletion deletion = delete(List.of(chunk)).getFirst();
        if (deletion.failure() != null) {
            throw deletion.failure();
        }
        return deletion.existed();
    }

    @Override
    public List<Deletion> deleteAll(List<ChunkAddress> chunks) {
        if (chunks.size() > MAX_DELETES) {
            throw new IllegalArgumentException("%d deletes at once".formatted(chunks.size()));
        }
        if (chunks.isEmpty()) {
            return List.of();
        }
        try {
            return delete(chunks);
        } catch (ChunkException e) {
            return chunks.stream().map(chunk -> Deletion.failed(e)).toList();
        }
    }

    private List<Deletion> delete(List<ChunkAddress> chunks) throws ChunkException {
        ChunkMessages.Delete.Builder head = ChunkMessages.Delete.newBuilder()
                .setTimeoutMillis(syncMillis())
                .setRequest(Work.current().request());
        chunks.forEach(chunk -> head.addChunks(ChunkCodec.encode(chunk)));
        List<Deletion> deletions = call(
                FrameType.DELETE,
                head.build(),
                answer -> ChunkCodec.decode(ChunkMessages.Deleted.parseFrom(answer)),
                client.options().commitTimeout());
        if (deletions.size() != chunks.size()) {
            throw new ChunkException(ChunkError.UNAVAILABLE, "an answer to another question from node " + peer);
        }
        return deletions;
    }

    @Override
    public boolean has(ChunkAddress chunk) throws ChunkException {
        return call(
                FrameType.HAS,
                ChunkMessages.Has.newBuilder()
                        .setTimeoutMillis(readMillis())
                        .setChunk(ChunkCodec.encode(chunk))
                        .setRequest(Work.current().request())
                        .build(),
                answer -> ChunkMessages.HasAnswer.parseFrom(answer).getPresent(),
                client.options().readTimeout());
    }

    @Override
    public List<ChunkDescriptor> list(DiskId disk, @Nullable ExtentId after, long bornBeforeMillis, int limit)
            throws ChunkException {
        return list(listing(disk, after, limit)
                        .setBornBeforeMillis(bornBeforeMillis)
                        .build())
                .chunks();
    }

    @Override
    public ChunkPage listVolume(DiskId disk, VolumeId volume, @Nullable ExtentId after, int limit)
            throws ChunkException {
        return list(listing(disk, after, limit).setVolume(volume.value()).build());
    }

    private ChunkMessages.List.Builder listing(DiskId disk, @Nullable ExtentId after, int limit) {
        if (limit < 1 || limit > MAX_PAGE) {
            throw new IllegalArgumentException("limit must be 1 to " + MAX_PAGE + ": " + limit);
        }
        ChunkMessages.List.Builder head = ChunkMessages.List.newBuilder()
                .setTimeoutMillis(syncMillis())
                .setDisk(ClusterCodec.encode(disk.value()))
                .setLimit(limit)
                .setRequest(Work.current().request());
        if (after != null) {
            head.setAfter(ValueCodec.encode(after));
        }
        return head;
    }

    private ChunkPage list(ChunkMessages.List head) throws ChunkException {
        return call(
                FrameType.LIST,
                head,
                answer -> ChunkCodec.decode(ChunkMessages.Listed.parseFrom(answer)),
                client.options().commitTimeout());
    }

    @Override
    public void fence(DiskId disk, VolumeId volume, long epoch) throws ChunkException {
        call(
                FrameType.FENCE,
                ChunkMessages.Fence.newBuilder()
                        .setTimeoutMillis(syncMillis())
                        .setDisk(ClusterCodec.encode(disk.value()))
                        .setVolume(volume.value())
                        .setEpoch(epoch)
                        .setRequest(Work.current().request())
                        .build(),
                answer -> true,
                client.options().commitTimeout());
    }

    @Override
    public List<DiskStatus> disks() throws ChunkException {
        return call(
                FrameType.DISKS,
                ChunkMessages.Disks.newBuilder()
                        .setTimeoutMillis(readMillis())
                        .setRequest(Work.current().request())
                        .build(),
                answer -> ChunkCodec.decode(ChunkMessages.DiskList.parseFrom(answer)),
                client.options().readTimeout());
    }

    /** What is under way fails. */
    @Override
    public void close() {
        ticking.cancel(false);
        local.close();
        small.close();
        bulk.forEach(PeerLink::close);
    }
}
