package io.coffer.deploy.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

final class LatencyHistogramTest {
    @Test
    void quantilesAreRightWithinOnePercent() {
        SplittableRandom random = new SplittableRandom(1);
        long[] values = new long[10_000];
        LatencyHistogram first = new LatencyHistogram();
        LatencyHistogram second = new LatencyHistogram();
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextLong(1L << random.nextInt(1, 40));
            (i % 2 == 0 ? first : second).add(values[i]);
        }
        first.merge(second);
        Arrays.sort(values);
        assertThat(first.count()).isEqualTo(values.length);
        assertThat(first.max()).isEqualTo(values[values.length - 1]);
        for (double share : new double[] {0.1, 0.5, 0.9, 0.99, 1}) {
            long exact = values[(int) Math.ceil(share * values.length) - 1];
            assertThat(first.quantile(share)).isCloseTo(exact, Percentage.withPercentage(1.6));
        }
    }

    @Test
    void theEndsFit() {
        LatencyHistogram histogram = new LatencyHistogram();
        assertThat(histogram.quantile(0.5)).isZero();
        histogram.add(0);
        histogram.add(Long.MAX_VALUE);
        assertThat(histogram.quantile(0.5)).isZero();
        assertThat(histogram.quantile(1)).isEqualTo(Long.MAX_VALUE);
        assertThat((double) histogram.max()).isCloseTo(Long.MAX_VALUE, within(1.0));
    }
}
