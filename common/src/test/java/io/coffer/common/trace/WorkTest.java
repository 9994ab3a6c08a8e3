package io.coffer.common.trace;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class WorkTest {
    @Test
    void aThreadWorksForOneRequestInsideAnother() {
        assertThat(Work.current()).isEqualTo(Work.NONE);
        try (Work.Scope outer = new Work("A").enter()) {
            try (Work.Scope inner = new Work("B").enter()) {
                assertThat(Work.current().request()).isEqualTo("B");
            }
            assertThat(Work.current().request()).isEqualTo("A");
            try (Work.Scope same = Work.current().enter()) {
                assertThat(Work.current().request()).isEqualTo("A");
            }
            assertThat(Work.current().request()).isEqualTo("A");
        }
        assertThat(Work.current()).isEqualTo(Work.NONE);
    }

    @Test
    void whatAnotherProcessSaysIsTakenIfItIsAnId() {
        assertThat(Work.from("0123456789ABCDEF")).isEqualTo(new Work("0123456789ABCDEF"));
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(
            strings = {
                "two\nlines",
                "a b",
                "${jndi:x}",
                "ü",
                "ten-chars-ten-chars-ten-chars-ten-chars-ten-chars-ten-chars-ten-chars"
            })
    void whatIsNoIdDoesntGetIntoTheLog(String text) {
        assertThat(Work.from(text)).isEqualTo(Work.NONE);
    }
}
