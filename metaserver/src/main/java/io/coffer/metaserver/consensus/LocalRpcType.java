package io.coffer.metaserver.consensus;

import org.apache.ratis.conf.Parameters;
import org.apache.ratis.rpc.RpcFactory;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerRpc;
import org.apache.ratis.server.ServerFactory;

/**
 * The transport of a server whose groups have no other peers: it opens no port and loads no network library. Ratis makes it by
 * name and by reflection, hence public.
 */
public final class LocalRpcType implements RpcType {
    /** The class, as that is how Ratis finds it again. */
    @Override
    public String name() {
        return LocalRpcType.class.getName();
    }

    @Override
    public RpcFactory newFactory(Parameters parameters) {
        return new Factory(this);
    }

    private record Factory(LocalRpcType type) implements ServerFactory {
        @Override
        public RaftServerRpc newRaftServerRpc(RaftServer server) {
            return new LocalRpc(type);
        }

        @Override
        public RpcType getRpcType() {
            return type;
        }
    }
}
