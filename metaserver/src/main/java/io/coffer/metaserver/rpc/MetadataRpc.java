package io.coffer.metaserver.rpc;

import io.coffer.common.id.GroupId;
import io.coffer.common.id.RequestId;
import io.coffer.common.metadata.Command;
import io.coffer.common.metadata.Heartbeat;
import io.coffer.common.metadata.MetadataClient;
import io.coffer.common.metadata.MetadataUnavailableException;
import io.coffer.common.metadata.Query;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.wire.MetadataCodec;
import io.coffer.common.metadata.wire.RpcCodec;
import io.coffer.common.metadata.wire.ValueCodec;
import io.coffer.common.trace.Span;
import io.coffer.common.trace.Work;
import io.coffer.metaserver.consensus.ConsensusGroup;
import io.coffer.proto.rpc.MetadataGrpc;
import io.coffer.proto.rpc.MetadataMessages.Answer;
import io.coffer.proto.rpc.MetadataMessages.Answers;
import io.coffer.proto.rpc.MetadataMessages.Calls;
import io.coffer.proto.rpc.MetadataMessages.HeartbeatRequest;
import io.coffer.proto.rpc.MetadataMessages.MapUpdate;
import io.coffer.proto.rpc.MetadataMessages.PingReply;
import io.coffer.proto.rpc.MetadataMessages.PingRequest;
import io.coffer.proto.rpc.MetadataMessages.QueryRequest;
import io.coffer.proto.rpc.MetadataMessages.SubmitRequest;
import io.coffer.proto.rpc.MetadataMessages.WatchMapRequest;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.Closeable;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/** The metadata groups of this process for the network. Reads are answered by leaders alone, so that callers learn who leads. */
public final class MetadataRpc extends MetadataGrpc.MetadataImplBase implements Closeable {
    private final MetadataClient local;
    private final Function<GroupId, Optional<ConsensusGroup>> groups;
    private final MapFeed feed;
    private final ToLongFunction<Heartbeat> heartbeats;
    private final MetadataCalls calls = new MetadataCalls();
    private final Set<ExchangeSession> sessions = ConcurrentHashMap.newKeySet();
    private final AtomicInteger watches = new AtomicInteger();
    private volatile boolean closed;

    /** @param local of the groups of this process */
    public MetadataRpc(
            MetadataClient local,
            Function<GroupId, Optional<ConsensusGroup>> groups,
            MapFeed feed,
            ToLongFunction<Heartbeat> heartbeats) {
        this.local = local;
        this.groups = groups;
        this.feed = feed;
        this.heartbeats = heartbeats;
    }

    @Override
    public StreamObserver<Calls> exchange(StreamObserver<Answers> out) {
        ExchangeSession session =
                new ExchangeSession(this, calls, (ServerCallStreamObserver<Answers>) out, sessions::remove);
        sessions.add(session);
        if (closed) {
            session.close();
        }
        return session;
    }

    /** @throws IllegalArgumentException if it isn't a command of this version */
    CompletableFuture<? extends Reply> submit(SubmitRequest message) {
        GroupId group = new GroupId(message.getGroup());
        if (!message.hasRequest()) {
            throw new IllegalArgumentException("a command without a request id");
        }
        RequestId request = ValueCodec.request(message.getRequest());
        Command<?> command = MetadataCodec.decode(message.getCommand());
        return local.submit(group, request, command);
    }

    /** @throws IllegalArgumentException if it isn't a query of this version */
    CompletableFuture<? extends Reply> query(QueryRequest message) {
        GroupId group = new GroupId(message.getGroup());
        Query<?> query = MetadataCodec.decode(message.getQuery());
        return whereLed(group, () -> local.query(group, query));
    }

    /**
     * The same without waiting for anything; empty if that can't be.
     *
     * @throws IllegalArgumentException if it isn't a query of this version
     */
    Optional<CompletableFuture<? extends Reply>> queryFromMemory(QueryRequest message) {
        Optional<ConsensusGroup> member = groups.apply(new GroupId(message.getGroup()));
        if (member.isEmpty()) {
            return Optional.empty();
        }
        Query<?> query = MetadataCodec.decode(message.getQuery());
        try {
            return member.get().answerFromMemory(query).map(CompletableFuture::completedFuture);
        } catch (RefusedException e) {
            return Optional.of(CompletableFuture.failedFuture(e));
        }
    }

    /** The latest time of any group of this process, milliseconds since 1970; 0 where none has any. */
    long groupMillis() {
        return local.birthMillis(0);
    }

    @Override
    public void heartbeat(HeartbeatRequest message, StreamObserver<Answer> out) {
        ((ServerCallStreamObserver<Answer>) out).setOnCancelHandler(() -> {});
        calls.perform(message, Work.NONE, Span.NONE, () -> heard(message), new MetadataCalls.Caller() {
            @Override
            public void answer(Answer answer, Runnable answered) {
                out.onNext(answer);
                out.onCompleted();
                answered.run();
            }

            @Override
            public void reject(String why, Runnable answered) {
                out.onError(Status.INVALID_ARGUMENT.withDescription(why).asRuntimeException());
                answered.run();
            }
        });
    }

    private CompletableFuture<? extends Reply> heard(HeartbeatRequest message) {
        Heartbeat heartbeat = RpcCodec.decode(message);
        return whereLed(GroupId.SYSTEM, () -> {
            long millis = heartbeats.applyAsLong(heartbeat);
            return CompletableFuture.completedFuture(new Reply.TimeReply(millis));
        });
    }

    private CompletableFuture<? extends Reply> whereLed(
            GroupId group, Supplier<CompletableFuture<? extends Reply>> answer) {
        Optional<ConsensusGroup> member = groups.apply(group);
        if (member.isEmpty() || member.get().leads()) {
            return member.isEmpty() ? CompletableFuture.failedFuture(notHere(group)) : answer.get();
        }
        return CompletableFuture.failedFuture(MetadataUnavailableException.notLeader(
                "this server doesn't lead group " + group.value(),
                member.get().leader().orElse(null)));
    }

    private static MetadataUnavailableException notHere(GroupId group) {
        return MetadataUnavailableException.notHere("group " + group.value() + " is not on this server");
    }

    @Override
    public void watchMap(WatchMapRequest message, StreamObserver<MapUpdate> out) {
        if (watches.incrementAndGet() > Limits.WATCHES) {
            watches.decrementAndGet();
            out.onError(Status.ABORTED
                    .withDescription("too many watch the map here")
                    .asRuntimeException());
            return;
        }
        WatchSession session = new WatchSession(
                feed,
                () -> groups.apply(GroupId.SYSTEM),
                (ServerCallStreamObserver<MapUpdate>) out,
                message.getRevision());
        Thread.ofVirtual().name("map-watch").start(() -> {
            try {
                session.run();
            } finally {
                watches.decrementAndGet();
            }
        });
    }

    @Override
    public void ping(PingRequest request, StreamObserver<PingReply> out) {
        out.onNext(PingReply.getDefaultInstance());
        out.onCompleted();
    }

    /** Ends the streams of commands and queries when what they have is answered. */
    @Override
    public void close() {
        closed = true;
        sessions.forEach(ExchangeSession::close);
    }
}
