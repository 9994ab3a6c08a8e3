package io.coffer.it.history;

import io.coffer.it.ClusterProcesses;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills, freezes and restarts one process of a cluster after the other under load. */
class ClusterFaultsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void anyProcessMayBeKilledFrozenOrRestarted(@TempDir Path directory) throws Exception {
        try (ClusterProcesses cluster = ClusterProcesses.start(directory, 3, 4, 2)) {
            ClusterHistory history = ClusterHistory.start("ClusterFaultsIT", cluster.gateways());
            try {
                breakOneAfterTheOther(cluster, history);
            } finally {
                history.stop();
            }
            history.judge(PATIENCE, () -> cluster.admin(0, "status"));
            cluster.stop();
        }
    }

    private static void breakOneAfterTheOther(ClusterProcesses cluster, ClusterHistory history) throws Exception {
        history.pause(3, 2);
        for (String role : List.of("gateway", "dataserver", "metaserver")) {
            String victim = history.pick(cluster.names(role));
            history.say("kill " + victim);
            cluster.kill(victim);
            history.pause(4, 4);
            cluster.restart(victim);
            history.pause(2, 2);
        }
        for (String role : List.of("dataserver", "metaserver")) {
            String victim = history.pick(cluster.names(role));
            history.say("freeze " + victim);
            cluster.freeze(victim);
            history.pause(8, 4);
            cluster.thaw(victim);
            history.pause(2, 2);
        }
        for (String role : List.of("metaserver", "dataserver", "gateway")) {
            for (String name : cluster.names(role).subList(0, 2)) {
                history.say("restart " + name);
                cluster.restart(name);
            }
        }
    }
}
