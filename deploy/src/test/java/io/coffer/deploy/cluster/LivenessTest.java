package io.coffer.deploy.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LivenessTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void aProcessLivesUntilItEnds() throws Exception {
        Process process = new ProcessBuilder("sleep", "100").start();
        assertThat(Liveness.isAlive(process.toHandle())).isTrue();
        assertThat(Liveness.awaitEnd(process.toHandle(), Duration.ofMillis(100)))
                .isFalse();
        process.destroy();
        assertThat(Liveness.awaitEnd(process.toHandle(), PATIENCE)).isTrue();
    }

    /** Its parent has become a program that never asks for its children. */
    @Test
    void oneThatNobodyAsksForHasEndedToo() throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/self/stat")), "processes are looked up in /proc");
        Process parent = new ProcessBuilder("sh", "-c", "sleep 0.5 & echo $!; exec sleep 100").start();
        try (BufferedReader output = parent.inputReader()) {
            ProcessHandle child =
                    ProcessHandle.of(Long.parseLong(output.readLine())).orElseThrow();
            assertThat(Liveness.awaitEnd(child, PATIENCE)).isTrue();
            assertThat(child.isAlive()).isTrue();
        } finally {
            parent.destroy();
        }
    }
}
