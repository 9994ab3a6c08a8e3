package io.coffer.common.chunk.remote;

import com.google.protobuf.InvalidProtocolBufferException;
import io.coffer.common.chunk.ChunkException;
import io.coffer.common.chunk.wire.FrameType;
import io.coffer.common.chunk.wire.ProtocolException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/** A question that gets one answer. */
final class CallStream<T> extends ClientStream {
    private final Answer<T> answer;
    private final CompletableFuture<T> outcome = new CompletableFuture<>();

    /** Reads an answer's head. */
    interface Answer<T> {
        T decode(ByteBuffer head) throws InvalidProtocolBufferException;
    }

    CallStream(Answer<T> answer) {
        this.answer = answer;
    }

    CompletableFuture<T> outcome() {
        return outcome;
    }

    @Override
    boolean frame(FrameType type, ByteBuffer head, int bodyBytes)
            throws ProtocolException, InvalidProtocolBufferException {
        if (type != FrameType.ANSWER) {
            throw new ProtocolException(type + " isn't an answer");
        }
        outcome.complete(answer.decode(head));
        return true;
    }

    @Override
    void fail(ChunkException why) {
        outcome.completeExceptionally(why);
    }

    @Override
    void refuse(String badRequest) {
        outcome.completeExceptionally(new IllegalArgumentException(badRequest));
    }
}
