package io.coffer.gateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The sending side of a connection: responses in as few system calls as they need, and the ways to end. Used by its event loop. */
final class ConnectionOutput {
    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CLOSE = "Connection: close\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] KEEP_ALIVE = "Connection: keep-alive\r\n".getBytes(StandardCharsets.US_ASCII);

    /** HTTP/1.1 keeps connections without saying so. */
    private static final byte[] NOTHING = {};

    /** Up to here, copying head and body into one buffer is cheaper than giving the kernel two. */
    private static final int MAX_COPIED_BYTES = 32 * 1024;

    private final ChannelHandlerContext netty;
    private final ServerContext context;
    private final OutboundProgress progress;

    ConnectionOutput(ChannelHandlerContext netty, ServerContext context) {
        this.netty = netty;
        this.context = context;
        this.progress = new OutboundProgress(context.limits().response(), System.nanoTime());
    }

    /**
     * Sends a part of a response.
     *
     * @param head null when it was sent before
     * @param close whether the connection ends behind the response
     * @param minorVersion of the client
     * @param pieces taken
     */
    void send(@Nullable EncodedHead head, boolean close, int minorVersion, List<OutboundPiece> pieces) {
        int bytes = 0;
        for (OutboundPiece piece : pieces) {
            bytes += piece.length();
        }
        boolean copy = bytes <= MAX_COPIED_BYTES;
        ByteBuf first = null;
        if (head != null) {
            first = head(head, close, minorVersion, copy ? bytes : 0);
        } else if (bytes > 0 && copy) {
            first = netty.alloc().directBuffer(bytes);
        }
        if (first != null && copy) {
            writeCopied(first, pieces);
        } else {
            if (first != null) {
                write(first);
            }
            for (OutboundPiece piece : pieces) {
                write(piece.bytes()).addListener(piece);
            }
        }
        netty.flush();
    }

    /** Sends a whole response, behind which the connection ends. */
    void sendLast(ResponseHead head, ByteBuffer body) {
        EncodedHead encoded = EncodedHead.of(head, EncodedHead.Framing.LENGTH, body.remaining());
        write(head(encoded, true, 1, body.remaining()).writeBytes(body));
        netty.flush();
    }

    void sendContinue() {
        write(netty.alloc().directBuffer(CONTINUE.length).writeBytes(CONTINUE));
        netty.flush();
    }

    private ByteBuf head(EncodedHead head, boolean close, int minorVersion, int room) {
        byte[] date = context.date().line();
        byte[] connection = close ? CLOSE : minorVersion == 0 ? KEEP_ALIVE : NOTHING;
        ByteBuf out = netty.alloc().directBuffer(head.size() + date.length + connection.length + 2 + room);
        head.writeTo(out);
        return out.writeBytes(connection).writeBytes(date).writeByte('\r').writeByte('\n');
    }

    private void writeCopied(ByteBuf out, List<OutboundPiece> pieces) {
        for (OutboundPiece piece : pieces) {
            out.writeBytes(piece.bytes(), piece.bytes().readerIndex(), piece.length());
            piece.copied();
        }
        ChannelFuture written = write(out);
        for (OutboundPiece piece : pieces) {
            written.addListener(piece);
        }
    }

    private ChannelFuture write(ByteBuf bytes) {
        progress.add(bytes.readableBytes());
        context.counters().sent.add(bytes.readableBytes());
        return netty.write(bytes);
    }

    /** Whether something hasn't been taken by the network yet. */
    boolean isSending() {
        ChannelOutboundBuffer out = netty.channel().unsafe().outboundBuffer();
        return out != null && !out.isEmpty();
    }

    /** Whether the client takes what it gets slower than it must. */
    boolean tooSlow(long nowNanos) {
        ChannelOutboundBuffer out = netty.channel().unsafe().outboundBuffer();
        return out != null && progress.tooSlow(nowNanos, out);
    }

    void closeWhenSent() {
        netty.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    /** Ends the sending side alone, once all is sent. */
    void shutdownWhenSent(Runnable before) {
        netty.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> {
            before.run();
            shutdown();
        });
    }

    private void shutdown() {
        Channel channel = netty.channel();
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls != null) {
            tls.closeOutbound().addListener(_ -> ((DuplexChannel) channel).shutdownOutput());
        } else {
            ((DuplexChannel) channel).shutdownOutput();
        }
    }

    /** Ends the connection at once, by a reset, which no client can take for the end of a response. */
    void abort() {
        if (netty.channel().isOpen()) {
            netty.channel().config().setOption(ChannelOption.SO_LINGER, 0);
            netty.close();
        }
    }
}
