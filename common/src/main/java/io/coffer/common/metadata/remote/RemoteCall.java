package io.coffer.common.metadata.remote;

import io.coffer.common.id.GroupId;
import io.coffer.common.metadata.MetadataUnavailableException;
import io.coffer.common.metadata.MetadataUnavailableException.Reason;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.wire.MetadataCodec;
import io.coffer.common.metadata.wire.RpcCodec;
import io.coffer.common.rpc.Removal;
import io.coffer.common.time.Ticker;
import io.coffer.common.trace.Work;
import io.coffer.proto.rpc.MetadataMessages.Answer;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One call on its way from server to server, until one answers or the deadline passes. A round asks each candidate once, leaders by
 * reputation first; a pause comes before the next round. One attempt at a time, so nothing here needs a lock.
 */
final class RemoteCall<R extends Reply> {
    private final Endpoints endpoints;
    private final ScheduledExecutorService timer;
    private final Ticker ticker;
    private final GroupId group;
    private final String what;
    private final Send send;
    private final CompletableFuture<R> result;
    private final long deadlineNanos;
    private final Work work = Work.current();

    private final Set<Endpoint> asked = new HashSet<>();
    private long pauseNanos = Limits.FIRST_PAUSE.toNanos();
    private String last = "no metaserver can be reached";

    /** Whether an earlier attempt may have been carried out, or may still be. */
    private boolean inDoubt;

    /** Sends the request on a connection. */
    @FunctionalInterface
    interface Send {
        void on(Endpoint.Connection connection, long timeoutNanos, StreamObserver<Answer> answer);
    }

    RemoteCall(
            Endpoints endpoints,
            ScheduledExecutorService timer,
            Ticker ticker,
            GroupId group,
            String what,
            Send send,
            CompletableFuture<R> result,
            Duration deadline) {
        this.endpoints = endpoints;
        this.timer = timer;
        this.ticker = ticker;
        this.group = group;
        this.what = what;
        this.send = send;
        this.result = result;
        this.deadlineNanos = ticker.nanos() + deadline.toNanos();
    }

    void start() {
        next();
    }

    private void next() {
        long left = deadlineNanos - ticker.nanos();
        if (left <= 0) {
            fail("not answered in time; " + last);
            return;
        }
        Endpoint target = choose();
        Endpoint.Connection connection = target == null ? null : target.begin();
        if (target == null || connection == null) {
            pause(left);
            return;
        }
        // Later attempts begin on other threads than the first.
        try (Work.Scope scope = work.enter()) {
            send.on(connection, left, new Attempt(target, connection));
        }
    }

    private @Nullable Endpoint choose() {
        Endpoint leader = endpoints.leader(group);
        if (leader != null && leader.isUsable() && asked.add(leader)) {
            return leader;
        }
        for (Endpoint candidate : endpoints.candidates(group)) {
            if (candidate.isUsable() && asked.add(candidate)) {
                return candidate;
            }
        }
        return null;
    }

    private void pause(long left) {
        asked.clear();
        try {
            timer.schedule(
                    () -> Thread.startVirtualThread(this::next), Math.min(pauseNanos, left), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            fail("the client is closed");
        }
        pauseNanos = Math.min(2 * pauseNanos, Limits.LONGEST_PAUSE.toNanos());
    }

    private void fail(String why) {
        result.completeExceptionally(
                new MetadataUnavailableException(what + " to group " + group.value() + ": " + why, null));
    }

    /** Waits for one server's answer. */
    private final class Attempt implements StreamObserver<Answer> {
        private final Endpoint target;
        private final Endpoint.Connection connection;
        private @Nullable Answer answer;

        Attempt(Endpoint target, Endpoint.Connection connection) {
            this.target = target;
            this.connection = connection;
        }

        @Override
        public void onNext(Answer value) {
            answer = value;
        }

        @Override
        public void onCompleted() {
            target.answered(connection);
            Answer received = answer;
            if (received == null) {
                last = target.address() + " sent an empty answer";
                next();
                return;
            }
            switch (received.getAnswerCase()) {
                case OUTCOME -> settled(received);
                case UNAVAILABLE -> unavailable(RpcCodec.decode(received.getUnavailable()));
                case ANSWER_NOT_SET -> fail(target.address() + " sent an answer that this version doesn't know");
            }
        }

        @SuppressWarnings("unchecked") // a command's or query's type parameter is the type of its reply
        private void settled(Answer received) {
            endpoints.leads(target, group);
            try {
                result.complete((R) MetadataCodec.decode(received.getOutcome()));
            } catch (RefusedException e) {
                if (inDoubt && e.refusal() == Refusal.NO_SPACE) {
                    // This attempt never came to the rules, which would have remembered the one before.
                    fail(target.address() + " has no space, and what became of an earlier attempt isn't known");
                } else {
                    result.completeExceptionally(e);
                }
            } catch (IllegalArgumentException e) {
                fail(target.address() + " sent an answer that this version doesn't know");
            }
        }

        private void unavailable(MetadataUnavailableException why) {
            last = target.address() + ": " + why.getMessage();
            if (why.reason() == Reason.OVERLOADED) {
                turnedAway(why);
                return;
            }
            inDoubt |= why.reason() != Reason.NOT_HERE;
            Optional<Endpoint> hint = why.leader().flatMap(endpoints::of);
            if (hint.isPresent()) {
                endpoints.leads(hint.get(), group);
            } else {
                endpoints.leadsNoMore(target, group);
            }
            next();
        }

        private void turnedAway(MetadataUnavailableException why) {
            if (inDoubt) {
                fail(why.getMessage() + ", and what became of an earlier attempt isn't known");
            } else {
                result.completeExceptionally(why);
            }
        }

        @Override
        public void onError(Throwable why) {
            Status status = Status.fromThrowable(why);
            if (Removal.isToldBy(why)) {
                target.answered(connection);
                result.completeExceptionally(
                        new RefusedException(Refusal.NODE_REMOVED, String.valueOf(status.getDescription())));
                return;
            }
            last = target.address() + ": " + status.getCode();
            switch (status.getCode()) {
                case DEADLINE_EXCEEDED, INVALID_ARGUMENT, UNIMPLEMENTED, PERMISSION_DENIED -> {
                    // It is there; asking others would tell nothing else.
                    target.answered(connection);
                    fail(target.address() + ": " + status);
                }
                case RESOURCE_EXHAUSTED -> {
                    target.answered(connection);
                    turnedAway(MetadataUnavailableException.overloaded(target.address() + ": " + status));
                }
                default -> {
                    inDoubt = true;
                    target.failed(connection, status.getCode() + ", " + status.getDescription());
                    endpoints.leadsNoMore(target, group);
                    next();
                }
            }
        }
    }
}
