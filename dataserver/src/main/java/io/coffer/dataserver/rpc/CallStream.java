package io.coffer.dataserver.rpc;

import com.google.protobuf.MessageLite;
import io.coffer.common.chunk.ChunkException;
import io.coffer.common.chunk.wire.FrameType;
import io.coffer.common.trace.Span;
import io.coffer.common.trace.Work;
import java.util.concurrent.RejectedExecutionException;

/** A question with one answer. */
final class CallStream extends ServerStream implements Runnable {
    private final int timeoutMillis;
    private final Question question;
    private volatile boolean cancelled;

    /** Answers, blocking its thread. */
    interface Question {
        MessageLite answer() throws ChunkException;
    }

    CallStream(ServerConnection connection, int id, String request, int timeoutMillis, Question question) {
        super(connection, id, request, Span.NONE);
        this.timeoutMillis = timeoutMillis;
        this.question = question;
    }

    void begin() {
        try {
            connection.service().threads().waiting().execute(this);
        } catch (RejectedExecutionException e) {
            connection.ended(this);
            fail(e);
        }
    }

    @Override
    public void run() {
        try (Work.Scope scope = work.enter()) {
            answer();
        } finally {
            connection.ended(this);
        }
    }

    private void answer() {
        try {
            if (!cancelled) {
                requireTime(timeoutMillis);
                connection.send(id, FrameType.ANSWER, question.answer());
            }
        } catch (ChunkException | RuntimeException e) {
            fail(e);
        }
    }

    /** What began goes on: a delete that is half done helps nobody. */
    @Override
    void cancel() {
        cancelled = true;
    }
}
