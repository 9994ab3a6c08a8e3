package io.coffer.metaserver.rpc;

import io.coffer.common.cluster.Node;
import io.coffer.common.rpc.CallerIdentity;
import io.coffer.proto.rpc.GroupsGrpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.Set;

/** What the nodes of the cluster may ask of a metaserver, by their role. Goes behind {@link CallerIdentity}. Thread-safe. */
public final class CallerRights {
    private CallerRights() {}

    /** Who hosts which group is among metaservers. */
    public static ServerInterceptor ofServices() {
        ServerInterceptor metaservers = CallerIdentity.demanding(Set.of(Node.Role.METASERVER));
        return new ServerInterceptor() {
            @Override
            public <Q, R> ServerCall.Listener<Q> interceptCall(
                    ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
                return GroupsGrpc.SERVICE_NAME.equals(call.getMethodDescriptor().getServiceName())
                        ? metaservers.interceptCall(call, headers, next)
                        : next.startCall(call, headers);
            }
        };
    }
}
