package io.coffer.metaserver.rpc;

import com.google.protobuf.ByteString;
import io.coffer.common.metadata.MetadataUnavailableException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.remote.Gatherer;
import io.coffer.common.metadata.remote.MetadataGrpcLimits;
import io.coffer.common.metadata.wire.RpcCodec;
import io.coffer.common.trace.Span;
import io.coffer.common.trace.TraceParent;
import io.coffer.common.trace.Tracing;
import io.coffer.common.trace.Work;
import io.coffer.proto.rpc.MetadataMessages.Answer;
import io.coffer.proto.rpc.MetadataMessages.Answers;
import io.coffer.proto.rpc.MetadataMessages.Call;
import io.coffer.proto.rpc.MetadataMessages.CallAnswer;
import io.coffer.proto.rpc.MetadataMessages.Calls;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One caller's stream of commands and queries. Each call runs on a virtual thread of its own, and answers leave as they come. */
final class ExchangeSession implements StreamObserver<Calls> {
    private final MetadataRpc rpc;
    private final MetadataCalls calls;
    private final Gatherer<Sent, Answers> answers;
    private final Consumer<ExchangeSession> onEnd;

    /** Calls that aren't answered, and one for as long as more may come. */
    private final AtomicInteger open = new AtomicInteger(1);

    private volatile boolean closing;

    private record Sent(CallAnswer content, Runnable answered) implements Gatherer.Item {
        @Override
        public void left() {
            answered.run();
        }
    }

    /** @param onEnd called at least once when the stream is over */
    ExchangeSession(
            MetadataRpc rpc,
            MetadataCalls calls,
            ServerCallStreamObserver<Answers> out,
            Consumer<ExchangeSession> onEnd) {
        this.rpc = rpc;
        this.calls = calls;
        this.answers = new Gatherer<>(out, this::message);
        this.onEnd = onEnd;
        out.setOnCancelHandler(this::cancelled);
        out.setOnCloseHandler(() -> onEnd.accept(this));
    }

    private Answers message(List<Sent> sent) {
        Answers.Builder message = Answers.newBuilder().setGroupMillis(rpc.groupMillis());
        sent.forEach(one -> message.addAnswers(one.content()));
        return message.build();
    }

    @Override
    public void onNext(Calls message) {
        long arrived = System.nanoTime();
        List<Call> all = message.getCallsList();
        if (all.isEmpty()) {
            return;
        }
        open.addAndGet(all.size());
        List<Call> rest = new ArrayList<>();
        answers.together(() -> {
            int tried = 0;
            for (Call call : all) {
                if (tried++ >= Limits.CALLS_AT_ONCE || !performAtOnce(call)) {
                    rest.add(call);
                }
            }
        });
        if (!rest.isEmpty()) {
            // One wake for all of them.
            Thread.startVirtualThread(() -> {
                for (Call call : rest.subList(1, rest.size())) {
                    Thread.startVirtualThread(() -> perform(call, arrived));
                }
                perform(rest.getFirst(), arrived);
            });
        }
    }

    /** Answers on the thread that reads the stream, if the answer is in memory: another thread would cost as much as the answer. */
    private boolean performAtOnce(Call call) {
        if (!call.hasQuery() || closing || !call.getTrace().isEmpty()) {
            return false;
        }
        Work work = Work.from(call.getRequest());
        Optional<CompletableFuture<? extends Reply>> known;
        try {
            known = rpc.queryFromMemory(call.getQuery());
        } catch (RuntimeException e) {
            // Whoever tries again says what is wrong.
            return false;
        }
        known.ifPresent(
                reply -> calls.perform(call.getQuery(), work, Span.NONE, () -> reply, new Reception(call.getId())));
        return known.isPresent();
    }

    private void perform(Call call, long arrived) {
        Reception reception = new Reception(call.getId());
        if (closing) {
            reception.answer(RpcCodec.answer(MetadataUnavailableException.notHere("this server closes")), () -> {});
            return;
        }
        if (System.nanoTime() - arrived > TimeUnit.MILLISECONDS.toNanos(call.getTimeoutMillis())) {
            reception.answer(RpcCodec.answer(MetadataUnavailableException.overloaded("it came too late")), () -> {});
            return;
        }
        Work work = Work.from(call.getRequest());
        switch (call.getWhatCase()) {
            case SUBMIT -> {
                Span span = span("metadata Submit", call.getTrace());
                calls.perform(call.getSubmit(), work.in(span), span, () -> rpc.submit(call.getSubmit()), reception);
            }
            case QUERY -> {
                Span span = span("metadata Query", call.getTrace());
                calls.perform(call.getQuery(), work.in(span), span, () -> rpc.query(call.getQuery()), reception);
            }
            case WHAT_NOT_SET -> reception.reject("an empty call", () -> {});
        }
    }

    private static Span span(String name, ByteString trace) {
        @Nullable
        TraceParent caller = trace.isEmpty() || !Tracing.isOn() ? null : TraceParent.of(trace.asReadOnlyByteBuffer());
        return Tracing.serve(name, caller);
    }

    /** Sends the answer to one call. */
    private final class Reception implements MetadataCalls.Caller {
        private final long id;

        Reception(long id) {
            this.id = id;
        }

        @Override
        public void answer(Answer answer, Runnable answered) {
            if (answer.getSerializedSize() > MetadataGrpcLimits.ANSWER_BYTES) {
                // It would end the stream, and every other call on it.
                reject("an answer of " + answer.getSerializedSize() + " bytes", answered);
                return;
            }
            send(CallAnswer.newBuilder().setId(id).setAnswer(answer).build(), answered);
        }

        @Override
        public void reject(String why, Runnable answered) {
            send(CallAnswer.newBuilder().setId(id).setRejected(why).build(), answered);
        }

        private void send(CallAnswer answer, Runnable answered) {
            answers.send(new Sent(answer, answered));
            done();
        }
    }

    private void done() {
        if (open.decrementAndGet() == 0) {
            answers.finish();
        }
    }

    /** Answers what it has, and turns away whatever comes from here on. */
    synchronized void close() {
        if (!closing) {
            closing = true;
            done();
        }
    }

    @Override
    public void onError(Throwable why) {
        cancelled();
    }

    private void cancelled() {
        answers.ended();
        onEnd.accept(this);
    }

    @Override
    public void onCompleted() {
        close();
    }
}
