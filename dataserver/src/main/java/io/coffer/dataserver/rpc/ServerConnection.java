package io.coffer.dataserver.rpc;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import io.coffer.common.chunk.ChunkAddress;
import io.coffer.common.chunk.ChunkDescriptor;
import io.coffer.common.chunk.ChunkError;
import io.coffer.common.chunk.ChunkException;
import io.coffer.common.chunk.ChunkPage;
import io.coffer.common.chunk.LocatedChunk;
import io.coffer.common.chunk.wire.ChunkCodec;
import io.coffer.common.chunk.wire.ChunkTransport;
import io.coffer.common.chunk.wire.FrameReceiver;
import io.coffer.common.chunk.wire.FrameType;
import io.coffer.common.chunk.wire.OutboundFrame;
import io.coffer.common.chunk.wire.ProtocolException;
import io.coffer.common.id.ClusterId;
import io.coffer.common.id.DiskId;
import io.coffer.common.id.ExtentId;
import io.coffer.common.id.NodeId;
import io.coffer.common.id.VolumeId;
import io.coffer.common.metadata.wire.ClusterCodec;
import io.coffer.common.metadata.wire.ValueCodec;
import io.coffer.common.rpc.PeerIdentity;
import io.coffer.common.rpc.Removal;
import io.coffer.proto.rpc.ChunkMessages;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import java.nio.ByteBuffer;
import java.security.cert.CertificateException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One caller's connection and the streams on it. Frames arrive on the event loop; answers are sent from any thread. */
final class ServerConnection implements FrameReceiver {
    private static final Logger LOG = LoggerFactory.getLogger(ServerConnection.class);
    private static final int VERSION = 1;

    private final Channel channel;
    private final ChunkService service;
    private final Predicate<NodeId> dismissed;
    private final ByteBudget outbound;
    private final Map<Integer, ServerStream> streams = new ConcurrentHashMap<>();

    /** What follows up to the volatile ones belongs to the event loop. */
    private boolean greeted;

    private boolean refused;
    private @Nullable WriteStream receiving;
    private long heardNanos = System.nanoTime();

    private volatile @Nullable NodeId greetedAs;
    private volatile boolean draining;
    private volatile boolean closed;

    /** @param dismissed whether a caller was removed from the cluster */
    ServerConnection(Channel channel, ChunkService service, Predicate<NodeId> dismissed) {
        this.channel = channel;
        this.service = service;
        this.dismissed = dismissed;
        this.outbound = new ByteBudget(service.options().readBytesPerConnection());
    }

    ChunkService service() {
        return service;
    }

    /** Bytes of reads on their way to the caller. */
    ByteBudget outbound() {
        return outbound;
    }

    /** Where the caller is, for people. */
    Object caller() {
        return channel.remoteAddress();
    }

    int openStreams() {
        return streams.size();
    }

    /** Takes no new requests. */
    void drain() {
        draining = true;
    }

    /** Closes it if the caller was removed from the cluster. */
    void closeIfDismissed() {
        NodeId caller = greetedAs;
        if (caller != null && dismissed.test(caller)) {
            LOG.info("connection with {} closed: {}", channel.remoteAddress(), Removal.text(caller));
            channel.close();
        }
    }

    /** Closes it if nothing was heard of the caller for too long. On the event loop. */
    void closeIfDead(long nowNanos) {
        if (nowNanos - heardNanos > service.options().silence().toNanos()) {
            LOG.info("connection with {} closed: nothing was heard", channel.remoteAddress());
            channel.close();
        }
    }

    @Override
    public void frame(FrameType type, int stream, ByteBuffer head, int bodyBytes)
            throws ProtocolException, InvalidProtocolBufferException {
        if (refused) {
            return;
        }
        heardNanos = System.nanoTime();
        receiving = null;
        if (!greeted) {
            if (type != FrameType.HELLO) {
                throw new ProtocolException("the first frame is a " + type);
            }
            greet(ChunkMessages.Hello.parseFrom(head));
            return;
        }
        if (stream == 0 && type != FrameType.PING) {
            throw new ProtocolException("a " + type + " of no stream");
        }
        switch (type) {
            case PING -> send(0, FrameType.PONG, null);
            case CREATE -> create(stream, ChunkMessages.Create.parseFrom(head));
            case DATA -> {
                if (streams.get(stream) instanceof WriteStream write) {
                    write.announce(bodyBytes);
                    receiving = write;
                }
            }
            case COMMIT -> {
                ChunkMessages.Commit commit = ChunkMessages.Commit.parseFrom(head);
                if (streams.get(stream) instanceof WriteStream write) {
                    write.commit(commit);
                }
            }
            case CANCEL -> {
                ServerStream cancelled = streams.get(stream);
                if (cancelled != null) {
                    cancelled.cancel();
                }
            }
            case READ -> read(stream, ChunkMessages.Read.parseFrom(head));
            case DELETE -> delete(stream, ChunkMessages.Delete.parseFrom(head));
            case LIST -> list(stream, ChunkMessages.List.parseFrom(head));
            case HAS -> has(stream, ChunkMessages.Has.parseFrom(head));
            case DISKS -> disks(stream, ChunkMessages.Disks.parseFrom(head));
            case LOCATE -> locate(stream, ChunkMessages.Locate.parseFrom(head));
            case FENCE -> fence(stream, ChunkMessages.Fence.parseFrom(head));
            default -> throw new ProtocolException("a second " + type);
        }
    }

    private void greet(ChunkMessages.Hello hello) {
        NodeId node = new NodeId(ClusterCodec.uuid(hello.getNode()));
        // Before the look at the dismissed: whoever is dismissed later is found by it.
        greetedAs = node;
        ClusterId theirs = new ClusterId(ClusterCodec.uuid(hello.getCluster()));
        String why = null;
        if (hello.getVersion() < VERSION) {
            why = "the caller speaks no version that this node does";
        } else if (!theirs.equals(service.cluster())) {
            why = "this node is of cluster " + service.cluster() + ", the caller of " + theirs;
        } else if (!isCaller(node)) {
            why = "the caller shows another node's certificate";
        } else if (dismissed.test(node)) {
            why = Removal.text(node);
        }
        if (why != null) {
            refused = true;
            LOG.warn("a caller at {} is refused: {}", channel.remoteAddress(), why);
            OutboundFrame answer = OutboundFrame.of(
                    ChunkTransport.ALLOCATOR,
                    FrameType.FAILED,
                    0,
                    ChunkCodec.encode(new ChunkException(ChunkError.UNAVAILABLE, why)));
            channel.writeAndFlush(answer).addListener(written -> endOutput());
            return;
        }
        greeted = true;
        send(
                0,
                FrameType.WELCOME,
                ChunkMessages.Welcome.newBuilder()
                        .setVersion(VERSION)
                        .setNode(ClusterCodec.encode(service.node().value()))
                        .setWindowBytes(service.options().windowBytes())
                        .setMaxStreams(service.options().maxStreamsPerConnection())
                        .setLocates(true)
                        .build());
    }

    /**
     * Says that nothing follows, and leaves it to the caller to close, within the silence that is suffered: closed here, the connection
     * would be reset by what the caller has sent already, and the reset might overtake the answer.
     */
    private void endOutput() {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            ((DuplexChannel) channel).shutdownOutput();
        } else {
            tls.closeOutbound().addListener(_ -> ((DuplexChannel) channel).shutdownOutput());
        }
    }

    private boolean isCaller(NodeId named) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        try {
            return tls == null
                    || PeerIdentity.of(tls.engine().getSession()).node().equals(named);
        } catch (CertificateException e) {
            return false;
        }
    }

    /** Refuses if there is too much to do. */
    private boolean admits(int stream) throws ProtocolException {
        if (streams.containsKey(stream)) {
            throw new ProtocolException("stream " + stream + " is open");
        }
        if (draining) {
            refuse(stream, ChunkError.UNAVAILABLE, "the node is being stopped");
            return false;
        }
        if (streams.size() >= service.options().maxStreamsPerConnection()
                || service.streams().get() >= service.options().maxStreams()) {
            refuse(stream, ChunkError.OVERLOADED, "too many requests");
            return false;
        }
        return true;
    }

    private void refuse(int stream, ChunkError error, String why) {
        service.turnedAway().increment();
        send(stream, FrameType.FAILED, ChunkCodec.encode(new ChunkException(error, why)));
    }

    private void add(ServerStream stream) {
        service.streams().incrementAndGet();
        service.requests().increment();
        streams.put(stream.id, stream);
    }

    /** Called by the stream, once; its number may be used again. */
    void ended(ServerStream stream) {
        if (streams.remove(stream.id, stream)) {
            service.streams().decrementAndGet();
        }
    }

    private void create(int stream, ChunkMessages.Create create) throws ProtocolException {
        ChunkDescriptor descriptor = ChunkCodec.decode(create.getInfo());
        if (!admits(stream)) {
            return;
        }
        int window = service.options().windowBytes();
        long reserved = Math.min(window, descriptor.length());
        if (!service.writing().tryReserve(reserved)) {
            refuse(stream, ChunkError.OVERLOADED, "too many chunks are being written");
            return;
        }
        WriteStream write = new WriteStream(this, stream, create, descriptor, window, reserved);
        add(write);
        write.begin();
    }

    private void read(int stream, ChunkMessages.Read read) throws ProtocolException {
        ChunkAddress chunk = ChunkCodec.decode(read.getChunk());
        if (read.getOffset() < 0
                || read.getLength() < 0
                || read.getOffset() > ChunkDescriptor.MAX_LENGTH - read.getLength()) {
            throw new ProtocolException("a read outside of any chunk");
        }
        if (admits(stream)) {
            ReadStream begun = new ReadStream(this, stream, chunk, read);
            add(begun);
            begun.begin();
        }
    }

    private void call(int stream, String request, int timeoutMillis, CallStream.Question question)
            throws ProtocolException {
        if (admits(stream)) {
            CallStream call = new CallStream(this, stream, request, timeoutMillis, question);
            add(call);
            call.begin();
        }
    }

    private void delete(int stream, ChunkMessages.Delete delete) throws ProtocolException {
        List<ChunkAddress> chunks =
                delete.getChunksList().stream().map(ChunkCodec::decode).toList();
        call(
                stream,
                delete.getRequest(),
                delete.getTimeoutMillis(),
                () -> ChunkCodec.encodeDeletions(service.store().deleteAll(chunks)));
    }

    private void list(int stream, ChunkMessages.List list) throws ProtocolException {
        DiskId disk = new DiskId(ClusterCodec.uuid(list.getDisk()));
        ExtentId after = list.hasAfter() ? ValueCodec.extent(list.getAfter()) : null;
        VolumeId volume = list.hasVolume() ? new VolumeId(list.getVolume()) : null;
        call(
                stream,
                list.getRequest(),
                list.getTimeoutMillis(),
                () -> ChunkCodec.encode(
                        volume == null
                                ? new ChunkPage(
                                        service.store().list(disk, after, list.getBornBeforeMillis(), list.getLimit()),
                                        null)
                                : service.store().listVolume(disk, volume, after, list.getLimit())));
    }

    private void has(int stream, ChunkMessages.Has has) throws ProtocolException {
        ChunkAddress chunk = ChunkCodec.decode(has.getChunk());
        call(
                stream,
                has.getRequest(),
                has.getTimeoutMillis(),
                () -> ChunkMessages.HasAnswer.newBuilder()
                        .setPresent(service.store().has(chunk))
                        .build());
    }

    private void locate(int stream, ChunkMessages.Locate locate) throws ProtocolException {
        ChunkAddress chunk = ChunkCodec.decode(locate.getChunk());
        call(stream, locate.getRequest(), locate.getTimeoutMillis(), () -> {
            LocatedChunk located = service.store().locate(chunk);
            LOG.debug("told where extent {} is on disk {}", chunk.extent(), chunk.disk());
            return ChunkCodec.encode(located);
        });
    }

    private void disks(int stream, ChunkMessages.Disks disks) throws ProtocolException {
        call(
                stream,
                disks.getRequest(),
                disks.getTimeoutMillis(),
                () -> ChunkCodec.encodeStatuses(service.store().disks()));
    }

    private void fence(int stream, ChunkMessages.Fence fence) throws ProtocolException {
        DiskId disk = new DiskId(ClusterCodec.uuid(fence.getDisk()));
        VolumeId volume = new VolumeId(fence.getVolume());
        call(stream, fence.getRequest(), fence.getTimeoutMillis(), () -> {
            service.store().fence(disk, volume, fence.getEpoch());
            return ChunkMessages.Fenced.getDefaultInstance();
        });
    }

    @Override
    public void body(ByteBuf piece, boolean last) {
        if (refused) {
            return;
        }
        heardNanos = System.nanoTime();
        WriteStream stream = receiving;
        if (stream != null) {
            stream.data(piece);
        }
    }

    @Override
    public void pause() {}

    @Override
    public void closed(String why) {
        closed = true;
        streams.values().forEach(ServerStream::cancel);
    }

    /** @param head null for none */
    void send(int stream, FrameType type, @Nullable MessageLite head) {
        if (closed) {
            return;
        }
        OutboundFrame frame = head == null
                ? OutboundFrame.of(ChunkTransport.ALLOCATOR, type, stream)
                : OutboundFrame.of(ChunkTransport.ALLOCATOR, type, stream, head);
        channel.writeAndFlush(frame, channel.voidPromise());
    }

    /** @param taken called when the kernel has the bytes, or never will */
    void send(OutboundFrame frame, boolean flush, Runnable taken) {
        var written = flush ? channel.writeAndFlush(frame) : channel.write(frame);
        written.addListener(done -> taken.run());
    }
}
