package io.coffer.gateway.s3.header;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpDateTest {
    private static final OptionalLong EXAMPLE = OptionalLong.of(784_111_777);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sun, 06 Nov 1994 08:49:37 GMT",
                "Sun, 6 Nov 1994 08:49:37 GMT",
                "Sunday, 06-Nov-94 08:49:37 GMT",
                "Sun Nov  6 08:49:37 1994",
                "1994-11-06T08:49:37Z",
                "1994-11-06T08:49:37.000Z",
                "Sun, 06 Nov 1994 09:49:37 +0100"
            })
    void readsEveryForm(String date) {
        assertThat(HttpDate.parse(date)).isEqualTo(EXAMPLE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "yesterday", "Mon, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994", "784111777"})
    void doesNotReadAnythingElse(String date) {
        assertThat(HttpDate.parse(date)).isEmpty();
    }

    @Test
    void writesImfFixdate() {
        DateTimeFormatter expected = DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
                .withZone(ZoneOffset.UTC);
        Random random = new Random(3);
        for (int i = 0; i < 1000; i++) {
            long seconds = random.nextLong(4_102_444_800L);
            String date = HttpDate.format(seconds);
            assertThat(date).isEqualTo(expected.format(Instant.ofEpochSecond(seconds)));
            assertThat(HttpDate.parse(date)).hasValue(seconds);
        }
    }
}
