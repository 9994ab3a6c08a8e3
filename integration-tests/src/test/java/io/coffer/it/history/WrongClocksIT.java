package io.coffer.it.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.JoinedCluster;
import io.coffer.it.LoopbackHosts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A host of each kind has a clock that is an hour off: its clients and the others don't notice. */
class WrongClocksIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static Map<String, String> off(Duration error) {
        return Map.of("COFFER_JAVA_OPTS", "-Dcoffer.clock-error-millis=" + error.toMillis());
    }

    @Test
    void hostsWithWrongClocksTakePart(@TempDir Path directory) throws Exception {
        Map<String, Map<String, String>> clocks = Map.of(
                "metaserver-2", off(Duration.ofHours(1)),
                "dataserver-1", off(Duration.ofHours(-1)),
                "gateway-1", off(Duration.ofHours(-1)),
                "gateway-2", off(Duration.ofHours(1)));
        try (JoinedCluster cluster = JoinedCluster.start(directory, new LoopbackHosts(), clocks, 3, 3, 2)) {
            ClusterHistory history = ClusterHistory.start("WrongClocksIT", cluster.gateways());
            try {
                history.pause(8, 4);
                // Others take over: the wrong clock's host leads some groups, or does not.
                String leader = "metaserver-" + (history.answered() % 2 == 0 ? 1 : 3);
                history.say("kill " + leader + " after " + history.answered() + " answers");
                cluster.kill(leader);
                history.pause(8, 4);
                cluster.restart(leader);
                history.pause(2, 2);
            } finally {
                history.stop();
            }
            assertThat(history.answered()).isGreaterThan(100);
            history.judge(PATIENCE, () -> cluster.admin(0, "status"));
            cluster.stop();
        }
    }
}
