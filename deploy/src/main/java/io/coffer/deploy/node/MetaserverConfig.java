package io.coffer.deploy.node;

import io.coffer.common.cluster.ProtectionScheme;
import io.coffer.common.config.HostPort;
import io.coffer.common.unit.DataSize;
import io.coffer.deploy.server.ServerConfig;
import java.time.Duration;

/**
 * The configuration of {@code coffer metaserver}. docs/operations/configure.md explains each key.
 *
 * @param initialize whether this one founds the cluster, if it has none yet; exactly one of the first metaservers
 * @param rpc for gateways, dataservers and the other metaservers
 * @param raft for the Raft groups of the other metaservers
 */
public record MetaserverConfig(
        NodeConfig node,
        boolean initialize,
        Listen rpc,
        Listen raft,
        ServerConfig.Admin admin,
        Founding founding,
        Liveness liveness,
        Memory memory,
        ServerConfig.Tracing tracing,
        ServerConfig.Lifecycle lifecycle) {
    public MetaserverConfig() {
        this(
                new NodeConfig(),
                false,
                new Listen(new HostPort("127.0.0.1", 9100), ""),
                new Listen(new HostPort("127.0.0.1", 9101), ""),
                new ServerConfig.Admin(new HostPort("127.0.0.1", 9102)),
                new Founding(),
                new Liveness(),
                new Memory(),
                new ServerConfig.Tracing(),
                new ServerConfig.Lifecycle());
    }

    /**
     * What a cluster is founded with; without effect afterwards.
     *
     * @param protection the default protection policy
     * @param bucketGroups Raft groups that share the buckets
     */
    public record Founding(String protection, int bucketGroups) {
        private static final int MAX_BUCKET_GROUPS = 64;

        public Founding() {
            this("replica-3", 3);
        }

        public Founding {
            if (!(ProtectionScheme.parse(protection) instanceof ProtectionScheme.Replicated)) {
                throw new IllegalArgumentException("protection must be replica-1 to replica-5");
            }
            if (bucketGroups < 1 || bucketGroups > MAX_BUCKET_GROUPS) {
                throw new IllegalArgumentException("bucket-groups must be 1 to " + MAX_BUCKET_GROUPS);
            }
        }
    }

    /**
     * When a silent process counts as away.
     *
     * @param lostAfter its data are rebuilt elsewhere from then on
     */
    public record Liveness(Duration lostAfter) {
        public Liveness() {
            this(Duration.ofMinutes(5));
        }

        public Liveness {
            if (lostAfter.compareTo(Duration.ofSeconds(10)) < 0) {
                throw new IllegalArgumentException("lost-after must be at least 10s");
            }
        }
    }

    /**
     * Memory outside the heap.
     *
     * @param cache for metadata blocks and bodies of small objects
     * @param writeBuffer the part of it for rows that are not on disk yet
     */
    public record Memory(DataSize cache, DataSize writeBuffer) {
        public Memory() {
            this(DataSize.parse("96 MiB"), DataSize.parse("48 MiB"));
        }
    }
}
