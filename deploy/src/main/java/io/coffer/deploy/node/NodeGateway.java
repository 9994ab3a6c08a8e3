package io.coffer.deploy.node;

import io.coffer.common.chunk.ChunkStores;
import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.io.BufferPool;
import io.coffer.common.metadata.MetadataClient;
import io.coffer.common.time.ClusterClock;
import io.coffer.common.unit.DataSize;
import io.coffer.deploy.server.CofferServer;
import io.coffer.deploy.server.EncryptionRoots;
import io.coffer.deploy.server.Metrics;
import io.coffer.deploy.server.ServerConfig;
import io.coffer.deploy.server.StartException;
import io.coffer.gateway.Gateway;
import io.coffer.gateway.auth.AuthSettings;
import io.coffer.gateway.auth.SecretSealer;
import io.coffer.gateway.object.ObjectWriter;
import io.coffer.gateway.s3.S3Settings;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/** Wires a gateway into a process of a cluster: of gateways for S3, of metaservers for their admin interface. */
final class NodeGateway {
    private static final long EXTENT_LIMIT = 64L << 20;

    private NodeGateway() {}

    /** How it behaves. */
    record Settings(
            ServerConfig.S3 s3,
            DataSize inlineLimit,
            ServerConfig.Encryption encryption,
            ServerConfig.Metadata metadata,
            String policy,
            String location) {}

    /** What it stands on. */
    record Parts(
            JoinedNode node,
            MetadataClient metadata,
            Supplier<ClusterMap> map,
            ChunkStores stores,
            BufferPool buffers,
            Metrics metrics,
            Supplier<Optional<String>> readiness,
            ClusterClock clock,
            SecureRandom random) {}

    static Gateway of(Settings settings, Parts parts) throws StartException {
        ServerConfig.S3 s3 = settings.s3();
        return new Gateway(
                new Gateway.Settings(
                        S3Settings.DEFAULT
                                .withBaseDomains(s3.domains())
                                .withMaxInFlight(s3.maxRequests())
                                .withAcls(s3.aclMode())
                                .withSystemFiles(s3.sosapi()),
                        AuthSettings.DEFAULT.withSigV2(s3.sigv2()).withRegions(s3.regions()),
                        new ObjectWriter.Settings(
                                (int) settings.inlineLimit().bytes(), EXTENT_LIMIT, settings.policy()),
                        CofferServer.encryption(s3, settings.encryption()),
                        settings.metadata().deadline(),
                        CofferServer.version(),
                        settings.location()),
                new Gateway.Parts(
                        parts.metadata(),
                        parts.stores(),
                        (volume, extent, index) -> {},
                        new SecretSealer(parts.node().clusterKey().sealer(parts.random())),
                        EncryptionRoots.given(settings.encryption(), parts.random()),
                        parts.buffers(),
                        parts.metrics().requests(),
                        parts.readiness(),
                        parts.metrics()::scrape,
                        parts.map(),
                        () -> Optional.of(parts.node().identity().authority()),
                        parts.clock(),
                        ThreadLocalRandom::current,
                        parts.random()));
    }
}
