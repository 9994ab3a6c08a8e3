package io.coffer.common.metadata.remote;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.coffer.common.time.Ticker;
import io.coffer.common.trace.TraceParent;
import io.coffer.common.trace.Work;
import io.coffer.proto.rpc.MetadataMessages.Answer;
import io.coffer.proto.rpc.MetadataMessages.Answers;
import io.coffer.proto.rpc.MetadataMessages.Call;
import io.coffer.proto.rpc.MetadataMessages.CallAnswer;
import io.coffer.proto.rpc.MetadataMessages.Calls;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The calls on one connection to a metaserver. When the stream ends, every call on it fails. Thread-safe.
 *
 * <p>Outcomes are told on the thread that reads the stream, so what depends on them must be quick; everything else on threads of their own.
 */
final class Exchange implements ClientResponseObserver<Calls, Answers> {
    private final Ticker ticker;
    private final GroupTime time;
    private final Map<Long, Pending> pending = new ConcurrentHashMap<>();
    private final AtomicLong lastId = new AtomicLong();

    private @Nullable Gatherer<Sent, Calls> calls;
    private volatile @Nullable Throwable ended;

    private record Pending(StreamObserver<Answer> answer, long deadlineNanos) {}

    private record Sent(Call content) implements Gatherer.Item {
        @Override
        public void left() {}
    }

    Exchange(Ticker ticker, GroupTime time) {
        this.ticker = ticker;
        this.time = time;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<Calls> out) {
        calls = new Gatherer<>(out, Exchange::message);
    }

    private static Calls message(List<Sent> sent) {
        Calls.Builder message = Calls.newBuilder();
        sent.forEach(one -> message.addCalls(one.content()));
        return message.build();
    }

    /** Whether calls can still be made. */
    boolean isOpen() {
        return ended == null;
    }

    /**
     * @param call all but what this stream adds
     * @param answer gets one answer or one error
     */
    void send(Call.Builder call, long timeoutNanos, StreamObserver<Answer> answer) {
        long id = lastId.incrementAndGet();
        Work work = Work.current();
        call.setId(id)
                .setTimeoutMillis(Math.clamp(TimeUnit.NANOSECONDS.toMillis(timeoutNanos), 1, Integer.MAX_VALUE))
                .setRequest(work.request())
                .setTrace(trace(work.span()));
        pending.put(id, new Pending(answer, ticker.nanos() + timeoutNanos));
        Throwable over = ended;
        if (over == null) {
            gatherer().send(new Sent(call.build()));
        } else if (pending.remove(id) != null) {
            fail(answer, over);
        }
    }

    private static ByteString trace(@Nullable TraceParent span) {
        return span == null ? ByteString.EMPTY : UnsafeByteOperations.unsafeWrap(span.toBytes());
    }

    private Gatherer<Sent, Calls> gatherer() {
        Gatherer<Sent, Calls> started = calls;
        if (started == null) {
            throw new IllegalStateException("the stream hasn't begun");
        }
        return started;
    }

    private static void fail(StreamObserver<Answer> answer, Throwable why) {
        // Whoever failed asks somebody else, which may take a while.
        Thread.startVirtualThread(() -> answer.onError(why));
    }

    @Override
    public void onNext(Answers message) {
        time.told(message.getGroupMillis());
        if (message.getAnswersCount() == 1 && message.getSerializedSize() <= Limits.SHORT_ANSWER_BYTES) {
            settle(message.getAnswers(0));
        } else {
            // One wake for all of them; and a listing takes as long to decode as a hundred small answers, while others
            // wait for this thread.
            Thread.startVirtualThread(() -> message.getAnswersList().forEach(this::settle));
        }
    }

    private void settle(CallAnswer one) {
        Pending call = pending.remove(one.getId());
        if (call == null) {
            return; // nobody waits any more
        }
        switch (one.getWhatCase()) {
            case ANSWER -> {
                if (one.getAnswer().hasOutcome()) {
                    tell(call.answer(), one.getAnswer());
                } else {
                    Thread.startVirtualThread(() -> tell(call.answer(), one.getAnswer()));
                }
            }
            case REJECTED -> fail(call.answer(), rejected(one.getRejected()));
            case WHAT_NOT_SET -> fail(call.answer(), rejected("an empty answer"));
        }
    }

    private static RuntimeException rejected(String why) {
        return Status.INVALID_ARGUMENT.withDescription(why).asRuntimeException();
    }

    private static void tell(StreamObserver<Answer> caller, Answer answer) {
        caller.onNext(answer);
        caller.onCompleted();
    }

    /** A stream that ends for want of room says nothing of its calls: they may have been carried out. */
    @Override
    public void onError(Throwable why) {
        Status status = Status.fromThrowable(why);
        boolean full = status.getCode() == Status.Code.RESOURCE_EXHAUSTED;
        end(full ? Status.UNAVAILABLE.withDescription(status.toString()).asRuntimeException() : why);
    }

    @Override
    public void onCompleted() {
        end(Status.UNAVAILABLE.withDescription("the server closes").asRuntimeException());
    }

    private void end(Throwable why) {
        ended = why;
        gatherer().ended();
        pending.forEach((id, call) -> {
            if (pending.remove(id, call)) {
                fail(call.answer(), why);
            }
        });
    }

    /** Fails the calls whose time is up. Call it a few times per second. */
    void expire() {
        long now = ticker.nanos();
        pending.forEach((id, call) -> {
            if (call.deadlineNanos() - now <= 0 && pending.remove(id, call)) {
                fail(call.answer(), Status.DEADLINE_EXCEEDED.asRuntimeException());
            }
        });
    }
}
