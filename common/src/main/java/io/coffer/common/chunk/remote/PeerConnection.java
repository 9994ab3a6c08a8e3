package io.coffer.common.chunk.remote;

import com.google.protobuf.InvalidProtocolBufferException;
import io.coffer.common.chunk.ChunkError;
import io.coffer.common.chunk.ChunkException;
import io.coffer.common.chunk.wire.ChunkCodec;
import io.coffer.common.chunk.wire.ChunkTransport;
import io.coffer.common.chunk.wire.FrameReceiver;
import io.coffer.common.chunk.wire.FrameType;
import io.coffer.common.chunk.wire.OutboundFrame;
import io.coffer.common.chunk.wire.ProtocolException;
import io.coffer.common.id.NodeId;
import io.coffer.common.metadata.wire.ClusterCodec;
import io.coffer.proto.rpc.ChunkMessages;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to a dataserver and the streams on it. Callers open streams and send from any thread; what arrives is told on the event
 * loop. When the connection ends, by whatever cause, every stream on it fails.
 */
final class PeerConnection implements FrameReceiver {
    private static final Logger LOG = LoggerFactory.getLogger(PeerConnection.class);

    /** Then the connection takes no more, and another is made: ids are positive and never used twice. */
    private static final int MAX_STREAM_ID = Integer.MAX_VALUE - (1 << 20);

    private final Channel channel;
    private final NodeId peer;
    private final CompletableFuture<PeerConnection> welcomed = new CompletableFuture<>();
    private final Map<Integer, ClientStream> streams = new ConcurrentHashMap<>();
    private final AtomicInteger lastId = new AtomicInteger();
    private final Semaphore outbound = new Semaphore(Limits.MAX_OUTBOUND_BYTES, true);

    /** What follows up to the volatile ones belongs to the event loop. */
    private @Nullable ClientStream receiving;

    private Hearing hearing = new Hearing(System.nanoTime());
    private @Nullable Future<?> ticking;

    private volatile int window;
    private volatile int maxStreams;
    private volatile boolean reachesFiles;
    private volatile @Nullable String closed;
    private volatile boolean silent;

    /** @param peer who should be at the other end */
    PeerConnection(Channel channel, NodeId peer) {
        this.channel = channel;
        this.peer = peer;
    }

    /** Completes when requests can be sent. */
    CompletableFuture<PeerConnection> welcomed() {
        return welcomed;
    }

    /** The connection (with its TLS) stands. On the event loop. */
    void begin(ChunkClient client) {
        hearing = new Hearing(System.nanoTime());
        long tick = Limits.TICK.toMillis();
        ticking = channel.eventLoop().scheduleAtFixedRate(this::tick, tick, tick, TimeUnit.MILLISECONDS);
        send(
                OutboundFrame.of(
                        ChunkTransport.ALLOCATOR,
                        FrameType.HELLO,
                        0,
                        ChunkMessages.Hello.newBuilder()
                                .setVersion(1)
                                .setCluster(ClusterCodec.encode(client.cluster().value()))
                                .setNode(ClusterCodec.encode(client.self().value()))
                                .build()),
                true);
    }

    boolean isOpen() {
        return closed == null && lastId.get() < MAX_STREAM_ID;
    }

    /** Whether it ended because nothing was heard. */
    boolean wasSilent() {
        return silent;
    }

    /** How many bytes of a write may be sent before the peer said that it took some. */
    int window() {
        return window;
    }

    void open(ClientStream stream) throws ChunkException {
        if (streams.size() >= maxStreams) {
            throw new ChunkException(ChunkError.OVERLOADED, "too many requests to node " + peer);
        }
        stream.id(lastId.incrementAndGet());
        streams.put(stream.id(), stream);
        String why = closed;
        if (why != null) {
            streams.remove(stream.id());
            throw lost(why);
        }
    }

    private ChunkException lost(String why) {
        return new ChunkException(ChunkError.UNAVAILABLE, "connection with node " + peer + " lost: " + why);
    }

    /** Whether the peer's files may be readable here: it is on this host, and tells where chunks are. */
    boolean reachesFiles() {
        return reachesFiles;
    }

    /** A host talks to itself from the address it talks to. */
    private boolean isSameHost() {
        return channel.localAddress() instanceof InetSocketAddress here
                && channel.remoteAddress() instanceof InetSocketAddress there
                && here.getAddress().equals(there.getAddress());
    }

    void send(OutboundFrame frame, boolean flush) {
        if (flush) {
            channel.writeAndFlush(frame, channel.voidPromise());
        } else {
            channel.write(frame, channel.voidPromise());
        }
    }

    void flush() {
        channel.flush();
    }

    /**
     * Sends a body once there is room for it.
     *
     * @param allocated how many bytes the frame has; asked for only then
     */
    void sendBody(ClientStream stream, ByteBuffer data, int bytes, long timeoutNanos)
            throws ChunkException, InterruptedException {
        if (!outbound.tryAcquire(bytes)) {
            flush();
            if (!outbound.tryAcquire(bytes, timeoutNanos, TimeUnit.NANOSECONDS)) {
                throw new ChunkException(ChunkError.UNAVAILABLE, "node " + peer + " takes no more bytes");
            }
        }
        ByteBuf body = ChunkTransport.ALLOCATOR.directBuffer(bytes);
        int limit = data.limit();
        body.writeBytes(data.limit(data.position() + bytes));
        data.limit(limit);
        OutboundFrame frame = OutboundFrame.of(ChunkTransport.ALLOCATOR, FrameType.DATA, stream.id(), null, body);
        channel.write(frame).addListener(done -> outbound.release(bytes));
        if (bytes >= Limits.FLUSH_BYTES) {
            channel.flush();
        }
    }

    /** The stream is over for its owner; the server is told unless it ended it. */
    void cancel(ClientStream stream) {
        if (streams.remove(stream.id(), stream) && closed == null) {
            send(OutboundFrame.of(ChunkTransport.ALLOCATOR, FrameType.CANCEL, stream.id()), true);
        }
    }

    private void tick() {
        long now = System.nanoTime();
        if (hearing.isSilent(now)) {
            silent = true;
            closed("nothing was heard for " + Limits.SILENCE.toMillis() + " ms");
            channel.close();
            return;
        }
        send(OutboundFrame.of(ChunkTransport.ALLOCATOR, FrameType.PING, 0), true);
        for (ClientStream stream : streams.values()) {
            if (stream.isLate(now)) {
                cancel(stream);
                stream.fail(new ChunkException(ChunkError.UNAVAILABLE, "no answer from node " + peer + " in time"));
            }
        }
    }

    @Override
    public void frame(FrameType type, int stream, ByteBuffer head, int bodyBytes)
            throws ProtocolException, InvalidProtocolBufferException {
        hearing.heard(System.nanoTime());
        receiving = null;
        if (stream == 0) {
            own(type, head);
            return;
        }
        ClientStream addressed = streams.get(stream);
        if (addressed == null) {
            return; // given up meanwhile
        }
        boolean over = true;
        if (type == FrameType.FAILED) {
            ChunkMessages.Failure failure = ChunkMessages.Failure.parseFrom(head);
            if (ChunkCodec.isBadRequest(failure)) {
                addressed.refuse(failure.getMessage());
            } else {
                addressed.fail(ChunkCodec.decode(failure));
            }
        } else {
            over = addressed.frame(type, head, bodyBytes);
        }
        if (over) {
            streams.remove(stream, addressed);
        } else {
            receiving = addressed;
        }
    }

    private void own(FrameType type, ByteBuffer head) throws ProtocolException, InvalidProtocolBufferException {
        switch (type) {
            case WELCOME -> welcome(ChunkMessages.Welcome.parseFrom(head));
            case FAILED -> {
                close(ChunkMessages.Failure.parseFrom(head).getMessage());
            }
            case PONG -> {
                // Being heard was all it is for.
            }
            default -> throw new ProtocolException("a " + type + " of no stream");
        }
    }

    private void welcome(ChunkMessages.Welcome welcome) throws ProtocolException {
        NodeId actual = new NodeId(ClusterCodec.uuid(welcome.getNode()));
        if (!actual.equals(peer)) {
            close("node " + actual + " is at this address, not " + peer);
            return;
        }
        if (welcome.getVersion() != 1 || welcome.getWindowBytes() <= 0 || welcome.getMaxStreams() <= 0) {
            throw new ProtocolException("a welcome that can't be used");
        }
        window = welcome.getWindowBytes();
        maxStreams = welcome.getMaxStreams();
        reachesFiles = welcome.getLocates() && isSameHost();
        welcomed.complete(this);
    }

    @Override
    public void body(ByteBuf piece, boolean last) throws ProtocolException {
        hearing.heard(System.nanoTime());
        ClientStream stream = receiving;
        if (stream != null && stream.body(piece, last)) {
            streams.remove(stream.id(), stream);
        }
    }

    @Override
    public void pause() {}

    @Override
    public void closed(String why) {
        if (closed != null) {
            return;
        }
        closed = why;
        if (ticking != null) {
            ticking.cancel(false);
        }
        LOG.debug("connection with node {} at {} ended: {}", peer, channel.remoteAddress(), why);
        welcomed.completeExceptionally(lost(why));
        for (ClientStream stream : streams.values()) {
            stream.fail(lost(why));
        }
        streams.clear();
    }

    /** Ends it, and all streams with it. */
    void close(String why) {
        if (channel.eventLoop().inEventLoop()) {
            closed(why);
            channel.close();
        } else {
            channel.eventLoop().execute(() -> close(why));
        }
    }

    int openStreams() {
        return streams.size();
    }
}
