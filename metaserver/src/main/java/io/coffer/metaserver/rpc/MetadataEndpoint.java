package io.coffer.metaserver.rpc;

import io.coffer.common.metadata.remote.MetadataGrpcLimits;
import io.coffer.proto.rpc.MetadataGrpc;
import io.grpc.BindableService;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.ServerCall;
import io.grpc.ServerCallExecutorSupplier;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** The port at which a metaserver serves. Every call runs on a virtual thread of its own. */
public final class MetadataEndpoint implements Closeable {
    private final Server server;
    private final ExecutorService calls;

    private MetadataEndpoint(Server server, ExecutorService calls) {
        this.server = server;
        this.calls = calls;
    }

    /** @param builder knows the address and how connections are secured */
    public static MetadataEndpoint open(ServerBuilder<?> builder, List<BindableService> services) throws IOException {
        ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
        services.forEach(builder::addService);
        Server server = builder.executor(calls)
                .callExecutor(new ServerCallExecutorSupplier() {
                    @Override
                    public <Q, A> Executor getExecutor(ServerCall<Q, A> call, Metadata headers) {
                        boolean quick = call.getMethodDescriptor().equals(MetadataGrpc.getExchangeMethod());
                        return quick ? Runnable::run : calls;
                    }
                })
                .maxInboundMessageSize(MetadataGrpcLimits.REQUEST_BYTES + MetadataGrpcLimits.ENVELOPE_BYTES)
                .handshakeTimeout(Limits.HANDSHAKE.toMillis(), TimeUnit.MILLISECONDS)
                .maxConnectionIdle(Limits.IDLE.toMillis(), TimeUnit.MILLISECONDS)
                .build();
        try {
            server.start();
        } catch (IOException e) {
            calls.shutdownNow();
            throw e;
        }
        return new MetadataEndpoint(server, calls);
    }

    public int port() {
        return server.getPort();
    }

    @Override
    public void close() {
        server.shutdown();
        try {
            if (!server.awaitTermination(Limits.GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                server.shutdownNow();
            }
        } catch (InterruptedException e) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
        calls.shutdownNow();
    }
}
