package io.coffer.metaserver.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coffer.common.cluster.Node;
import io.coffer.common.rpc.ClusterTls;
import io.coffer.common.rpc.NodeIdentity;
import io.coffer.common.rpc.TestAuthority;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.apache.ratis.grpc.GrpcUtil;
import org.apache.ratis.thirdparty.io.netty.buffer.UnpooledByteBufAllocator;
import org.apache.ratis.thirdparty.io.netty.channel.embedded.EmbeddedChannel;
import org.apache.ratis.thirdparty.io.netty.handler.codec.DecoderException;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.OpenSsl;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.SslContext;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.SslHandler;
import org.junit.jupiter.api.Test;

/** Handshakes between Ratis' own contexts, without a network. */
final class RaftTlsTest {
    /** Far more than the flights of a handshake. */
    private static final int MAX_ROUNDS = 10;

    private final TestAuthority cluster = new TestAuthority();
    private final NodeIdentity server = cluster.node(Node.Role.METASERVER);
    private final NodeIdentity client = cluster.node(Node.Role.METASERVER);

    private static ClusterTls tls(NodeIdentity identity) {
        return new ClusterTls(() -> identity);
    }

    private static void handshake(ClusterTls serverSide, ClusterTls clientSide) throws SSLException {
        SslContext serverContext = GrpcUtil.buildSslContextForServer(RaftTls.config(serverSide));
        SslContext clientContext = GrpcUtil.buildSslContextForClient(RaftTls.config(clientSide));
        SslHandler accepting = serverContext.newHandler(UnpooledByteBufAllocator.DEFAULT);
        SslHandler calling = clientContext.newHandler(UnpooledByteBufAllocator.DEFAULT, "127.0.0.1", 1);
        SSLParameters parameters = calling.engine().getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS"); // as gRPC sets it
        calling.engine().setSSLParameters(parameters);
        EmbeddedChannel server = new EmbeddedChannel(accepting);
        EmbeddedChannel client = new EmbeddedChannel(calling);
        try {
            for (int round = 0; round < MAX_ROUNDS; round++) {
                move(client, server);
                move(server, client);
            }
            require(accepting);
            require(calling);
        } finally {
            server.finishAndReleaseAll();
            client.finishAndReleaseAll();
        }
    }

    private static void move(EmbeddedChannel from, EmbeddedChannel to) throws SSLException {
        from.runPendingTasks();
        for (Object bytes = from.readOutbound(); bytes != null; bytes = from.readOutbound()) {
            try {
                to.writeInbound(bytes);
            } catch (DecoderException e) {
                throw new SSLException(e);
            }
        }
    }

    private static void require(SslHandler handler) throws SSLException {
        if (!handler.handshakeFuture().isSuccess()) {
            throw new SSLException("no handshake", handler.handshakeFuture().cause());
        }
    }

    @Test
    void isNativeHere() {
        assertThat(OpenSsl.isAvailable()).isTrue();
    }

    @Test
    void metaserversTrustOneAnother() throws SSLException {
        handshake(tls(server), tls(client));
    }

    @Test
    void otherRolesAreNoPeers() {
        NodeIdentity gateway = cluster.node(Node.Role.GATEWAY);

        assertThatThrownBy(() -> handshake(tls(server), tls(gateway))).isInstanceOf(SSLException.class);
        assertThatThrownBy(() -> handshake(tls(gateway), tls(client))).isInstanceOf(SSLException.class);
    }

    @Test
    void otherClustersAreNoPeers() {
        NodeIdentity stranger = new TestAuthority().node(Node.Role.METASERVER);

        assertThatThrownBy(() -> handshake(tls(server), tls(stranger))).isInstanceOf(SSLException.class);
    }

    @Test
    void aRenewedIdentityIsShownAtTheNextHandshake() throws SSLException {
        AtomicReference<NodeIdentity> now = new AtomicReference<>(cluster.expired(Node.Role.METASERVER));
        ClusterTls changing = new ClusterTls(now::get);
        assertThatThrownBy(() -> handshake(changing, tls(client))).isInstanceOf(SSLException.class);

        now.set(server);

        handshake(changing, tls(client));
    }
}
