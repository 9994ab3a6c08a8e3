package io.coffer.deploy.node;

import io.coffer.common.unit.DataSize;
import io.coffer.deploy.server.ServerConfig;
import java.time.Duration;

/**
 * The configuration of {@code coffer gateway}. docs/operations/configure.md explains each key.
 *
 * @param advertise the name or address under which S3 is reached, for the cluster map; empty as for {@link Listen}
 * @param readFiles whether chunks of dataservers on the same host are read out of their files where that is possible
 * @param inlineLimit bodies up to this are kept in metadata
 */
public record GatewayConfig(
        NodeConfig node,
        ServerConfig.S3 s3,
        String advertise,
        ServerConfig.Admin admin,
        ServerConfig.Tls tls,
        boolean readFiles,
        DataSize inlineLimit,
        ServerConfig.Metadata metadata,
        ServerConfig.Memory memory,
        ServerConfig.Encryption encryption,
        ServerConfig.Tracing tracing,
        Shutdown shutdown) {
    public GatewayConfig() {
        this(
                new NodeConfig(),
                new ServerConfig.S3(),
                "",
                new ServerConfig.Admin(),
                new ServerConfig.Tls(),
                true,
                DataSize.parse("8 KiB"),
                new ServerConfig.Metadata(),
                new ServerConfig.Memory(),
                new ServerConfig.Encryption(),
                new ServerConfig.Tracing(),
                new Shutdown());
    }

    public GatewayConfig {
        if (inlineLimit.compareTo(ServerConfig.Storage.MAX_INLINE_LIMIT) > 0) {
            throw new IllegalArgumentException("inline-limit must be at most " + ServerConfig.Storage.MAX_INLINE_LIMIT);
        }
    }

    /**
     * How it ends.
     *
     * @param drain how long it goes on serving while it says that it isn't ready: until load balancers have noticed
     */
    public record Shutdown(Duration drain) {
        public Shutdown() {
            this(Duration.ofSeconds(3));
        }
    }
}
