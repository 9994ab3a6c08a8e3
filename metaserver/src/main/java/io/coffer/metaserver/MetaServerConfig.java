package io.coffer.metaserver;

import io.coffer.common.id.GroupId;
import io.coffer.common.rpc.ClusterTls;
import io.coffer.metaserver.command.BatchLimits;
import io.coffer.metaserver.consensus.GroupSpec;
import io.coffer.metaserver.consensus.RaftSettings;
import java.util.List;
import java.util.Optional;

/**
 * What a metaserver is.
 *
 * @param address {@code host:port} at which the other peers of its groups reach it; empty if they have none, and then no port is
 *     opened
 * @param tls for connections between the peers of groups; empty only where they have none, and in tests
 * @param groups that this server has a member of
 * @param cacheBytes memory for metadata blocks and bodies of small objects, outside the heap
 * @param writeBufferBytes the part of it for rows that are not on disk yet
 */
public record MetaServerConfig(
        MetaServerIdentity identity,
        Optional<String> address,
        Optional<ClusterTls> tls,
        List<GroupSpec> groups,
        RaftSettings raft,
        BatchLimits batches,
        long cacheBytes,
        long writeBufferBytes) {
    private static final long CACHE_BYTES = 96L << 20;
    private static final long WRITE_BUFFER_BYTES = 48L << 20;

    public MetaServerConfig {
        groups = List.copyOf(groups);
    }

    /** Without TLS among peers. */
    public MetaServerConfig(
            MetaServerIdentity identity,
            Optional<String> address,
            List<GroupSpec> groups,
            RaftSettings raft,
            BatchLimits batches,
            long cacheBytes,
            long writeBufferBytes) {
        this(identity, address, Optional.empty(), groups, raft, batches, cacheBytes, writeBufferBytes);
    }

    /** The metaserver of a cluster of one process: the system group and one bucket group. */
    public static MetaServerConfig alone(MetaServerIdentity identity) {
        return new MetaServerConfig(
                identity,
                Optional.empty(),
                Optional.empty(),
                List.of(
                        GroupSpec.alone(GroupId.SYSTEM, identity.node()),
                        GroupSpec.alone(new GroupId(1), identity.node())),
                RaftSettings.DEFAULTS,
                BatchLimits.DEFAULTS,
                CACHE_BYTES,
                WRITE_BUFFER_BYTES);
    }
}
