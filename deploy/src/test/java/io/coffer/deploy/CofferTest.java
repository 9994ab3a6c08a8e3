package io.coffer.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class CofferTest {
    @Test
    void versionIsAnsweredWithSuccess() {
        assertThat(Coffer.run("--version")).isZero();
    }

    @Test
    void noCommandIsWrongUsage() {
        assertThat(Coffer.run()).isEqualTo(2);
    }

    @Test
    void anUnknownCommandIsWrongUsage() {
        assertThat(Coffer.run("make-coffee")).isEqualTo(2);
    }
}
