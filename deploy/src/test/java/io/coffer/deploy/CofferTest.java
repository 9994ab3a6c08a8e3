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

    @Test
    void anAdminCommandWithoutAServerFails() {
        assertThat(Coffer.run(
                        "admin", "status", "--admin", "http://127.0.0.1:1", "--access-key", "a", "--secret-key", "b"))
                .isEqualTo(1);
        assertThat(Coffer.run("admin")).isEqualTo(2);
    }
}
