package io.coffer.metaserver.consensus;

import io.coffer.common.cluster.Node;
import io.coffer.common.rpc.ClusterTls;
import java.util.Set;
import org.apache.ratis.grpc.GrpcTlsConfig;

/** TLS between the peers of Raft groups: among metaservers only, and with the certificate that is current at each handshake. */
final class RaftTls {
    private RaftTls() {}

    static GrpcTlsConfig config(ClusterTls tls) {
        return new GrpcTlsConfig(tls.keyManager(), tls.trustManager(Set.of(Node.Role.METASERVER)), true);
    }
}
