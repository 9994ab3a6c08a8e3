package io.coffer.deploy.node;

import io.coffer.common.config.HostPort;
import io.coffer.common.unit.DataSize;
import io.coffer.deploy.admin.AdminClient;
import io.coffer.deploy.server.ServerConfig;
import io.coffer.gateway.auth.RequestSigner;
import io.coffer.gateway.auth.Secret;
import io.coffer.gateway.auth.SigningRequest;
import io.coffer.gateway.http.Header;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.operation.QueryParameters;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A metaserver, a dataserver and a gateway, wired as their own processes would be, over the network, in this one. */
final class SmallCluster implements AutoCloseable {
    private static final String ACCESS_KEY = "AKIACOFFERTEST000000";
    private static final String SECRET_KEY = "a-secret-for-tests";
    private static final Map<String, String> ENVIRONMENT =
            Map.of("COFFER_ROOT_ACCESS_KEY", ACCESS_KEY, "COFFER_ROOT_SECRET_KEY", SECRET_KEY);

    private final Deque<RoleProcess> processes = new ArrayDeque<>();
    private final Set<Integer> taken = new HashSet<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private final RequestSigner signer = new RequestSigner(ACCESS_KEY, Secret.of(SECRET_KEY), "us-east-1", "s3");
    private final Path directory;
    private final ServerConfig.Tracing tracing;
    private final Duration drain;
    private final HostPort rpc = free();
    private final HostPort metaserverAdmin = free();
    private final HostPort dataserverAdmin = free();
    private final HostPort gatewayAdmin = free();
    private final URI s3;

    SmallCluster(Path directory) throws Exception {
        this(directory, new ServerConfig.Tracing());
    }

    SmallCluster(Path directory, ServerConfig.Tracing tracing) throws Exception {
        this(directory, tracing, Duration.ZERO);
    }

    /** @param drain of the gateway */
    SmallCluster(Path directory, ServerConfig.Tracing tracing, Duration drain) throws Exception {
        this.directory = directory;
        this.tracing = tracing;
        this.drain = drain;
        boolean started = false;
        try {
            processes.push(MetaserverProcess.start(metaserver(), ENVIRONMENT));
            processes.push(DataserverProcess.start(dataserver()));
            GatewayProcess gateway = GatewayProcess.start(gateway(), ENVIRONMENT);
            processes.push(gateway);
            this.s3 = gateway.s3();
            started = true;
        } finally {
            if (!started) {
                close();
            }
        }
    }

    private MetaserverConfig metaserver() throws IOException {
        MetaserverConfig defaults = new MetaserverConfig();
        return new MetaserverConfig(
                node("meta", ""),
                true,
                new Listen(rpc, ""),
                new Listen(free(), ""),
                new ServerConfig.Admin(metaserverAdmin),
                new MetaserverConfig.Founding("replica-1", 1),
                defaults.liveness(),
                defaults.memory(),
                tracing);
    }

    private DataserverConfig dataserver() throws Exception {
        DataserverConfig defaults = new DataserverConfig();
        return new DataserverConfig(
                node("data", token("dataserver")),
                List.of(directory.resolve("disk").toString()),
                new Listen(free(), ""),
                new ServerConfig.Admin(dataserverAdmin),
                defaults.scrubPeriod(),
                defaults.repair(),
                tracing);
    }

    private GatewayConfig gateway() throws Exception {
        GatewayConfig defaults = new GatewayConfig();
        ServerConfig.S3 s3 = defaults.s3();
        return new GatewayConfig(
                node("gate", token("gateway")),
                new ServerConfig.S3(
                        free(),
                        s3.domains(),
                        s3.region(),
                        s3.regions(),
                        s3.sigv2(),
                        s3.maxConnections(),
                        s3.maxRequests()),
                new ServerConfig.Admin(gatewayAdmin),
                defaults.tls(),
                DataSize.ofBytes(0),
                defaults.metadata(),
                defaults.memory(),
                tracing,
                new GatewayConfig.Shutdown(drain));
    }

    private NodeConfig node(String name, String token) {
        return new NodeConfig(name, "site/rack/" + name, directory.resolve(name).toString(), List.of(rpc), token, "");
    }

    private String token(String role) throws Exception {
        try (AdminClient client = new AdminClient(
                URI.create("http://" + metaserverAdmin),
                ACCESS_KEY,
                SECRET_KEY,
                Optional.empty(),
                InstantSource.system())) {
            return client.post(Map.of("role", role), "tokens").path("token").asString();
        }
    }

    private HostPort free() throws IOException {
        while (true) {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                if (taken.add(socket.getLocalPort())) {
                    return new HostPort("127.0.0.1", socket.getLocalPort());
                }
            }
        }
    }

    /** A signed S3 request. */
    HttpResponse<byte[]> request(String method, String path, byte[] body, Header... more)
            throws IOException, InterruptedException {
        SigningRequest toSign = new SigningRequest(
                method, path, path, QueryParameters.EMPTY, Headers.of("Host", s3.getAuthority()), null);
        HttpRequest.Builder request = HttpRequest.newBuilder(s3.resolve(path))
                .timeout(Duration.ofSeconds(30))
                .method(method, HttpRequest.BodyPublishers.ofByteArray(body));
        for (Header line : signer.sign(toSign, RequestSigner.UNSIGNED_PAYLOAD, System.currentTimeMillis())
                .headers()) {
            if (!line.name().equals("Host")) {
                request.header(line.name(), line.value());
            }
        }
        for (Header line : more) {
            request.header(line.name(), line.value());
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    /** The status of the gateway's {@code /readyz}. */
    int readiness() throws IOException, InterruptedException {
        return http.send(
                        HttpRequest.newBuilder(URI.create("http://" + gatewayAdmin + "/readyz"))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    /** Ends the gateway as SIGTERM does. */
    void endGateway() {
        processes.pop().close();
    }

    /** What a role's {@code /metrics} says. */
    String metrics(String role) throws IOException, InterruptedException {
        HostPort admin = switch (role) {
            case "metaserver" -> metaserverAdmin;
            case "dataserver" -> dataserverAdmin;
            case "gateway" -> gatewayAdmin;
            default -> throw new IllegalArgumentException(role);
        };
        return http.send(
                        HttpRequest.newBuilder(URI.create("http://" + admin + "/metrics"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @Override
    public void close() {
        while (!processes.isEmpty()) {
            processes.pop().close();
        }
        http.close();
    }
}
