package io.coffer.common.metadata.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import io.grpc.stub.CallStreamObserver;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class GathererTest {
    private final Stream out = new Stream();
    private final AtomicInteger left = new AtomicInteger();
    private final Gatherer<Sent, List<Integer>> gatherer = new Gatherer<>(
            out,
            items ->
                    items.stream().map(item -> item.content().getValue().size()).toList());

    private final class Sent implements Gatherer.Item {
        private final BytesValue content;

        Sent(int bytes) {
            content = BytesValue.of(ByteString.copyFrom(new byte[bytes]));
        }

        @Override
        public BytesValue content() {
            return content;
        }

        @Override
        public void left() {
            left.incrementAndGet();
        }
    }

    /** Takes messages while it is open. Messages that come two at a time are noticed. */
    private static final class Stream extends CallStreamObserver<List<Integer>> {
        private final List<List<Integer>> messages = Collections.synchronizedList(new ArrayList<>());
        private final AtomicInteger inside = new AtomicInteger();
        private final AtomicInteger overlaps = new AtomicInteger();
        private volatile boolean ready = true;
        private volatile boolean completed;
        private volatile boolean broken;
        private @Nullable Runnable onReady;

        @Override
        public void onNext(List<Integer> message) {
            if (broken) {
                throw new IllegalStateException("cancelled");
            }
            if (inside.getAndIncrement() > 0 || completed) {
                overlaps.incrementAndGet();
            }
            messages.add(message);
            inside.decrementAndGet();
        }

        void open() {
            ready = true;
            assertThat(onReady).isNotNull();
            onReady.run();
        }

        @Override
        public void onCompleted() {
            completed = true;
        }

        @Override
        public void onError(Throwable why) {}

        @Override
        public boolean isReady() {
            return ready;
        }

        @Override
        public void setOnReadyHandler(Runnable handler) {
            onReady = handler;
        }

        @Override
        public void disableAutoInboundFlowControl() {}

        @Override
        public void request(int count) {}

        @Override
        public void setMessageCompression(boolean enable) {}
    }

    @Test
    void whoFindsTheStreamIdleSendsAtOnce() {
        gatherer.send(new Sent(1));
        gatherer.send(new Sent(2));
        assertThat(out.messages).containsExactly(List.of(1), List.of(2));
        assertThat(left).hasValue(2);
    }

    @Test
    void whatGathersWhileTheOtherSideTakesNothingGoesTogether() {
        out.ready = false;
        for (int i = 1; i <= 5; i++) {
            gatherer.send(new Sent(i));
        }
        assertThat(out.messages).isEmpty();
        assertThat(left).hasValue(0);
        out.open();
        assertThat(out.messages).containsExactly(List.of(1, 2, 3, 4, 5));
        assertThat(left).hasValue(5);
    }

    @Test
    void messagesAreBoundedAndLargeItemsGoAlone() {
        out.ready = false;
        gatherer.send(new Sent(50_000));
        gatherer.send(new Sent(50_001));
        gatherer.send(new Sent(50_002));
        gatherer.send(new Sent(3_000_000));
        gatherer.send(new Sent(1));
        out.open();
        assertThat(out.messages)
                .containsExactly(List.of(50_000, 50_001), List.of(50_002), List.of(3_000_000), List.of(1));
    }

    @Test
    void finishingSendsEverythingFirst() {
        out.ready = false;
        gatherer.send(new Sent(1));
        gatherer.finish();
        assertThat(out.completed).isFalse();
        out.open();
        assertThat(out.messages).containsExactly(List.of(1));
        assertThat(out.completed).isTrue();
    }

    @Test
    void afterTheEndNothingIsKept() {
        out.ready = false;
        gatherer.send(new Sent(1));
        gatherer.ended();
        gatherer.send(new Sent(2));
        gatherer.finish();
        assertThat(left).hasValue(2);
        assertThat(out.messages).isEmpty();
        assertThat(out.completed).isFalse();
    }

    @Test
    void aStreamThatBreaksKeepsNothing() {
        out.broken = true;
        gatherer.send(new Sent(1));
        gatherer.send(new Sent(2));
        assertThat(left).hasValue(2);
    }

    @Test
    void manyThreadsLoseNothingAndNeverTalkAtOnce() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 8; t++) {
            threads.add(Thread.ofPlatform().start(() -> {
                for (int i = 0; i < 5_000; i++) {
                    gatherer.send(new Sent(i % 7));
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        await().untilAsserted(() -> assertThat(left).hasValue(40_000));
        assertThat(out.messages.stream().mapToInt(List::size).sum()).isEqualTo(40_000);
        assertThat(out.overlaps).hasValue(0);
    }
}
