package io.coffer.metaserver.background;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.metadata.MetadataUnavailableException;
import io.coffer.common.time.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class BackgroundLoopTest {
    private final ManualTime time = new ManualTime(0);
    private final List<String> ran = new ArrayList<>();

    private BackgroundLoop.Task task(String name, Step.Progress progress, int busySeconds, int idleSeconds) {
        return new BackgroundLoop.Task(
                name,
                () -> {
                    ran.add(name);
                    return progress;
                },
                Duration.ofSeconds(busySeconds),
                Duration.ofSeconds(idleSeconds));
    }

    @Test
    void aBusyStepComesSoonAgainAndAnIdleOneLater() throws Exception {
        BackgroundLoop loop = new BackgroundLoop(
                List.of(task("busy", Step.Progress.MORE, 1, 100), task("idle", Step.Progress.DONE, 1, 3)), time);
        assertThat(loop.runDue()).isEqualTo(Duration.ofSeconds(1));
        assertThat(ran).isEmpty();
        for (int i = 0; i < 5; i++) {
            time.advance(Duration.ofSeconds(1));
            assertThat(loop.runDue()).isEqualTo(Duration.ofSeconds(1));
        }
        assertThat(ran).containsExactly("busy", "idle", "busy", "busy", "busy", "idle", "busy");
    }

    @Test
    void aFailingStepWaitsAndKeepsNobody() throws Exception {
        BackgroundLoop.Task unavailable = new BackgroundLoop.Task(
                "unavailable",
                () -> {
                    ran.add("unavailable");
                    throw new MetadataUnavailableException("no leader", null);
                },
                Duration.ofSeconds(1),
                Duration.ofSeconds(10));
        BackgroundLoop.Task buggy = new BackgroundLoop.Task(
                "buggy",
                () -> {
                    ran.add("buggy");
                    throw new IllegalStateException("expected by this test");
                },
                Duration.ofSeconds(1),
                Duration.ofSeconds(10));
        BackgroundLoop loop =
                new BackgroundLoop(List.of(unavailable, buggy, task("good", Step.Progress.DONE, 1, 10)), time);
        time.advance(Duration.ofSeconds(1));
        assertThat(loop.runDue()).isEqualTo(Duration.ofSeconds(10));
        assertThat(ran).containsExactly("unavailable", "buggy", "good");
    }

    @Test
    void closingEndsTheThreadInTheMiddleOfAWait() throws Exception {
        CountDownLatch once = new CountDownLatch(1);
        BackgroundLoop loop = new BackgroundLoop(
                List.of(new BackgroundLoop.Task(
                        "step",
                        () -> {
                            once.countDown();
                            return Step.Progress.DONE;
                        },
                        Duration.ZERO,
                        Duration.ofDays(1))),
                System::nanoTime);
        loop.start();
        assertThat(once.await(10, TimeUnit.SECONDS)).isTrue();
        loop.close();
    }
}
