package io.coffer.deploy.server;

import io.coffer.common.cluster.ProtectionScheme;
import io.coffer.common.config.HostPort;
import io.coffer.common.lifecycle.LifecycleDay;
import io.coffer.common.unit.DataSize;
import io.coffer.gateway.Gateway;
import io.coffer.gateway.access.acl.AclMode;
import io.coffer.gateway.s3.operation.CustomerKeyRule;
import io.coffer.metaserver.background.LifecyclePace;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The configuration of {@code coffer server}: one file, variables of the environment over it, options of the command line over
 * both. docs/operations/configure.md explains each key.
 *
 * @param directories one for each disk; the first also keeps the metadata
 */
public record ServerConfig(
        List<String> directories,
        S3 s3,
        Admin admin,
        Tls tls,
        Storage storage,
        Metadata metadata,
        Memory memory,
        Encryption encryption,
        Tracing tracing,
        Lifecycle lifecycle) {
    public ServerConfig() {
        this(
                List.of("data"),
                new S3(),
                new Admin(),
                new Tls(),
                new Storage(),
                new Metadata(),
                new Memory(),
                new Encryption(),
                new Tracing(),
                new Lifecycle());
    }

    public ServerConfig {
        directories = List.copyOf(directories);
        if (directories.isEmpty()) {
            throw new IllegalArgumentException("directories must name at least one");
        }
    }

    ServerConfig withDirectories(List<String> given) {
        return new ServerConfig(given, s3, admin, tls, storage, metadata, memory, encryption, tracing, lifecycle);
    }

    ServerConfig withS3(HostPort address) {
        return new ServerConfig(
                directories,
                s3.withAddress(address),
                admin,
                tls,
                storage,
                metadata,
                memory,
                encryption,
                tracing,
                lifecycle);
    }

    ServerConfig withAdmin(HostPort address) {
        return new ServerConfig(
                directories, s3, new Admin(address), tls, storage, metadata, memory, encryption, tracing, lifecycle);
    }

    /**
     * The S3 endpoint.
     *
     * @param domains base domains under which {@code bucket.domain} is a virtual host
     * @param region what buckets are in when their creator names none
     * @param regions accepted in signatures; empty accepts any
     * @param sigv2 whether signature version 2 is accepted
     * @param aclMode the access control lists that there can be
     * @param sosapi whether every bucket has the files of Veeam's Smart Object Storage API
     * @param maxConnections clients beyond it are refused
     * @param maxRequests in flight at once; beyond it clients are told to slow down
     */
    public record S3(
            HostPort address,
            List<String> domains,
            String region,
            List<String> regions,
            boolean sigv2,
            AclMode aclMode,
            boolean sosapi,
            int maxConnections,
            int maxRequests) {
        public S3() {
            this(
                    new HostPort("127.0.0.1", 9000),
                    List.of(),
                    "us-east-1",
                    List.of(),
                    false,
                    AclMode.FULL,
                    false,
                    4096,
                    1024);
        }

        public S3 {
            domains = List.copyOf(domains);
            regions = List.copyOf(regions);
            if (maxConnections < 1 || maxRequests < 1) {
                throw new IllegalArgumentException("max-connections and max-requests must be positive");
            }
        }

        S3 withAddress(HostPort other) {
            return new S3(other, domains, region, regions, sigv2, aclMode, sosapi, maxConnections, maxRequests);
        }
    }

    /** The admin endpoint: accounts and keys, metrics, health. */
    public record Admin(HostPort address) {
        public Admin() {
            this(new HostPort("127.0.0.1", 9001));
        }
    }

    /**
     * HTTPS for both endpoints.
     *
     * @param enabled whether they speak HTTPS instead of HTTP
     * @param certificate PEM chain; empty for a self-made one, kept beside the metadata
     * @param key PEM private key of the certificate
     */
    public record Tls(boolean enabled, String certificate, String key) {
        public Tls() {
            this(false, "", "");
        }

        public Tls {
            if (certificate.isEmpty() != key.isEmpty()) {
                throw new IllegalArgumentException("certificate and key go together");
            }
        }
    }

    /**
     * Where object data goes.
     *
     * @param protection {@code replica-1} to {@code replica-5}; empty for one copy on each of up to three disks
     * @param inlineLimit bodies up to this are kept in metadata
     * @param scrubPeriod in which everything is read once
     */
    public record Storage(String protection, DataSize inlineLimit, Duration scrubPeriod) {
        public static final DataSize MAX_INLINE_LIMIT = DataSize.parse("128 KiB");

        public Storage() {
            this("", DataSize.parse("8 KiB"), Duration.ofDays(14));
        }

        public Storage {
            if (inlineLimit.compareTo(MAX_INLINE_LIMIT) > 0) {
                throw new IllegalArgumentException("inline-limit must be at most " + MAX_INLINE_LIMIT);
            }
            if (!protection.isEmpty() && !(ProtectionScheme.parse(protection) instanceof ProtectionScheme.Replicated)) {
                throw new IllegalArgumentException("protection must be replica-1 to replica-5");
            }
        }
    }

    /**
     * The metadata groups.
     *
     * @param deadline how long a request waits for a leader before it is answered 503
     */
    public record Metadata(Duration deadline) {
        public Metadata() {
            this(Duration.ofSeconds(10));
        }
    }

    /**
     * How lifecycle rules of buckets are applied.
     *
     * @param look between looks for buckets whose rules may have something to do
     * @param removals per second and process
     * @param day as long as days of rules are; anything but 24 hours is for tests
     */
    public record Lifecycle(Duration look, int removals, Duration day) {
        public Lifecycle() {
            this(
                    LifecyclePace.DEFAULT.look(),
                    LifecyclePace.DEFAULT.removalsPerSecond(),
                    Duration.ofMillis(LifecyclePace.DEFAULT.day().millis()));
        }

        public Lifecycle {
            if (look.toMillis() < 1 || removals < 1 || day.toMillis() < 1) {
                throw new IllegalArgumentException("look, removals and day must be positive");
            }
        }

        /** The same for the metaserver. */
        public LifecyclePace pace() {
            return new LifecyclePace(look, removals, new LifecycleDay(day.toMillis()));
        }
    }

    /**
     * Bounds of memory outside the heap.
     *
     * @param buffers object data on its way to clients
     */
    public record Memory(DataSize buffers) {
        public Memory() {
            this(DataSize.parse("64 MiB"));
        }
    }

    /**
     * Encryption of objects, and the root key that it all hangs on.
     *
     * @param rootKey the root key, 32 bytes in base64; meant for a variable of the environment
     * @param rootKeyFile a file that holds it instead
     * @param previousRootKeyFiles those that were the root key before, until {@code coffer admin kms rewrap} has run
     * @param customerKeys whether SSE-C is taken
     * @param rewrapRate rows of metadata a second that are looked at, at most, when data keys are wrapped anew
     * @param vault that keeps the root key instead; where there is another one too, it only unwraps what it wrapped before
     */
    public record Encryption(
            String rootKey,
            String rootKeyFile,
            List<String> previousRootKeyFiles,
            CustomerKeyRule customerKeys,
            int rewrapRate,
            Vault vault) {
        public Encryption() {
            this("", "", List.of(), CustomerKeyRule.HTTPS, Gateway.Encryption.DEFAULT.rewrapRate(), new Vault());
        }

        public Encryption {
            previousRootKeyFiles = List.copyOf(previousRootKeyFiles);
            if (rewrapRate < 1) {
                throw new IllegalArgumentException("rewrap-rate is rows per second, at least 1");
            }
            if (!rootKey.isEmpty() && !rootKeyFile.isEmpty()) {
                throw new IllegalArgumentException("give root-key or root-key-file, not both");
            }
        }

        /** It could be the root key. */
        @Override
        public String toString() {
            return "Encryption[hidden]";
        }
    }

    /**
     * HashiCorp Vault's transit engine.
     *
     * @param address such as {@code https://vault:8200}; empty for none
     * @param mount of the engine
     * @param key its name there
     * @param namespace of Vault; empty for none
     * @param token meant for a variable of the environment
     * @param tokenFile a file that holds it instead, read for each call: an agent may renew it
     * @param timeout of one call
     */
    public record Vault(
            String address,
            String mount,
            String key,
            String namespace,
            String token,
            String tokenFile,
            Duration timeout) {
        private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*");

        public Vault() {
            this("", "transit", "coffer", "", "", "", Duration.ofSeconds(5));
        }

        public Vault {
            if (!address.isEmpty()) {
                requireHttp("address", address, "https://vault:8200");
                if (token.isEmpty() == tokenFile.isEmpty()) {
                    throw new IllegalArgumentException("give one of token and token-file");
                }
            }
            if (!NAME.matcher(mount).matches() || !NAME.matcher(key).matches()) {
                throw new IllegalArgumentException("mount and key are names, such as transit and coffer");
            }
            if (timeout.isZero() || timeout.isNegative()) {
                throw new IllegalArgumentException("timeout must be positive");
            }
        }

        /** It could be the token. */
        @Override
        public String toString() {
            return "Vault[" + address + "]";
        }
    }

    /**
     * Traces of requests, sent to a collector over OTLP.
     *
     * @param endpoint {@code http://HOST:PORT} of the collector; empty to trace nothing
     * @param sample the part of the requests that are traced, 0 to 1; those of clients that trace are as they want it
     */
    public record Tracing(String endpoint, double sample) {
        public Tracing() {
            this("", 0.01);
        }

        public Tracing {
            if (!(sample >= 0 && sample <= 1)) {
                throw new IllegalArgumentException("sample must be 0 to 1");
            }
            if (!endpoint.isEmpty()) {
                requireHttp("endpoint", endpoint, "http://collector:4318");
            }
        }
    }

    private static void requireHttp(String key, String address, String example) {
        try {
            URI uri = new URI(address);
            if (uri.getHost() != null && List.of("http", "https").contains(String.valueOf(uri.getScheme()))) {
                return;
            }
        } catch (URISyntaxException e) {
            // Said below.
        }
        throw new IllegalArgumentException(key + " must be an address such as " + example);
    }
}
