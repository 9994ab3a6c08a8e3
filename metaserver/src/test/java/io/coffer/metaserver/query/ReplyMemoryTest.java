package io.coffer.metaserver.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.metadata.Query;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.SystemQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ReplyMemoryTest {
    private static final Query<?> QUERY = new SystemQuery.GetBucket("a");
    private static final Reply OLD = new Reply.ReleasedReply(1, true);
    private static final Reply NEW = new Reply.ReleasedReply(2, true);

    private static final int READERS = 3;
    private static final int CHANGES = 50_000;

    private final ReplyMemory memory = new ReplyMemory();

    private Reply known() {
        return memory.get(QUERY, memory.revision());
    }

    private void change() {
        memory.startChange();
        memory.endChange();
    }

    @Test
    void aReplyIsKnownUntilTheNextChange() {
        assertThat(known()).isNull();
        memory.put(QUERY, OLD, memory.revision());
        assertThat(known()).isSameAs(OLD);
        assertThat(memory.get(new SystemQuery.GetBucket("b"), memory.revision()))
                .isNull();
        memory.startChange();
        assertThat(known()).isNull();
        memory.endChange();
        assertThat(known()).isNull();
    }

    @Test
    void whatWasReadBeforeAChangeIsNotKeptBehindIt() {
        long read = memory.revision();
        change();
        memory.put(QUERY, OLD, read);
        assertThat(known()).isNull();
    }

    @Test
    void whatIsReadDuringAChangeIsNotKept() {
        memory.startChange();
        memory.put(QUERY, NEW, memory.revision());
        assertThat(known()).isNull();
        memory.endChange();
        assertThat(known()).isNull();
    }

    @Test
    void aReaderFromBeforeAChangeDoesNotSeeWhatIsKnownSince() {
        long before = memory.revision();
        change();
        memory.put(QUERY, NEW, memory.revision());
        assertThat(memory.get(QUERY, before)).isNull();
        assertThat(known()).isSameAs(NEW);
    }

    @Test
    void theEndOfNoChangeForgetsNothing() {
        memory.put(QUERY, OLD, memory.revision());
        memory.endChange();
        assertThat(known()).isSameAs(OLD);
    }

    @Test
    void whatIsKnownIsBounded() {
        for (int i = 0; i < 10_001; i++) {
            memory.put(new SystemQuery.GetBucket("b" + i), OLD, memory.revision());
        }
        assertThat(memory.get(new SystemQuery.GetBucket("b0"), memory.revision()))
                .isNull();
        assertThat(memory.get(new SystemQuery.GetBucket("b10000"), memory.revision()))
                .isSameAs(OLD);
    }

    /** Rows are a number that a writer raises; the largest seen by anyone is what everyone must see from then on. */
    @Test
    void nobodySeesAnOldReplyAfterSomebodySawTheNewRows() throws Exception {
        AtomicLong row = new AtomicLong();
        AtomicLong seen = new AtomicLong();
        AtomicBoolean ended = new AtomicBoolean();
        Callable<Integer> read = () -> {
            int fromMemory = 0;
            while (!ended.get()) {
                long least = seen.get();
                long revision = memory.revision();
                Reply reply = memory.get(QUERY, revision);
                fromMemory += reply == null ? 0 : 1;
                if (reply == null) {
                    reply = new Reply.UsageReply(row.get(), 0, 0, 0, 0);
                    memory.put(QUERY, reply, revision);
                }
                long value = ((Reply.UsageReply) reply).objects();
                assertThat(value).isGreaterThanOrEqualTo(least);
                seen.accumulateAndGet(value, Math::max);
            }
            return fromMemory;
        };
        try (ExecutorService readers = Executors.newFixedThreadPool(READERS)) {
            List<Future<Integer>> done = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                done.add(readers.submit(read));
            }
            for (int i = 0; i < CHANGES; i++) {
                memory.startChange();
                row.incrementAndGet();
                Thread.onSpinWait();
                memory.endChange();
                seen.accumulateAndGet(row.get(), Math::max);
                Thread.yield();
            }
            ended.set(true);
            int fromMemory = 0;
            for (Future<Integer> reader : done) {
                fromMemory += reader.get();
            }
            assertThat(fromMemory).isPositive();
        }
    }
}
