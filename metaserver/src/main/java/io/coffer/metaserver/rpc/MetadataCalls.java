package io.coffer.metaserver.rpc;

import com.google.protobuf.MessageLite;
import io.coffer.common.metadata.MetadataUnavailableException;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.wire.RpcCodec;
import io.coffer.common.trace.Span;
import io.coffer.common.trace.Work;
import io.coffer.proto.rpc.MetadataMessages.Answer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out calls, whichever way they came, within bounds on what is under way. Thread-safe. */
final class MetadataCalls {
    private static final Logger LOG = LoggerFactory.getLogger(MetadataCalls.class);

    private final Admission admission = new Admission(Limits.CALLS, Limits.CALL_BYTES);

    /** Where the answer goes. Told one thing, once. */
    interface Caller {
        /** @param answered to be called when the answer has left: until then the call counts as under way */
        void answer(Answer answer, Runnable answered);

        /** It isn't a call that this server knows. */
        void reject(String why, Runnable answered);
    }

    /**
     * Begins a call, on the caller's thread.
     *
     * @param work what it is for; entered while it is answered
     * @param span of the call here; ends with it
     */
    void perform(
            MessageLite message,
            Work work,
            Span span,
            Supplier<CompletableFuture<? extends Reply>> call,
            Caller caller) {
        int size = message.getSerializedSize();
        if (!admission.enter(size)) {
            span.fail("OVERLOADED");
            span.end();
            caller.answer(
                    RpcCodec.answer(MetadataUnavailableException.overloaded("this server works on too many calls")),
                    () -> {});
            return;
        }
        Runnable answered = () -> admission.leave(size);
        long began = System.nanoTime();
        CompletableFuture<? extends Reply> reply;
        try (Work.Scope scope = work.enter()) {
            reply = call.get();
        } catch (IllegalArgumentException e) {
            span.fail("INVALID_ARGUMENT");
            span.end();
            caller.reject(String.valueOf(e.getMessage()), answered);
            return;
        }
        reply.whenComplete((value, failure) -> {
            if (failure != null) {
                span.fail(failure.getClass().getSimpleName());
            }
            span.end();
            try (Work.Scope scope = work.enter()) {
                Answer answer = failure == null ? RpcCodec.answer(value) : failed(failure);
                if (LOG.isDebugEnabled() && !work.equals(Work.NONE)) {
                    LOG.debug(
                            "{} of {} bytes: {}, {} us",
                            message.getClass().getSimpleName(),
                            size,
                            failure == null ? "done" : failure.getClass().getSimpleName(),
                            (System.nanoTime() - began) / 1000);
                }
                caller.answer(answer, answered);
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
}
