package io.coffer.metaserver;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.coffer.common.id.NodeId;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.slf4j.LoggerFactory;

/** A metaserver as a process of its own, to be killed and stopped: {@code MetaNode NUMBER DIRECTORY RPC_PORT RAFT_PORT GROUPS SEED...} */
final class MetaNode {
    private MetaNode() {}

    public static void main(String[] args) throws Exception {
        ((Logger) LoggerFactory.getLogger("org.apache.ratis")).setLevel(Level.OFF);
        int number = Integer.parseInt(args[0]);
        List<String> seeds = Arrays.asList(args).subList(5, args.length);
        MetaServer server = MetaCluster.open(
                id(number),
                number,
                Integer.parseInt(args[2]),
                Integer.parseInt(args[3]),
                seeds,
                Path.of(args[1]),
                MetaCluster.settings(Integer.parseInt(args[4])));
        System.out.println("ready");
        // Its input ends with the test, however that ends.
        while (System.in.read() >= 0) {}
        server.close();
        System.exit(0);
    }

    static NodeId id(int number) {
        return new NodeId(new UUID(9, number));
    }
}
