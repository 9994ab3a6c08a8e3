package io.coffer.common.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class TraceParentTest {
    private static final String HEADER = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    @Test
    void theHeaderIsReadAndWritten() {
        TraceParent parsed = TraceParent.parse(HEADER);
        assertThat(parsed)
                .isEqualTo(new TraceParent(0x4bf92f3577b34da6L, 0xa3ce929d0e0e4736L, 0xf067aa0ba902b7L, true));
        assertThat(parsed.header()).isEqualTo(HEADER);
        assertThat(TraceParent.parse(HEADER.replace("-01", "-00")).sampled()).isFalse();
    }

    @Test
    void aNewerVersionMaySayMore() {
        assertThat(TraceParent.parse("cc" + HEADER.substring(2) + "-what-comes-later"))
                .isEqualTo(TraceParent.parse(HEADER));
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(
            strings = {
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
                "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                "00-4bf92f3577b34da6a3ce929d0e0e473x-00f067aa0ba902b7-01",
                "00 4bf92f3577b34da6a3ce929d0e0e4736 00f067aa0ba902b7 01",
                "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01more"
            })
    void whatIsNoParentIsIgnored(String header) {
        assertThat(TraceParent.parse(header)).isNull();
    }

    @Test
    void theBytesAreReadAndWritten() {
        TraceParent parent = TraceParent.parse(HEADER);
        assertThat(parent.toBytes()).hasSize(25);
        assertThat(TraceParent.of(ByteBuffer.wrap(parent.toBytes()))).isEqualTo(parent);
        assertThat(TraceParent.of(ByteBuffer.wrap(new byte[25]))).isNull();
        assertThat(TraceParent.of(ByteBuffer.wrap(new byte[24]))).isNull();
    }
}
