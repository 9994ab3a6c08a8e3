package io.coffer.common.metadata.remote;

import com.google.protobuf.MessageLite;
import io.coffer.common.concurrent.NamedThreads;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.NodeId;
import io.coffer.common.id.RequestId;
import io.coffer.common.metadata.Command;
import io.coffer.common.metadata.Heartbeat;
import io.coffer.common.metadata.MetadataClient;
import io.coffer.common.metadata.MetadataUnavailableException;
import io.coffer.common.metadata.Query;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.wire.MetadataCodec;
import io.coffer.common.metadata.wire.RpcCodec;
import io.coffer.common.metadata.wire.ValueCodec;
import io.coffer.common.time.Ticker;
import io.coffer.proto.rpc.MetadataMessages.Call;
import io.coffer.proto.rpc.MetadataMessages.HeartbeatRequest;
import io.coffer.proto.rpc.MetadataMessages.QueryRequest;
import io.coffer.proto.rpc.MetadataMessages.SubmitRequest;
import io.grpc.Channel;
import java.io.Closeable;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The metadata groups over the network. Within a call's deadline it follows leaders: a call that a server can't answer, or doesn't
 * because it died or hangs, goes to the next one, never to two at a time, and a command always under the same request id, which the
 * groups remember.
 *
 * <p>Thread-safe. Futures complete on virtual threads, many on the one that reads a server's answers: what hangs on them must be quick.
 */
public final class RemoteMetadataClient implements MetadataClient, Closeable {
    private final Settings settings;
    private final Ticker ticker;
    private final GroupTime time = new GroupTime();
    private final Endpoints endpoints;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(new NamedThreads("metadata-client"));
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private final ClusterMapWatch watch;

    /**
     * What one process may ask.
     *
     * @param deadline of one call, after which its caller may repeat it
     * @param calls in flight; more are turned away
     * @param bytes of the same
     */
    public record Settings(Duration deadline, int calls, long bytes) {
        public static final Settings DEFAULT = new Settings(Duration.ofSeconds(10), 16_384, 128L << 20);
    }

    /**
     * @param seeds {@code host:port} of some metaservers; the others are found by them
     */
    public RemoteMetadataClient(Connector connector, List<String> seeds, Settings settings, Ticker ticker) {
        if (seeds.isEmpty()) {
            throw new IllegalArgumentException("no metaserver is known");
        }
        this.settings = settings;
        this.ticker = ticker;
        this.endpoints = new Endpoints(connector, seeds, ticker, time);
        long tick = Limits.TICK.toMillis();
        timer.scheduleWithFixedDelay(endpoints::tick, tick, tick, TimeUnit.MILLISECONDS);
        this.watch = new ClusterMapWatch(endpoints);
        watch.listen(endpoints::update);
        watch.start();
    }

    /** The cluster map, kept up to date. */
    public ClusterMapWatch watch() {
        return watch;
    }

    /** A channel to a metaserver of the map, for what only metaservers ask of one another. */
    public Optional<Channel> channel(NodeId metaserver) {
        return endpoints.of(metaserver).map(Endpoint::connect).map(Endpoint.Connection::channel);
    }

    @Override
    public <R extends Reply> CompletableFuture<R> submit(GroupId group, RequestId request, Command<R> command) {
        SubmitRequest message = SubmitRequest.newBuilder()
                .setGroup(group.value())
                .setRequest(ValueCodec.encode(request))
                .setCommand(MetadataCodec.encode(command))
                .build();
        return call(
                group,
                message,
                (connection, timeout, answer) ->
                        connection.exchange().send(Call.newBuilder().setSubmit(message), timeout, answer),
                command.getClass().getSimpleName());
    }

    @Override
    public <R extends Reply> CompletableFuture<R> query(GroupId group, Query<R> query) {
        QueryRequest message = QueryRequest.newBuilder()
                .setGroup(group.value())
                .setQuery(MetadataCodec.encode(query))
                .build();
        return call(
                group,
                message,
                (connection, timeout, answer) ->
                        connection.exchange().send(Call.newBuilder().setQuery(message), timeout, answer),
                query.getClass().getSimpleName());
    }

    @Override
    public long birthMillis(long nowMillis) {
        return Math.max(nowMillis, time.millis());
    }

    /** Tells the leader of the system group that a node is there. */
    public CompletableFuture<Reply.TimeReply> heartbeat(Heartbeat heartbeat) {
        HeartbeatRequest message = RpcCodec.encode(heartbeat);
        return call(
                GroupId.SYSTEM,
                message,
                (connection, timeout, answer) -> connection
                        .stub()
                        .withDeadlineAfter(timeout, TimeUnit.NANOSECONDS)
                        .heartbeat(message, answer),
                "Heartbeat");
    }

    private <R extends Reply> CompletableFuture<R> call(
            GroupId group, MessageLite message, RemoteCall.Send send, String what) {
        int size = message.getSerializedSize();
        if (size > MetadataGrpcLimits.REQUEST_BYTES) {
            return CompletableFuture.failedFuture(
                    new RefusedException(Refusal.INVALID_ARGUMENT, "a request of " + size + " bytes"));
        }
        boolean admitted = calls.incrementAndGet() <= settings.calls();
        admitted &= bytes.addAndGet(size) <= settings.bytes();
        CompletableFuture<R> result = new CompletableFuture<>();
        result.whenComplete((reply, failure) -> {
            calls.decrementAndGet();
            bytes.addAndGet(-size);
        });
        if (!admitted) {
            result.completeExceptionally(
                    MetadataUnavailableException.overloaded("too many metadata calls are in flight"));
            return result;
        }
        new RemoteCall<>(endpoints, timer, ticker, group, what, send, result, settings.deadline()).start();
        return result;
    }

    /** Calls in flight fail. */
    @Override
    public void close() {
        watch.close();
        endpoints.close();
        timer.shutdownNow();
    }
}
