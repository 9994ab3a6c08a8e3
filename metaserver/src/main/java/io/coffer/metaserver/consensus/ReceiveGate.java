package io.coffer.metaserver.consensus;

import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.apache.ratis.proto.grpc.RaftServerProtocolServiceGrpc;
import org.apache.ratis.thirdparty.io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.ServerCall;
import org.apache.ratis.thirdparty.io.grpc.ServerCallHandler;
import org.apache.ratis.thirdparty.io.grpc.ServerInterceptor;
import org.apache.ratis.thirdparty.io.grpc.Status;

/**
 * Turns checkpoints away that peers send while a group is being opened; they try again. Ratis takes one before it knows its own role, becomes a
 * follower by it, and then can't become one: the group fails to open. (It has other messages wait by itself.) Thread-safe.
 */
final class ReceiveGate implements ServerInterceptor {
    private static final String CHECKPOINTS =
            RaftServerProtocolServiceGrpc.getInstallSnapshotMethod().getFullMethodName();

    /** Held for reading while a part of a checkpoint is received, for writing while a group is opened. */
    private final ReadWriteLock opening = new ReentrantReadWriteLock();

    /** Waits until nothing is being received; {@link #reopen} ends it. */
    void close() {
        opening.writeLock().lock();
    }

    void reopen() {
        opening.writeLock().unlock();
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        ServerCall.Listener<Q> listener = next.startCall(call, headers);
        return CHECKPOINTS.equals(call.getMethodDescriptor().getFullMethodName())
                ? new Guarded<>(listener, call)
                : listener;
    }

    private final class Guarded<Q> extends SimpleForwardingServerCallListener<Q> {
        private final ServerCall<Q, ?> call;
        private boolean turnedAway;

        Guarded(ServerCall.Listener<Q> listener, ServerCall<Q, ?> call) {
            super(listener);
            this.call = call;
        }

        /** Ratis handles a part before it returns. */
        @Override
        public void onMessage(Q part) {
            if (turnedAway) {
                return;
            }
            if (!opening.readLock().tryLock()) {
                turnedAway = true;
                call.close(Status.UNAVAILABLE.withDescription("a group is being opened"), new Metadata());
                return;
            }
            try {
                super.onMessage(part);
            } finally {
                opening.readLock().unlock();
            }
        }

        @Override
        public void onHalfClose() {
            if (!turnedAway) {
                super.onHalfClose();
            }
        }
    }
}
