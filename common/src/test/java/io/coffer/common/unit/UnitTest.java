package io.coffer.common.unit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitTest {
    @ParameterizedTest
    @CsvSource({
        "64 MiB, 67108864",
        "64MiB, 67108864",
        " 1.5 gib , 1610612736",
        "10 GB, 10000000000",
        "1 KB, 1000",
        "4096, 4096",
        "0 B, 0",
        "7 EiB, 8070450532247928832",
    })
    void sizesAreReadAsPeopleWriteThem(String text, long bytes) {
        assertThat(DataSize.parse(text)).isEqualTo(new DataSize(bytes));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "MiB", "64 Mib2", "1..5 KiB", "-1 KiB", "8 EiB", "1.5 B", "64 MiB x", "1e3"})
    void otherSizesAreRefused(String text) {
        assertThatThrownBy(() -> DataSize.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(text);
    }

    @ParameterizedTest
    @CsvSource({"67108864, 64 MiB", "1000, 1000 B", "1536, 1536 B", "0, 0 B", "3072, 3 KiB"})
    void sizesArePrintedExactly(long bytes, String text) {
        assertThat(new DataSize(bytes)).hasToString(text);
    }

    @Test
    void printedSizesAndDurationsReadBack() {
        SplittableRandom random = new SplittableRandom(4);
        for (int i = 0; i < 1000; i++) {
            DataSize size = new DataSize(random.nextLong(Long.MAX_VALUE) >>> random.nextInt(63));
            assertThat(DataSize.parse(size.toString())).isEqualTo(size);
            Duration duration = Duration.ofNanos(random.nextLong(Long.MAX_VALUE) >>> random.nextInt(63));
            assertThat(Durations.parse(Durations.print(duration))).isEqualTo(duration);
        }
    }

    @Test
    void sizesForLogsAreShort() {
        assertThat(new DataSize(999).rounded()).isEqualTo("999 B");
        assertThat(new DataSize(1_610_612_737).rounded()).isEqualTo("1.50 GiB");
        assertThat(new DataSize(123_456_789).rounded()).isEqualTo("117.7 MiB");
        assertThat(DataSize.ofGiB(2)).isGreaterThan(DataSize.ofMiB(2047));
        assertThat(DataSize.ofKiB(3).bytes()).isEqualTo(3072);
        assertThatThrownBy(() -> DataSize.ofGiB(1L << 40)).isInstanceOf(ArithmeticException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "250 ms, 250000000",
        "30s, 30000000000",
        "5m, 300000000000",
        "1.5 h, 5400000000000",
        "7d, 604800000000000"
    })
    void durationsAreReadAsPeopleWriteThem(String text, long nanos) {
        assertThat(Durations.parse(text)).isEqualTo(Duration.ofNanos(nanos));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "30", "s", "-5 s", "5 fortnights", "1000000 d"})
    void otherDurationsAreRefused(String text) {
        assertThatThrownBy(() -> Durations.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void durationsArePrintedInTheLargestUnit() {
        assertThat(Durations.print(Duration.ofMinutes(90))).isEqualTo("90 min");
        assertThat(Durations.print(Duration.ofHours(48))).isEqualTo("2 d");
        assertThat(Durations.print(Duration.ZERO)).isEqualTo("0 s");
        assertThat(Durations.print(Duration.ofNanos(1_500))).isEqualTo("1500 ns");
    }
}
