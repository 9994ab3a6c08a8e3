package io.coffer.deploy.node;

import io.coffer.common.config.HostPort;
import io.coffer.common.time.WallClock;
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
    private HostPort rpc = free();
    private HostPort raft = free();
    private HostPort secondRaft = free();
    private HostPort chunks = free();
    private HostPort s3Address = free();
    private final HostPort metaserverAdmin = free();
    private final HostPort secondAdmin = free();
    private final HostPort dataserverAdmin = free();
    private final HostPort gatewayAdmin = free();
    private boolean readFiles;
    private Runnable dismissal = () -> {};
    private WallClock clock = WallClock.SYSTEM;
    private URI s3 = URI.create("http://nowhere");

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
            startMetaserver();
            startDataserver(token("dataserver"));
            startGateway(token("gateway"));
            started = true;
        } finally {
            if (!started) {
                close();
            }
        }
    }

    void startMetaserver() throws Exception {
        processes.push(MetaserverProcess.start(metaserver(), surroundings()));
    }

    /** One more; returns it, to be stopped before the others. */
    RoleProcess startSecondMetaserver(String token) throws Exception {
        MetaserverConfig first = metaserver();
        RoleProcess started = MetaserverProcess.start(
                new MetaserverConfig(
                        node("meta-2", token),
                        false,
                        new Listen(free(), ""),
                        new Listen(secondRaft, ""),
                        new ServerConfig.Admin(secondAdmin),
                        first.founding(),
                        first.liveness(),
                        first.memory(),
                        tracing,
                        first.lifecycle()),
                surroundings());
        processes.push(started);
        return started;
    }

    void moveSecondMetaserversRaft() throws IOException {
        secondRaft = free();
    }

    /** @param token empty for none */
    void startDataserver(String token) throws Exception {
        processes.push(DataserverProcess.start(dataserver(token), surroundings()));
    }

    /** @param token empty for none */
    void startGateway(String token) throws Exception {
        GatewayProcess gateway = GatewayProcess.start(gateway(token), surroundings());
        processes.push(gateway);
        s3 = gateway.s3();
    }

    private Surroundings surroundings() {
        return new Surroundings(ENVIRONMENT, clock, new Dismissal(dismissal));
    }

    /** What ends the processes that start from now on, when they are told that they are no nodes any more. */
    void onDismissal(Runnable end) {
        dismissal = end;
    }

    /** Gateways that start from now on read the dataserver's files; the others ask it for bytes. */
    void readFiles() {
        readFiles = true;
    }

    /** Stops what was started last. */
    void stopLast() {
        processes.pop().close();
    }

    void stop() {
        while (!processes.isEmpty()) {
            processes.pop().close();
        }
    }

    /** What time it is from now on, also for who signs requests. */
    void setClock(WallClock other) {
        clock = other;
    }

    /** The processes that start from now on are reached at other ports of another host. */
    void move(String host) throws IOException {
        rpc = new HostPort(host, free().port());
        raft = new HostPort(host, free().port());
        chunks = new HostPort(host, free().port());
        s3Address = new HostPort(host, free().port());
    }

    List<HostPort> addresses() {
        return List.of(rpc, chunks, s3Address);
    }

    private MetaserverConfig metaserver() throws IOException {
        MetaserverConfig defaults = new MetaserverConfig();
        return new MetaserverConfig(
                node("meta", ""),
                true,
                new Listen(rpc, ""),
                new Listen(raft, ""),
                new ServerConfig.Admin(metaserverAdmin),
                new MetaserverConfig.Founding("replica-1", 1),
                defaults.liveness(),
                defaults.memory(),
                tracing,
                defaults.lifecycle());
    }

    private DataserverConfig dataserver(String token) {
        DataserverConfig defaults = new DataserverConfig();
        return new DataserverConfig(
                node("data", token),
                List.of(directory.resolve("disk").toString()),
                new Listen(chunks, ""),
                new ServerConfig.Admin(dataserverAdmin),
                defaults.scrubPeriod(),
                defaults.repair(),
                tracing);
    }

    private GatewayConfig gateway(String token) {
        GatewayConfig defaults = new GatewayConfig();
        ServerConfig.S3 s3 = defaults.s3();
        return new GatewayConfig(
                node("gate", token),
                new ServerConfig.S3(
                        s3Address,
                        s3.domains(),
                        s3.region(),
                        s3.regions(),
                        s3.sigv2(),
                        s3.aclMode(),
                        s3.sosapi(),
                        s3.maxConnections(),
                        s3.maxRequests()),
                "",
                new ServerConfig.Admin(gatewayAdmin),
                defaults.tls(),
                readFiles,
                DataSize.ofBytes(0),
                defaults.metadata(),
                defaults.memory(),
                defaults.encryption(),
                tracing,
                new GatewayConfig.Shutdown(drain));
    }

    private NodeConfig node(String name, String token) {
        return new NodeConfig(name, "site/rack/" + name, directory.resolve(name).toString(), List.of(rpc), token, "");
    }

    String token(String role) throws Exception {
        try (AdminClient client = admin()) {
            return client.post(Map.of("role", role), "tokens").path("token").asString();
        }
    }

    /** The metaserver's. */
    AdminClient admin() {
        return new AdminClient(
                URI.create("http://" + metaserverAdmin), ACCESS_KEY, SECRET_KEY, Optional.empty(), () -> clock.now());
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
        for (Header line : signer.sign(toSign, RequestSigner.UNSIGNED_PAYLOAD, clock.millis())
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
            case "second metaserver" -> secondAdmin;
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
        stop();
        http.close();
    }
}
