package io.coffer.metaserver.rpc;

import com.google.protobuf.MessageLite;
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
import io.coffer.common.trace.Work;
import io.coffer.metaserver.consensus.ConsensusGroup;
import io.coffer.proto.rpc.MetadataGrpc;
import io.coffer.proto.rpc.MetadataMessages.Answer;
import io.coffer.proto.rpc.MetadataMessages.HeartbeatRequest;
import io.coffer.proto.rpc.MetadataMessages.MapUpdate;
import io.coffer.proto.rpc.MetadataMessages.PingReply;
import io.coffer.proto.rpc.MetadataMessages.PingRequest;
import io.coffer.proto.rpc.MetadataMessages.QueryRequest;
import io.coffer.proto.rpc.MetadataMessages.SubmitRequest;
import io.coffer.proto.rpc.MetadataMessages.WatchMapRequest;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The metadata groups of this process for the network. Reads are answered by leaders alone, so that callers learn who leads. */
public final class MetadataRpc extends MetadataGrpc.MetadataImplBase {
    private static final Logger LOG = LoggerFactory.getLogger(MetadataRpc.class);

    private final MetadataClient local;
    private final Function<GroupId, Optional<ConsensusGroup>> groups;
    private final MapFeed feed;
    private final ToLongFunction<Heartbeat> heartbeats;
    private final Admission admission = new Admission(Limits.CALLS, Limits.CALL_BYTES);
    private final AtomicInteger watches = new AtomicInteger();

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
    public void submit(SubmitRequest message, StreamObserver<Answer> out) {
        serve(message, out, () -> {
            GroupId group = new GroupId(message.getGroup());
            if (!message.hasRequest()) {
                throw new IllegalArgumentException("a command without a request id");
            }
            RequestId request = ValueCodec.request(message.getRequest());
            Command<?> command = MetadataCodec.decode(message.getCommand());
            return local.submit(group, request, command);
        });
    }

    @Override
    public void query(QueryRequest message, StreamObserver<Answer> out) {
        serve(message, out, () -> {
            GroupId group = new GroupId(message.getGroup());
            Query<?> query = MetadataCodec.decode(message.getQuery());
            return whereLed(group, () -> local.query(group, query));
        });
    }

    @Override
    public void heartbeat(HeartbeatRequest message, StreamObserver<Answer> out) {
        serve(message, out, () -> {
            Heartbeat heartbeat = RpcCodec.decode(message);
            return whereLed(GroupId.SYSTEM, () -> {
                long millis = heartbeats.applyAsLong(heartbeat);
                return CompletableFuture.completedFuture(new Reply.TimeReply(millis));
            });
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

    /** Answers within bounds, unless nobody waits for the answer any more. */
    private void serve(
            MessageLite message, StreamObserver<Answer> out, Supplier<CompletableFuture<? extends Reply>> call) {
        ((ServerCallStreamObserver<Answer>) out).setOnCancelHandler(() -> {});
        if (Context.current().isCancelled()) {
            out.onError(Status.CANCELLED.asRuntimeException());
            return;
        }
        int size = message.getSerializedSize();
        if (!admission.enter(size)) {
            answer(
                    out,
                    RpcCodec.answer(MetadataUnavailableException.overloaded("this server works on too many calls")));
            return;
        }
        CompletableFuture<? extends Reply> reply;
        try {
            reply = call.get();
        } catch (IllegalArgumentException e) {
            admission.leave(size);
            out.onError(Status.INVALID_ARGUMENT.withDescription(e.getMessage()).asRuntimeException());
            return;
        }
        Work work = Work.current();
        long began = System.nanoTime();
        reply.whenComplete((value, failure) -> {
            admission.leave(size);
            try (Work.Scope scope = work.enter()) {
                answer(out, failure == null ? RpcCodec.answer(value) : failed(failure));
                if (LOG.isDebugEnabled() && !work.equals(Work.NONE)) {
                    LOG.debug(
                            "{} of {} bytes: {}, {} us",
                            message.getClass().getSimpleName(),
                            size,
                            failure == null ? "done" : failure.getClass().getSimpleName(),
                            (System.nanoTime() - began) / 1000);
                }
            }
        });
    }

    private static Answer failed(Throwable failure) {
        Throwable why =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return switch (why) {
            case RefusedException refused -> RpcCodec.answer(refused);
            case MetadataUnavailableException unavailable -> {
                LOG.debug("a metadata call has no outcome", unavailable);
                yield RpcCodec.answer(unavailable);
            }
            default -> {
                LOG.error("a metadata call failed with a bug", why);
                yield RpcCodec.answer(new MetadataUnavailableException("a fault of the metaserver", why));
            }
        };
    }

    private static void answer(StreamObserver<Answer> out, Answer answer) {
        out.onNext(answer);
        out.onCompleted();
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
}
