package io.coffer.common.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coffer.common.cluster.Node;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who gets through to the chunk channel's server, by BoringSSL and by the JDK. */
final class ChunkTlsTest {
    private final TestAuthority cluster = new TestAuthority();
    private final NodeIdentity server = cluster.node(Node.Role.DATASERVER);
    private final MultiThreadIoEventLoopGroup threads = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

    /** Whether the handshake let anything through, from whomever. */
    private volatile boolean reached;

    /** Completes with the caller's identity when the server has read something. */
    private final Promise<PeerIdentity> served = threads.next().newPromise();

    @AfterEach
    void stop() {
        threads.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private static ClusterTls tls(NodeIdentity identity) {
        return new ClusterTls(() -> identity);
    }

    /** Connects, sends a byte and waits for it to come back. */
    private PeerIdentity exchange(SslContext serverContext, SslContext clientContext) throws Exception {
        Channel listening = new ServerBootstrap()
                .group(threads)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(serverContext.newHandler(channel.alloc()))
                                .addLast(new Echo());
                    }
                })
                .bind("127.0.0.1", 0)
                .sync()
                .channel();
        int port = ((InetSocketAddress) listening.localAddress()).getPort();
        Promise<Void> answered = threads.next().newPromise();
        Channel client = new Bootstrap()
                .group(threads)
                .channel(NioSocketChannel.class)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(clientContext.newHandler(channel.alloc(), "127.0.0.1", port))
                                .addLast(new Waiting(answered));
                    }
                })
                .connect("127.0.0.1", port)
                .sync()
                .channel();
        client.writeAndFlush(Unpooled.copiedBuffer(new byte[] {1}));
        try {
            answered.get(10, TimeUnit.SECONDS);
            return served.get(10, TimeUnit.SECONDS);
        } finally {
            client.close().sync();
            listening.close().sync();
        }
    }

    private final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
            reached = true;
            var session = context.pipeline().get(SslHandler.class).engine().getSession();
            assertThat(session.getProtocol()).isEqualTo("TLSv1.3");
            served.trySuccess(PeerIdentity.of((X509Certificate) session.getPeerCertificates()[0]));
            context.writeAndFlush(message);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }

    private static final class Waiting extends ChannelInboundHandlerAdapter {
        private final Promise<Void> answered;

        Waiting(Promise<Void> answered) {
            this.answered = answered;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ReferenceCountUtil.release(message);
            answered.trySuccess(null);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            answered.tryFailure(new IOException("closed"));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            answered.tryFailure(cause);
        }
    }

    private void refuses(SslContext serverContext, SslContext clientContext) {
        assertThatThrownBy(() -> exchange(serverContext, clientContext)).isInstanceOf(ExecutionException.class);
        assertThat(reached).as("the server read what was sent").isFalse();
    }

    @Test
    void isNativeHere() {
        assertThat(OpenSsl.isAvailable()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(
            value = SslProvider.class,
            names = {"JDK", "OPENSSL_REFCNT"})
    void letsANodeInAndKnowsIt(SslProvider provider) throws Exception {
        NodeIdentity gateway = cluster.node(Node.Role.GATEWAY);

        assertThat(exchange(tls(server).chunkServer(provider), tls(gateway).chunkClient(provider)))
                .isEqualTo(gateway.self());
    }

    @ParameterizedTest
    @EnumSource(
            value = SslProvider.class,
            names = {"JDK", "OPENSSL_REFCNT"})
    void refusesACallerWithoutACertificate(SslProvider provider) throws Exception {
        SslContext bare = SslContextBuilder.forClient()
                .trustManager(tls(server).trustManager(Set.of(Node.Role.DATASERVER)))
                .protocols("TLSv1.3")
                .sslProvider(provider)
                .build();

        refuses(tls(server).chunkServer(provider), bare);
    }

    @ParameterizedTest
    @EnumSource(
            value = SslProvider.class,
            names = {"JDK", "OPENSSL_REFCNT"})
    void refusesACallerOfAnotherCluster(SslProvider provider) throws Exception {
        NodeIdentity stranger = new TestAuthority().node(Node.Role.GATEWAY);
        SslContext strange = SslContextBuilder.forClient()
                .keyManager(tls(stranger).keyManager())
                .trustManager(tls(server).trustManager(Set.of(Node.Role.DATASERVER)))
                .protocols("TLSv1.3")
                .sslProvider(provider)
                .build();

        refuses(tls(server).chunkServer(provider), strange);
    }

    @ParameterizedTest
    @EnumSource(
            value = SslProvider.class,
            names = {"JDK", "OPENSSL_REFCNT"})
    void refusesAnExpiredCaller(SslProvider provider) {
        refuses(
                tls(server).chunkServer(provider),
                tls(cluster.expired(Node.Role.GATEWAY)).chunkClient(provider));
    }

    @ParameterizedTest
    @EnumSource(
            value = SslProvider.class,
            names = {"JDK", "OPENSSL_REFCNT"})
    void refusesAServerOfAnotherRole(SslProvider provider) {
        refuses(
                tls(cluster.node(Node.Role.GATEWAY)).chunkServer(provider),
                tls(cluster.node(Node.Role.GATEWAY)).chunkClient(provider));
    }

    @ParameterizedTest
    @EnumSource(
            value = SslProvider.class,
            names = {"JDK", "OPENSSL_REFCNT"})
    void refusesAServerAtAHostThatItsCertificateDoesNotName(SslProvider provider) {
        refuses(
                tls(cluster.node(Node.Role.DATASERVER, List.of("10.1.2.3", "localhost")))
                        .chunkServer(provider),
                tls(cluster.node(Node.Role.GATEWAY)).chunkClient(provider));
    }

    @ParameterizedTest
    @EnumSource(
            value = SslProvider.class,
            names = {"JDK", "OPENSSL_REFCNT"})
    void refusesAServerOfAnotherCluster(SslProvider provider) {
        refuses(
                tls(new TestAuthority().node(Node.Role.DATASERVER)).chunkServer(provider),
                tls(cluster.node(Node.Role.GATEWAY)).chunkClient(provider));
    }
}
