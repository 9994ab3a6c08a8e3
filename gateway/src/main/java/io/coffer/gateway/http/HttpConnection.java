package io.coffer.gateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection: requests and their answers strictly one after the other. Everything runs on the connection's event
 * loop, except {@link #execute}, {@link #context} and what {@link InboundBody.Source} asks for.
 *
 * <p>Invariants: at most one exchange at a time; the next head is parsed only when the exchange is over, its body off the wire,
 * and the client has taken enough of the answers; nothing is received that there is no allowance for.
 */
final class HttpConnection extends ChannelInboundHandlerAdapter implements InboundBody.Source {
    private static final Logger LOG = LoggerFactory.getLogger(HttpConnection.class);

    /** Buffers that were filled less than a quarter are replaced by smaller ones while they wait. */
    private static final int MIN_SPARSE_BYTES = 4096;

    /**
     * The most that is kept of what comes behind the current request: two reads. Netty reads on by itself once the client has
     * closed its side.
     */
    private static final int MAX_PENDING_BYTES = 256 * 1024;

    /** While the server goes down, how long a client gets to take the last answer and close. */
    private static final Duration MAX_LINGER_AT_SHUTDOWN = Duration.ofSeconds(1);

    private static final String TLS = "TLSv";

    private enum Phase {
        /** Between requests, or within a head. */
        HEAD,
        EXCHANGE,
        /** The exchange is over, its body not yet off the wire. */
        DRAIN,
        /** The last answer is out; what still comes is thrown away until the client closes. */
        LINGER,
        CLOSED
    }

    private final ServerContext context;
    private final ConnectionSet connections;
    private final HeadParser parser;

    private @Nullable ChannelHandlerContext channelContext;
    private @Nullable ConnectionOutput channelOutput;
    private Phase phase = Phase.HEAD;
    private long deadlineNanos;
    private boolean inputClosed;

    /** Received behind the current request. */
    private @Nullable ByteBuf pending;

    // The current exchange.
    private @Nullable HttpExchange exchange;
    private BodyFraming framing = new FixedLengthFraming(0);
    private boolean dispatched;
    private boolean bodySeen;
    private boolean continueDue;
    private boolean responseStarted;
    private boolean closeAfter;
    private boolean draining;
    private long drained;

    HttpConnection(ServerContext context, ConnectionSet connections) {
        this.context = context;
        this.connections = connections;
        this.parser = new HeadParser(context.limits().head());
    }

    ServerContext context() {
        return context;
    }

    /** Runs a task on the event loop; false if that has ended. */
    boolean execute(Runnable task) {
        try {
            netty().channel().eventLoop().execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    private ChannelHandlerContext netty() {
        ChannelHandlerContext here = channelContext;
        if (here == null) {
            throw new IllegalStateException("not in a pipeline");
        }
        return here;
    }

    private ConnectionOutput output() {
        ConnectionOutput here = channelOutput;
        if (here == null) {
            throw new IllegalStateException("not in a pipeline");
        }
        return here;
    }

    // Life

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        channelContext = ctx;
        channelOutput = new ConnectionOutput(ctx, context);
        setDeadline(context.limits().head().timeout());
        if (connections.add(this)) {
            drain();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        closed();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        closed();
    }

    private void closed() {
        if (phase == Phase.CLOSED) {
            return;
        }
        phase = Phase.CLOSED;
        HttpExchange open = exchange;
        if (open == null) {
            connections.remove(this);
        } else {
            open.inbound().fail(RequestBodyException.Reason.INCOMPLETE);
            if (open.wireDone()) {
                exchangeOver(open);
            }
        }
        ByteBuf left = pending;
        if (left != null) {
            pending = null;
            left.release();
        }
    }

    /** Ends the connection without an end the client could take for one. */
    void abort() {
        output().abort();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException || cause instanceof DecoderException) {
            LOG.debug("connection of {} failed: {}", ctx.channel().remoteAddress(), cause.toString());
        } else {
            LOG.warn("connection of {} failed", ctx.channel().remoteAddress(), cause);
        }
        ctx.close();
    }

    /** The server goes down: idle connections end now, the others behind their current answer. */
    void drain() {
        draining = true;
        if (phase == Phase.HEAD && !parser.started() && pending == null) {
            phase = Phase.LINGER; // no request is taken any more whose answer could not be sent
            output().closeWhenSent();
        } else if (phase == Phase.LINGER) {
            setDeadline(linger());
        }
    }

    // Receiving

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        context.counters().received.add(in.readableBytes());
        ByteBuf before = pending;
        if (before != null) {
            pending = null;
            in = Unpooled.wrappedBuffer(before, in);
        }
        process(in);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        steerReading();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent && !inputClosed) {
            inputClosed = true;
            endOfInput();
        }
        ctx.fireUserEventTriggered(event);
    }

    private void endOfInput() {
        HttpExchange open = exchange;
        if (phase == Phase.EXCHANGE && open != null) {
            if (!framing.ended()) {
                open.inbound().fail(RequestBodyException.Reason.INCOMPLETE);
            }
            closeAfter |= isLastRequest();
        } else if (phase != Phase.CLOSED && pending == null) {
            output().closeWhenSent();
        }
    }

    /** Takes the buffer. */
    private void process(ByteBuf in) {
        boolean kept = false;
        try {
            while (in.isReadable() && !kept) {
                switch (phase) {
                    case HEAD -> {
                        if (!parser.started()) {
                            setDeadline(context.limits().head().timeout());
                        }
                        ParsedHead head = parser.parse(in);
                        if (head != null) {
                            beginExchange(head);
                        }
                    }
                    case EXCHANGE -> {
                        if (!framing.ended()) {
                            receiveBody(in);
                        } else if (in.readableBytes() > MAX_PENDING_BYTES) {
                            LOG.debug(
                                    "{} sends too many requests ahead",
                                    netty().channel().remoteAddress());
                            abort();
                            in.skipBytes(in.readableBytes());
                        } else {
                            pending = in;
                            kept = true;
                        }
                    }
                    case DRAIN -> drainBody(in);
                    case LINGER, CLOSED -> in.skipBytes(in.readableBytes());
                }
            }
        } catch (HttpFaultException e) {
            fault(e.fault());
        } finally {
            if (!kept) {
                in.release();
            }
        }
        dispatch();
        if (inputClosed && phase == Phase.HEAD) {
            output().closeWhenSent(); // no more requests, but the start of one perhaps
        }
        steerReading();
    }

    /** Receives exactly when there is room for what comes. */
    private void steerReading() {
        if (inputClosed) {
            return;
        }
        HttpExchange open = exchange;
        boolean read = switch (phase) {
            case HEAD -> netty().channel().isWritable();
            case EXCHANGE ->
                framing.ended()
                        ? pending == null
                        : open != null && open.inbound().mayReceive();
            case DRAIN, LINGER -> true;
            case CLOSED -> false;
        };
        var config = netty().channel().config();
        if (config.isAutoRead() != read) {
            config.setAutoRead(read);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (phase == Phase.HEAD && ctx.channel().isWritable()) {
            nextRequest();
        }
    }

    // A request

    private void beginExchange(ParsedHead head) {
        Channel channel = netty().channel();
        InboundBody body = new InboundBody(this, head.length(), context.limits().body(), context.budget());
        RequestHead request = new RequestHead(
                head.method(),
                head.target(),
                head.protocol(),
                head.headers(),
                (InetSocketAddress) channel.remoteAddress(),
                context.secure() ? tlsVersion(channel) : null);
        exchange = new HttpExchange(this, request, head, body);
        framing = BodyFraming.of(head);
        phase = Phase.EXCHANGE;
        dispatched = false;
        bodySeen = false;
        responseStarted = false;
        closeAfter = !head.keepAlive() || draining || connections.retiring();
        continueDue = head.expectContinue() && !framing.ended();
        drained = 0;
        context.counters().requests.incrementAndGet();
        context.counters().started.increment();
        if (framing.ended()) {
            body.end(Headers.EMPTY);
        } else {
            context.budget().bodyBegins();
        }
    }

    /** Without the name, as policies write it. It is the connection's, which is never negotiated again. */
    private static String tlsVersion(Channel channel) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        String protocol = tls == null ? "" : tls.engine().getSession().getProtocol();
        return protocol.startsWith(TLS) ? protocol.substring(TLS.length()) : protocol;
    }

    /** Starts the handler, once what came with the head has been put where it belongs. */
    private void dispatch() {
        HttpExchange next = exchange;
        if (next != null && !dispatched) {
            dispatched = true;
            context.requests().start(netty().channel().eventLoop(), next);
        }
    }

    private void receiveBody(ByteBuf in) {
        HttpExchange open = exchange;
        if (open == null) {
            throw new IllegalStateException("a body without a request");
        }
        try {
            ByteBuf bytes = framing.next(in);
            if (bytes != null) {
                bodySeen = true;
                if (context.budget().exhausted() && !open.inbound().mayReceive()) {
                    bytes.release();
                    LOG.warn("no memory for what {} sends", netty().channel().remoteAddress());
                    abort();
                    return;
                }
                open.inbound().offer(compact(bytes));
            }
            if (framing.ended()) {
                context.budget().bodyEnds();
                open.inbound().end(framing.trailers());
            }
        } catch (HttpFaultException e) {
            // The handler is told and answers; nothing behind this can be trusted. What the framing makes of it, the
            // body drops.
            in.skipBytes(in.readableBytes());
            closeAfter = true;
            open.inbound().fail(RequestBodyException.Reason.MALFORMED);
        }
    }

    private ByteBuf compact(ByteBuf bytes) {
        int capacity =
                bytes.unwrap() == null ? bytes.capacity() : bytes.unwrap().capacity();
        if (capacity <= MIN_SPARSE_BYTES || bytes.readableBytes() >= capacity / 4) {
            return bytes;
        }
        try {
            return netty().alloc().directBuffer(bytes.readableBytes()).writeBytes(bytes);
        } finally {
            bytes.release();
        }
    }

    @Override
    public void firstRead() {
        execute(() -> {
            if (continueDue && !bodySeen && !responseStarted && phase == Phase.EXCHANGE) {
                continueDue = false;
                output().sendContinue();
            }
        });
    }

    @Override
    public void resume() {
        execute(this::steerReading);
    }

    // A response

    /**
     * Sends a part of the response.
     *
     * @param head null when it was sent before
     * @param last whether the response ends here
     * @param untold whether only the connection's end tells the body's
     */
    void send(
            HttpExchange sender, @Nullable EncodedHead head, List<OutboundPiece> pieces, boolean last, boolean untold) {
        if (sender != exchange || phase != Phase.EXCHANGE) {
            pieces.forEach(OutboundPiece::drop);
            return;
        }
        if (head != null) {
            responseStarted = true;
            closeAfter |= draining
                    || connections.retiring()
                    || head.wantsClose()
                    || untold
                    || !canKeepConnection()
                    || isLastRequest();
        }
        output().send(head, closeAfter, sender.parsed().minorVersion(), pieces);
        if (last && sender.wireDone()) {
            exchangeOver(sender);
        }
    }

    private boolean isLastRequest() {
        return inputClosed && pending == null;
    }

    /** Whether the rest of the request's body will be, or can be made to be, out of the way of the next request. */
    private boolean canKeepConnection() {
        if (framing.ended()) {
            return true;
        }
        if (continueDue && !bodySeen) {
            return false; // nobody can know whether the body will come
        }
        HttpExchange open = exchange;
        if (open != null && open.inbound().failed()) {
            return false; // too slow before, or broken
        }
        return framing.remaining() <= context.limits().body().leftover().drainBytes();
    }

    /** Handler and response are done. */
    void exchangeOver(HttpExchange over) {
        if (over != exchange) {
            return;
        }
        exchange = null;
        context.counters().requests.decrementAndGet();
        if (!framing.ended()) {
            context.budget().bodyEnds();
        }
        if (phase == Phase.CLOSED) {
            connections.remove(this); // not before its handler is done, so that a shutdown waits for both
            return;
        }
        if (closeAfter || draining) {
            closeBehindAnswer();
        } else if (!framing.ended()) {
            phase = Phase.DRAIN;
            setDeadline(context.limits().body().leftover().drainTimeout());
            steerReading();
        } else {
            nextRequest();
        }
    }

    private void drainBody(ByteBuf in) throws HttpFaultException {
        ByteBuf bytes = framing.next(in);
        if (bytes != null) {
            drained += bytes.readableBytes();
            bytes.release();
        }
        if (framing.ended()) {
            phase = Phase.HEAD;
            setDeadline(context.limits().idle());
        } else if (drained > context.limits().body().leftover().drainBytes()) {
            closeBehindAnswer();
        }
    }

    private void nextRequest() {
        phase = Phase.HEAD;
        if (isLastRequest()) {
            output().closeWhenSent();
            return;
        }
        setDeadline(
                parser.started()
                        ? context.limits().head().timeout()
                        : context.limits().idle());
        ByteBuf next = pending;
        if (next != null && netty().channel().isWritable()) {
            pending = null;
            process(next);
        } else {
            steerReading();
        }
    }

    // Ends

    /** Answers for the handler: there is no request, or none that can be served. */
    private void fault(HttpFault fault) {
        context.counters().faults.increment();
        if (phase == Phase.HEAD) {
            HttpErrorRenderer.Answer answer = context.errors().render(fault);
            output().sendLast(answer.head(), answer.body());
        }
        closeBehindAnswer(); // which was given before in the middle of a body that nobody reads
    }

    /**
     * Closes once all is sent: ends the sending side first and reads on for a while, until the client has closed too. A socket
     * that is closed with unread bytes, or that gets some later, resets the connection, and the reset can overtake the answer.
     */
    private void closeBehindAnswer() {
        phase = Phase.LINGER;
        ByteBuf left = pending;
        if (left != null) {
            pending = null;
            left.release();
        }
        if (inputClosed) {
            output().closeWhenSent();
        } else {
            output().shutdownWhenSent(() -> setDeadline(linger()));
            steerReading();
        }
    }

    private Duration linger() {
        Duration full = context.limits().body().leftover().lingerTimeout();
        return draining && full.compareTo(MAX_LINGER_AT_SHUTDOWN) > 0 ? MAX_LINGER_AT_SHUTDOWN : full;
    }

    private void setDeadline(Duration fromNow) {
        deadlineNanos = System.nanoTime() + fromNow.toNanos();
    }

    /** Called a few times per shortest limit. */
    void checkTime(long nowNanos) {
        if (output().tooSlow(nowNanos)) {
            context.counters().timeouts.increment();
            LOG.debug("{} takes its answer too slowly", netty().channel().remoteAddress());
            abort();
            return;
        }
        boolean untimed = phase == Phase.EXCHANGE || phase == Phase.CLOSED || output().isSending();
        if (!untimed && nowNanos - deadlineNanos >= 0) {
            deadlineMissed();
        }
    }

    private void deadlineMissed() {
        if (phase == Phase.HEAD && parser.started()) {
            context.counters().timeouts.increment();
            fault(HttpFault.TIMEOUT);
        } else if (phase == Phase.DRAIN) {
            closeBehindAnswer();
        } else {
            netty().close();
        }
    }
}
