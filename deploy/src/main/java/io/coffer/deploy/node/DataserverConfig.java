package io.coffer.deploy.node;

import io.coffer.common.config.HostPort;
import io.coffer.common.unit.DataSize;
import io.coffer.deploy.server.ServerConfig;
import java.time.Duration;
import java.util.List;

/**
 * The configuration of {@code coffer dataserver}. docs/operations/configure.md explains each key.
 *
 * @param disks one directory for each disk
 * @param chunks for gateways, metaservers and the other dataservers
 */
public record DataserverConfig(
        NodeConfig node,
        List<String> disks,
        Listen chunks,
        ServerConfig.Admin admin,
        Duration scrubPeriod,
        Repair repair,
        ServerConfig.Tracing tracing) {
    public DataserverConfig() {
        this(
                new NodeConfig(),
                List.of("disk"),
                new Listen(new HostPort("127.0.0.1", 9200), ""),
                new ServerConfig.Admin(new HostPort("127.0.0.1", 9202)),
                Duration.ofDays(14),
                new Repair(),
                new ServerConfig.Tracing());
    }

    public DataserverConfig {
        disks = List.copyOf(disks);
        if (disks.isEmpty()) {
            throw new IllegalArgumentException("disks must name at least one directory");
        }
    }

    /**
     * What it may take to bring its disks up to what the others have.
     *
     * @param bandwidth bytes per second
     */
    public record Repair(DataSize bandwidth) {
        public Repair() {
            this(DataSize.parse("100 MiB"));
        }
    }
}
