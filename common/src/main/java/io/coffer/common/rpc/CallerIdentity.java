package io.coffer.common.rpc;

import io.coffer.common.cluster.Node;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Set;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Knows who calls a gRPC server, and turns away those without a certificate, except from the services that are open to them.
 * {@link ClusterTls} has checked the certificate. Thread-safe.
 */
public final class CallerIdentity implements ServerInterceptor {
    private static final Context.Key<PeerIdentity> CALLER = Context.key("coffer-caller");

    private final Set<String> openServices;

    /** @param openServices full names of services that answer without a certificate */
    public CallerIdentity(Set<String> openServices) {
        this.openServices = Set.copyOf(openServices);
    }

    /**
     * Who makes the call that this thread handles.
     *
     * @throws StatusRuntimeException UNAUTHENTICATED if it showed no certificate
     */
    public static PeerIdentity current() {
        PeerIdentity caller = CALLER.get();
        if (caller == null) {
            throw unknown().asRuntimeException();
        }
        return caller;
    }

    /** The same; null for a caller without a certificate. */
    public static @Nullable PeerIdentity find() {
        return CALLER.get();
    }

    /**
     * The same, for what only some roles may do.
     *
     * @throws StatusRuntimeException UNAUTHENTICATED, or PERMISSION_DENIED for another role
     */
    public static PeerIdentity demand(Set<Node.Role> roles) {
        PeerIdentity caller = current();
        if (!roles.contains(caller.role())) {
            throw Status.PERMISSION_DENIED
                    .withDescription("not for a " + caller.roleName())
                    .asRuntimeException();
        }
        return caller;
    }

    /** Keeps other roles from a whole service; goes behind {@link CallerIdentity}. */
    public static ServerInterceptor demanding(Set<Node.Role> roles) {
        return new ServerInterceptor() {
            @Override
            public <Q, R> ServerCall.Listener<Q> interceptCall(
                    ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
                try {
                    demand(roles);
                } catch (StatusRuntimeException e) {
                    return refuse(call, e.getStatus());
                }
                return next.startCall(call, headers);
            }
        };
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        PeerIdentity caller;
        try {
            caller = caller(call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION));
        } catch (CertificateException e) {
            return refuse(call, unknown().withCause(e));
        }
        if (caller != null) {
            return Contexts.interceptCall(Context.current().withValue(CALLER, caller), call, headers, next);
        }
        String service = call.getMethodDescriptor().getServiceName();
        return service != null && openServices.contains(service)
                ? next.startCall(call, headers)
                : refuse(call, unknown());
    }

    private static @Nullable PeerIdentity caller(@Nullable SSLSession session) throws CertificateException {
        if (session == null) {
            return null;
        }
        Certificate[] chain;
        try {
            chain = session.getPeerCertificates();
        } catch (SSLPeerUnverifiedException e) {
            return null;
        }
        return PeerIdentity.of((X509Certificate) chain[0]);
    }

    private static Status unknown() {
        return Status.UNAUTHENTICATED.withDescription("no certificate of this cluster");
    }

    private static <Q, R> ServerCall.Listener<Q> refuse(ServerCall<Q, R> call, Status why) {
        call.close(why, new Metadata());
        return new ServerCall.Listener<>() {};
    }
}
