package io.coffer.common.checksum;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KernelProbeTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private static LongSupplier work(long micros, long result) {
        return () -> {
            long end = System.nanoTime() + micros * 1_000;
            while (System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            return result;
        };
    }

    @Test
    void aFasterKernelThatAgreesIsUsed() throws Exception {
        KernelProbe probe = new KernelProbe("test", work(1_000, 7), work(100, 7));
        assertThat(probe.awaitDecision(LONG)).isTrue();
        assertThat(probe.vectorIsFaster()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {15, 0})
    void aKernelThatGetsFasterLaterIsUsedThen(int eagerSeconds) throws Exception {
        AtomicInteger calls = new AtomicInteger();
        LongSupplier slow = work(1_000, 7);
        LongSupplier quick = work(20, 7);
        KernelProbe probe = new KernelProbe(
                "test",
                work(200, 7),
                () -> (calls.incrementAndGet() < 50 ? slow : quick).getAsLong(),
                Duration.ofSeconds(eagerSeconds));
        assertThat(probe.awaitDecision(LONG)).isTrue();
        assertThat(calls).hasValueGreaterThanOrEqualTo(50);
    }

    @Test
    void aWrongOrBrokenKernelIsNeverUsed() throws Exception {
        KernelProbe wrong = new KernelProbe("test", work(100, 7), work(1, 8));
        assertThat(wrong.awaitDecision(LONG)).isFalse();
        assertThat(wrong.vectorIsFaster()).isFalse();
        KernelProbe broken = new KernelProbe("test", work(100, 7), () -> {
            throw new NoClassDefFoundError("jdk/incubator/vector/ByteVector");
        });
        assertThat(broken.awaitDecision(LONG)).isFalse();
        assertThat(broken.vectorIsFaster()).isFalse();
    }
}
