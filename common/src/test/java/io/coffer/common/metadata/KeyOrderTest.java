package io.coffer.common.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeyOrderTest {
    private static final List<String> KEYS = List.of(
            "", "a", "a\u0000", "a/", "a/b", "ab", "b", "\u007f", "é", "\ud7ff", "\ue000", "\uffff", "😀", "😀a", "𐀀",
            "a😀", "a\uffff");

    @Test
    void agreesWithTheOrderOfUtf8Bytes() {
        for (String a : KEYS) {
            for (String b : KEYS) {
                int expected =
                        Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
                assertThat(Integer.signum(KeyOrder.compare(a, b)))
                        .as("%s and %s", a, b)
                        .isEqualTo(Integer.signum(expected));
            }
        }
    }
}
