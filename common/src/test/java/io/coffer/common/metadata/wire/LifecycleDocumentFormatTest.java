package io.coffer.common.metadata.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coffer.common.lifecycle.LifecycleFilter;
import io.coffer.common.lifecycle.LifecycleRule;
import io.coffer.common.lifecycle.LifecycleRule.Expiration;
import io.coffer.common.lifecycle.LifecycleRule.Noncurrent;
import io.coffer.common.lifecycle.LifecycleRules;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code docs/formats/lifecycle-document.md}. */
final class LifecycleDocumentFormatTest {
    private static final String GOLDEN = "0a0f" + "0a026964" + "1001" + "1801" + "22030a0170" + "2807"
            + "0a2a" + "0a0162"
            + "2218" + "0a00" + "12060a017a120131" + "12030a0161" + "1800" + "20808080808020"
            + "3080888ba68f34" + "4204081e1005"
            + "0a0f" + "0a0163" + "1001" + "2200" + "3801" + "42020801" + "4803"
            + "0a09" + "0a0164" + "1001" + "2200" + "4801"
            + "1001";

    private static Map<String, String> tags() {
        Map<String, String> tags = new LinkedHashMap<>();
        tags.put("z", "1");
        tags.put("a", "");
        return tags;
    }

    private static LifecycleRules rules() {
        return new LifecycleRules(
                List.of(
                        new LifecycleRule(
                                "id", true, true, LifecycleFilter.ofPrefix("p"), new Expiration.AfterDays(7), null, 0),
                        new LifecycleRule(
                                "b",
                                false,
                                false,
                                new LifecycleFilter("", tags(), 0, 1L << 40),
                                new Expiration.OnDate(1_790_812_800_000L),
                                new Noncurrent(30, 5),
                                0),
                        new LifecycleRule(
                                "c",
                                true,
                                false,
                                LifecycleFilter.ALL,
                                new Expiration.LoneMarker(true),
                                new Noncurrent(1, 0),
                                3),
                        new LifecycleRule("d", true, false, LifecycleFilter.ALL, null, null, 1)),
                true);
    }

    @Test
    void theBytesAreTheDocumentedOnes() {
        ByteBuffer document = LifecycleCodec.encode(rules());
        byte[] bytes = new byte[document.remaining()];
        document.get(bytes);
        assertThat(HexFormat.of().formatHex(bytes)).isEqualTo(GOLDEN);
    }

    @Test
    void whatWasWrittenReadsAgain() {
        LifecycleRules read =
                LifecycleCodec.decode(ByteBuffer.wrap(HexFormat.of().parseHex(GOLDEN)));
        assertThat(read).isEqualTo(rules());
        assertThat(read.rules().get(1).filter().tags().keySet()).containsExactly("z", "a");
    }

    @Test
    void anythingElseIsRefused() {
        assertThatThrownBy(() -> LifecycleCodec.decode(ByteBuffer.wrap(new byte[] {1, 2, 3})))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
