package io.coffer.metaserver.rpc;

import io.coffer.common.cluster.Node;
import io.coffer.common.id.NodeId;
import io.coffer.common.metadata.wire.ClusterCodec;
import io.coffer.common.rpc.CallerIdentity;
import io.coffer.common.rpc.PeerIdentity;
import io.coffer.common.rpc.Removal;
import io.coffer.metaserver.admission.AuthorityDocument;
import io.coffer.proto.metadata.CommandMessages.Command;
import io.coffer.proto.metadata.QueryMessages.Query;
import io.coffer.proto.metadata.ValueMessages.Id128;
import io.coffer.proto.rpc.CertificatesGrpc;
import io.coffer.proto.rpc.JoinGrpc;
import io.coffer.proto.rpc.MetadataGrpc;
import io.coffer.proto.rpc.MetadataMessages.Call;
import io.coffer.proto.rpc.MetadataMessages.Calls;
import io.coffer.proto.rpc.MetadataMessages.HeartbeatRequest;
import io.coffer.proto.rpc.MetadataMessages.PingRequest;
import io.coffer.proto.rpc.MetadataMessages.WatchMapRequest;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerBuilder;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What each role may ask of a metaserver, so that a node whose key was stolen is worth no more than a node of its kind: dataservers speak
 * about themselves and read the map; gateways do what clients and operators need, but never see the certificate authority; what isn't
 * named here is between metaservers. A node that was removed may ask nothing. Thread-safe.
 */
public final class CallerRights implements ServerInterceptor {
    private static final Set<String> FOR_EVERY_NODE = Set.of(JoinGrpc.SERVICE_NAME, CertificatesGrpc.SERVICE_NAME);

    private final Predicate<NodeId> removed;

    private CallerRights(Predicate<NodeId> removed) {
        this.removed = removed;
    }

    /**
     * Makes a server know its callers and hold them to their rights; whoever has no certificate can join, and nothing else.
     *
     * @param removed whether a node was removed from the cluster, as far as this server knows
     */
    public static void guard(ServerBuilder<?> builder, Predicate<NodeId> removed) {
        // The last one added runs first.
        builder.intercept(new CallerRights(removed)).intercept(new CallerIdentity(Set.of(JoinGrpc.SERVICE_NAME)));
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        String service = String.valueOf(call.getMethodDescriptor().getServiceName());
        PeerIdentity known = CallerIdentity.find();
        if (known != null && removed.test(known.node())) {
            Removal.tell(call, known.node());
            return new ServerCall.Listener<>() {};
        }
        if (FOR_EVERY_NODE.contains(service)) {
            return next.startCall(call, headers);
        }
        try {
            if (service.equals(MetadataGrpc.SERVICE_NAME)) {
                PeerIdentity caller = CallerIdentity.current();
                boolean lasts = call.getMethodDescriptor().getType() != MethodType.UNARY;
                ServerCall<Q, R> answered = lasts ? new Lasting<>(caller.node(), removed, call) : call;
                return new Checked<>(caller, removed, answered, next.startCall(answered, headers));
            }
            CallerIdentity.demand(Set.of(Node.Role.METASERVER));
        } catch (StatusRuntimeException e) {
            call.close(e.getStatus(), new Metadata());
            return new ServerCall.Listener<>() {};
        }
        return next.startCall(call, headers);
    }

    /** Looks at each message; one that isn't for the caller ends the call. */
    private static final class Checked<Q, R> extends SimpleForwardingServerCallListener<Q> {
        private final PeerIdentity caller;
        private final Predicate<NodeId> removed;
        private final ServerCall<Q, R> call;
        private boolean refused;

        Checked(PeerIdentity caller, Predicate<NodeId> removed, ServerCall<Q, R> call, ServerCall.Listener<Q> next) {
            super(next);
            this.caller = caller;
            this.removed = removed;
            this.call = call;
        }

        @Override
        public void onMessage(Q message) {
            if (refused) {
                return;
            }
            if (removed.test(caller.node())) {
                refused = true;
                Removal.tell(call, caller.node());
            } else if (mayAsk(caller, message)) {
                super.onMessage(message);
            } else {
                refused = true;
                call.close(Status.PERMISSION_DENIED.withDescription("not for " + caller), new Metadata());
            }
        }

        @Override
        public void onHalfClose() {
            if (!refused) {
                super.onHalfClose();
            }
        }
    }

    /** A call with many answers, which ends when its caller is removed. Who ends it needn't be the one who answers. */
    private static final class Lasting<Q, R> extends SimpleForwardingServerCall<Q, R> {
        private final NodeId caller;
        private final Predicate<NodeId> removed;
        private boolean ended;

        Lasting(NodeId caller, Predicate<NodeId> removed, ServerCall<Q, R> call) {
            super(call);
            this.caller = caller;
            this.removed = removed;
        }

        @Override
        public synchronized void sendMessage(R message) {
            if (!ended && removed.test(caller)) {
                ended = true;
                Removal.tell(delegate(), caller);
            }
            if (!ended) {
                super.sendMessage(message);
            }
        }

        @Override
        public synchronized void close(Status status, Metadata trailers) {
            if (!ended) {
                ended = true;
                super.close(status, trailers);
            }
        }
    }

    private static boolean mayAsk(PeerIdentity caller, Object message) {
        return switch (message) {
            case Calls calls -> calls.getCallsList().stream().allMatch(call -> mayCall(caller, call));
            case HeartbeatRequest heartbeat -> is(caller, heartbeat.getNode());
            case WatchMapRequest _, PingRequest _ -> true;
            default -> caller.role() == Node.Role.METASERVER;
        };
    }

    private static boolean mayCall(PeerIdentity caller, Call call) {
        return switch (call.getWhatCase()) {
            case SUBMIT -> mayTell(caller, call.getSubmit().getCommand());
            case QUERY -> mayQuery(caller, call.getQuery().getQuery());
            case WHAT_NOT_SET -> true;
        };
    }

    private static boolean mayTell(PeerIdentity caller, Command command) {
        return switch (command.getCommandCase()) {
            case REGISTER_NODE -> {
                var node = command.getRegisterNode().getNode();
                yield is(caller, node.getId()) && node.getRole() == ClusterCodec.encode(caller.role());
            }
            case REGISTER_DISK ->
                caller.role() == Node.Role.METASERVER
                        || is(caller, command.getRegisterDisk().getDisk().getNode());
            case REPORT_DISK, MEMBER_CAUGHT_UP -> caller.role() != Node.Role.GATEWAY;
            case INITIALIZE_CLUSTER, SET_NODE_STATE, REDEEM_TOKEN, NOTE_PURGE, PURGE_PARTITION ->
                caller.role() == Node.Role.METASERVER;
            case SET_DOCUMENT -> maySee(caller, command.getSetDocument().getName());
            default -> caller.role() != Node.Role.DATASERVER;
        };
    }

    private static boolean mayQuery(PeerIdentity caller, Query query) {
        return switch (query.getQueryCase()) {
            case GET_CLUSTER_MAP, GET_CLUSTER_ID, GET_MEMBER_MARKS -> true;
            case GET_DOCUMENT -> maySee(caller, query.getGetDocument().getName());
            default -> caller.role() != Node.Role.DATASERVER;
        };
    }

    private static boolean maySee(PeerIdentity caller, String document) {
        return switch (caller.role()) {
            case METASERVER -> true;
            case GATEWAY -> !document.equals(AuthorityDocument.NAME);
            case DATASERVER -> false;
        };
    }

    private static boolean is(PeerIdentity caller, Id128 node) {
        return caller.node().value().equals(ClusterCodec.uuid(node));
    }
}
