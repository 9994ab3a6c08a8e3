package io.coffer.deploy.admin;

import io.coffer.gateway.admin.AdminService;
import io.coffer.gateway.auth.RequestSigner;
import io.coffer.gateway.auth.Secret;
import io.coffer.gateway.auth.SigningRequest;
import io.coffer.gateway.auth.UriEncoding;
import io.coffer.gateway.http.Header;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.operation.QueryParameters;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/** Signed calls to the admin interface. Used by one command. */
public final class AdminClient implements AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    /** Any will do; the interface takes every region. */
    private static final String REGION = "us-east-1";

    private static final JsonMapper JSON = JsonMapper.shared();

    private final URI server;
    private final RequestSigner signer;
    private final InstantSource clock;
    private final HttpClient http;

    /** @param trust whom to trust with HTTPS; empty for those that the JDK trusts */
    public AdminClient(
            URI server, String accessKey, String secretKey, Optional<SSLContext> trust, InstantSource clock) {
        this.server = server;
        this.signer =
                new RequestSigner(accessKey, Secret.of(secretKey), REGION, AdminService.SIGNING_SERVICES.getFirst());
        this.clock = clock;
        HttpClient.Builder builder =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT_TIMEOUT);
        trust.ifPresent(builder::sslContext);
        this.http = builder.build();
    }

    public JsonNode get(String... path) throws AdminFailure {
        return require(call("GET", path(path), QueryParameters.EMPTY, ""));
    }

    public JsonNode post(Map<String, String> document, String... path) throws AdminFailure {
        return require(call("POST", path(path), QueryParameters.EMPTY, JSON.writeValueAsString(document)));
    }

    /** A call that answers nothing. */
    public void tell(String method, String... path) throws AdminFailure {
        call(method, path(path), QueryParameters.EMPTY, "");
    }

    /** All items of a list, page after page. */
    ArrayNode list(Map<String, String> parameters, String... path) throws AdminFailure {
        ArrayNode all = JSON.createArrayNode();
        String after = "";
        do {
            List<QueryParameters.Parameter> query = new ArrayList<>();
            parameters.forEach((name, value) -> query.add(new QueryParameters.Parameter(name, value)));
            if (!after.isEmpty()) {
                query.add(new QueryParameters.Parameter("after", after));
            }
            JsonNode page = require(call("GET", path(path), new QueryParameters(query), ""));
            page.path("items").forEach(all::add);
            after = page.path("next").asString("");
        } while (!after.isEmpty());
        return all;
    }

    private static String path(String... segments) {
        StringJoiner path = new StringJoiner("/", "/v1/", "");
        for (String segment : segments) {
            path.add(segment);
        }
        return path.toString();
    }

    private JsonNode require(@Nullable JsonNode answer) throws AdminFailure {
        if (answer == null) {
            throw strange("an empty answer");
        }
        return answer;
    }

    private @Nullable JsonNode call(String method, String path, QueryParameters query, String body)
            throws AdminFailure {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        SigningRequest toSign = new SigningRequest(method, path, path, query, Headers.of("Host", authority()), null);
        String encoded = UriEncoding.path(path) + (query.list().isEmpty() ? "" : '?' + RequestSigner.encode(query));
        HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve(encoded))
                .timeout(TIMEOUT)
                .method(method, HttpRequest.BodyPublishers.ofByteArray(content));
        for (Header line : signer.sign(toSign, sha256(content), clock.millis()).headers()) {
            if (!line.name().equals("Host")) {
                request.header(line.name(), line.value());
            }
        }
        HttpResponse<byte[]> response = send(request.build());
        JsonNode answer = parse(response.body());
        if (response.statusCode() / 100 != 2) {
            String message =
                    answer == null ? "" : answer.path("error").path("message").asString("");
            throw message.isEmpty() ? strange("status " + response.statusCode()) : new AdminFailure(message);
        }
        return answer;
    }

    private HttpResponse<byte[]> send(HttpRequest request) throws AdminFailure {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        } catch (ConnectException e) {
            throw unreachable("nothing answers there");
        } catch (HttpTimeoutException e) {
            throw unreachable("no answer in time");
        } catch (SSLException e) {
            throw unreachable(e.getMessage() + " (--ca FILE names the certificate to trust)");
        } catch (IOException e) {
            throw unreachable(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unreachable("interrupted");
        }
    }

    private @Nullable JsonNode parse(byte[] body) throws AdminFailure {
        if (body.length == 0) {
            return null;
        }
        try {
            return JSON.readTree(body);
        } catch (JacksonException e) {
            throw strange("an answer that isn't JSON");
        }
    }

    private AdminFailure unreachable(String why) {
        return new AdminFailure("can't reach the admin interface at " + server + ": " + why);
    }

    private AdminFailure strange(String what) {
        return new AdminFailure(server + " is no admin interface of Coffer: it gave " + what);
    }

    /** The Host header as the JDK's client sends it: without a port that the scheme implies. */
    private String authority() {
        boolean secure = "https".equals(server.getScheme().toLowerCase(Locale.ROOT));
        int port = server.getPort();
        return port < 0 || port == (secure ? 443 : 80) ? server.getHost() : server.getHost() + ':' + port;
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
