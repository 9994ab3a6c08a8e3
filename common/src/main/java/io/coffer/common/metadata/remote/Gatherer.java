package io.coffer.common.metadata.remote;

import com.google.protobuf.MessageLite;
import io.grpc.stub.CallStreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * One side of a stream on which many threads talk: each message carries what has gathered while the last one was on its way, so that a
 * busy stream costs less for each of them, and one caller alone waits for nobody. Keeps what the other side doesn't take yet; whoever sends
 * bounds that. Thread-safe.
 *
 * @param <E> what threads send
 * @param <M> the messages of the stream
 */
public final class Gatherer<E extends Gatherer.Item, M> {
    /** A message that has this much is full. */
    private static final int MESSAGE_BYTES = 128 << 10;

    private final CallStreamObserver<M> out;
    private final Function<List<E>, M> message;
    private final Queue<E> waiting = new ConcurrentLinkedQueue<>();

    /** Reasons to look at the queue since somebody began to; who raises it from zero does the looking. */
    private final AtomicInteger reasons = new AtomicInteger();

    private volatile boolean finishing;
    private volatile boolean over;

    /** A part of a message. */
    public interface Item {
        MessageLite content();

        /** It was handed to the connection, or will never be. Called once. */
        void left();
    }

    /** @param out not started yet, so that it can tell when the other side takes more */
    public Gatherer(CallStreamObserver<M> out, Function<List<E>, M> message) {
        this.out = out;
        this.message = message;
        out.setOnReadyHandler(this::look);
    }

    public void send(E item) {
        waiting.add(item);
        look();
    }

    /** Does something that sends: in few messages, as far as nothing is on its way when it begins. It should be quick, as everybody else waits for it. */
    public void together(Runnable sends) {
        boolean first = reasons.getAndIncrement() == 0;
        try {
            sends.run();
        } finally {
            if (first) {
                drain();
            }
        }
    }

    /** Ends the stream from this side when everything has left. */
    public void finish() {
        finishing = true;
        look();
    }

    /** The stream has ended: nothing leaves any more. */
    public void ended() {
        over = true;
        look();
    }

    private void look() {
        if (reasons.getAndIncrement() == 0) {
            drain();
        }
    }

    private void drain() {
        int seen = reasons.get();
        do {
            while (!over && !waiting.isEmpty() && out.isReady()) {
                sendOne();
            }
            if (over) {
                for (E item = waiting.poll(); item != null; item = waiting.poll()) {
                    item.left();
                }
            } else if (finishing && waiting.isEmpty()) {
                over = true;
                out.onCompleted();
            }
            seen = reasons.addAndGet(-seen);
        } while (seen != 0);
    }

    private void sendOne() {
        List<E> items = new ArrayList<>();
        int bytes = 0;
        E next = waiting.peek();
        while (next != null && (items.isEmpty() || bytes + next.content().getSerializedSize() <= MESSAGE_BYTES)) {
            bytes += next.content().getSerializedSize();
            items.add(waiting.remove());
            next = waiting.peek();
        }
        try {
            out.onNext(message.apply(items));
        } catch (RuntimeException e) {
            // The stream was cancelled, which its listener hears too.
            over = true;
        }
        items.forEach(Item::left);
    }
}
