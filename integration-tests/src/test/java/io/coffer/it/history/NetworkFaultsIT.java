package io.coffer.it.history;

import io.coffer.it.HostNetwork;
import io.coffer.it.JoinedCluster;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cuts the hosts of a cluster off, both ways and one way, makes their links lossy and slow, under load. */
class NetworkFaultsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** After which a gateway answers in any case. */
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private static final double LOSS = 0.3;
    private static final int SLOW_KILOBITS = 2_000;

    /** What happens to a host's cable. */
    private enum Trouble {
        CUT {
            @Override
            void make(HostNetwork network, int host) throws IOException {
                network.cut(host);
            }
        },
        DEAF {
            @Override
            void make(HostNetwork network, int host) throws IOException {
                network.deafen(host);
            }
        },
        MUTE {
            @Override
            void make(HostNetwork network, int host) throws IOException {
                network.mute(host);
            }
        },
        LOSSY {
            @Override
            void make(HostNetwork network, int host) throws IOException {
                network.lose(host, LOSS);
            }
        },
        SLOW {
            @Override
            void make(HostNetwork network, int host) throws IOException {
                network.slow(host, SLOW_KILOBITS);
            }
        };

        abstract void make(HostNetwork network, int host) throws IOException;
    }

    @Test
    void anyHostMayBeCutOffOrHaveABadCable(@TempDir Path directory) throws Exception {
        HostNetwork.assumePossible();
        try (HostNetwork network = HostNetwork.make(9);
                JoinedCluster cluster = JoinedCluster.start(directory, network, 3, 4, 2)) {
            ClusterHistory history = ClusterHistory.start("NetworkFaultsIT", cluster.gateways());
            try {
                history.pause(3, 2);
                for (Trouble trouble : Trouble.values()) {
                    for (String role : List.of("dataserver", "metaserver")) {
                        String victim = history.pick(cluster.names(role));
                        history.say(trouble + " " + victim);
                        trouble.make(network, cluster.number(victim));
                        history.pause(6, 4);
                        network.heal(cluster.number(victim));
                        history.say("healed");
                        history.pause(2, 2);
                    }
                }
                history.requireWaitsBelow(DEADLINE);
                // Its own clients don't hear of it: they wait as long as their timeouts say, or until it is back.
                String gateway = history.pick(cluster.names("gateway"));
                history.say("CUT " + gateway);
                network.cut(cluster.number(gateway));
                history.pause(6, 4);
                network.heal(cluster.number(gateway));
            } finally {
                history.stop();
            }
            List<String> metaservers = cluster.names("metaserver");
            for (String metaserver : metaservers.subList(1, metaservers.size())) {
                network.cut(cluster.number(metaserver));
            }
            history.expectUnavailable(Duration.ofSeconds(15));
            for (String metaserver : metaservers) {
                network.heal(cluster.number(metaserver));
            }
            history.expectService(Duration.ofSeconds(30));
            history.judge(PATIENCE, () -> cluster.adminStatus(0));
            cluster.stop();
        }
    }
}
