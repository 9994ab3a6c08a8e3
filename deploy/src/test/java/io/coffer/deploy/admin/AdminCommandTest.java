package io.coffer.deploy.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.coffer.common.id.AccountId;
import io.coffer.common.metadata.Account;
import io.coffer.gateway.admin.AdminService;
import io.coffer.gateway.auth.AuthSettings;
import io.coffer.gateway.auth.Authenticator;
import io.coffer.gateway.auth.Credential;
import io.coffer.gateway.auth.Secret;
import io.coffer.gateway.auth.SigningRequest;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.RequestLine;
import io.coffer.gateway.s3.error.S3Exception;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The commands against a server that answers what it is told and verifies every signature. */
final class AdminCommandTest {
    private static final Account ROOT =
            new Account(new AccountId("000000000001"), "f".repeat(64), "root", "", true, true, 0);

    private final Authenticator authenticator = new Authenticator(
            AuthSettings.DEFAULT.withServices(List.of(AdminService.SIGNING_SERVICES.getFirst())),
            key -> Optional.of(new Credential(key, Secret.of("the-secret"), ROOT, true)));
    private final List<String> requests = new ArrayList<>();
    private final Map<String, String> answers = new HashMap<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Map<String, String> environment = new HashMap<>();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        environment.put(
                "COFFER_ADMIN", "http://127.0.0.1:" + server.getAddress().getPort());
        environment.put("COFFER_ROOT_ACCESS_KEY", "ROOT");
        environment.put("COFFER_ROOT_SECRET_KEY", "the-secret");
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String target = exchange.getRequestURI().toString();
        String request = exchange.getRequestMethod() + " " + target;
        Headers.Builder headers = new Headers.Builder();
        exchange.getRequestHeaders().forEach((name, values) -> values.forEach(value -> headers.add(name, value)));
        String answer;
        int status = 200;
        try {
            RequestLine line = RequestLine.parse(target);
            authenticator.authenticate(
                    new SigningRequest(
                            exchange.getRequestMethod(),
                            line.path(),
                            line.rawPath(),
                            line.query(),
                            headers.build(),
                            null),
                    System.currentTimeMillis());
            requests.add(body.isEmpty() ? request : request + " " + body);
            answer = answers.getOrDefault(request, "");
            if (answer.startsWith("!")) {
                status = 409;
                answer = answer.substring(1);
            } else if (answer.isEmpty()) {
                status = 204;
            }
        } catch (S3Exception e) {
            status = 403;
            answer = "{\"error\":{\"code\":\"x\",\"message\":\"" + e.getMessage() + "\"}}";
        }
        byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private int run(String... arguments) {
        return new CommandLine(new AdminCommand(environment))
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .setExecutionExceptionHandler((failure, _, _) -> {
                    err.write(failure.getMessage());
                    return 1;
                })
                .execute(arguments);
    }

    @Test
    void anAccountIsMade() {
        String account = "{\"accountId\":\"123456789012\",\"canonicalId\":\"c\",\"name\":\"alice\",\"email\":\"a@b\"}";
        answers.put("POST /v1/accounts", account);

        assertThat(run("account", "create", "alice", "--email", "a@b", "--json"))
                .isZero();
        assertThat(out.toString()).isEqualTo(account + "\n");
        assertThat(requests.getFirst()).contains("\"name\":\"alice\"").contains("\"email\":\"a@b\"");
        out.getBuffer().setLength(0);
        assertThat(run("account", "create", "alice")).isZero();
        assertThat(out.toString()).contains("accountId    123456789012\n").contains("name         alice\n");
    }

    @Test
    void aKeyIsMadeForAnAccount() {
        answers.put("POST /v1/keys", "{\"accessKey\":\"A\",\"secretKey\":\"S\"}");

        assertThat(run("--json", "key", "create", "--account", "alice")).isZero();
        assertThat(out.toString()).isEqualTo("{\"accessKey\":\"A\",\"secretKey\":\"S\"}\n");
        assertThat(requests.getFirst()).contains("\"account\":\"alice\"");
        assertThat(run("key", "create")).isEqualTo(2);
    }

    @Test
    void aTokenIsMadeForARole() {
        String token = "{\"token\":\"a.b.c\",\"id\":\"a\",\"role\":\"gateway\",\"expires\":\"2026-01-01T00:00:00Z\"}";
        answers.put("POST /v1/tokens", token);

        assertThat(run("token", "create", "--role", "gateway", "--ttl", "2h", "--json"))
                .isZero();
        assertThat(out.toString()).isEqualTo(token + "\n");
        assertThat(requests.getFirst()).contains("\"role\":\"gateway\"").contains("\"ttl\":\"2h\"");
        assertThat(run("token", "create")).isEqualTo(2);
        out.getBuffer().setLength(0);
        assertThat(run("token", "create", "--role", "gateway", "--bare")).isZero();
        assertThat(out.toString()).isEqualTo("a.b.c\n");
        out.getBuffer().setLength(0);
        assertThat(run("token", "delete", "a")).isZero();
        assertThat(out.toString()).isEmpty();
        assertThat(requests.getLast()).isEqualTo("DELETE /v1/tokens/a");
    }

    @Test
    void whatChangesThingsPrintsNothing() {
        for (String verb : List.of("disable", "enable", "delete")) {
            assertThat(run("account", verb, "alice", "--json")).isZero();
            assertThat(run("key", verb, "AKIA")).isZero();
        }
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).isEmpty();
        assertThat(requests)
                .containsExactly(
                        "POST /v1/accounts/alice/disable",
                        "POST /v1/keys/AKIA/disable",
                        "POST /v1/accounts/alice/enable",
                        "POST /v1/keys/AKIA/enable",
                        "DELETE /v1/accounts/alice",
                        "DELETE /v1/keys/AKIA");
    }

    @Test
    void listsFollowTheirPages() {
        answers.put(
                "GET /v1/buckets",
                "{\"items\":[{\"name\":\"a\",\"ownerId\":\"1\",\"state\":\"ACTIVE\"}],\"next\":\"a\"}");
        answers.put("GET /v1/buckets?after=a", "{\"items\":[{\"name\":\"a-long-name\"}],\"next\":null}");

        assertThat(run("bucket", "list", "--json")).isZero();
        assertThat(out.toString())
                .isEqualTo("[{\"name\":\"a\",\"ownerId\":\"1\",\"state\":\"ACTIVE\"},{\"name\":\"a-long-name\"}]\n");
        out.getBuffer().setLength(0);
        assertThat(run("bucket", "list")).isZero();
        assertThat(out.toString().lines())
                .containsExactly(
                        "NAME         OWNER ID  REGION  STATE   VERSIONING  CREATED",
                        "a            1         -       ACTIVE  -           -",
                        "a-long-name  -         -       -       -           -");
    }

    @Test
    void everyListIsAnArray() {
        for (String[] list : new String[][] {
            {"account", "accounts"},
            {"key", "keys"},
            {"node", "nodes"},
            {"disk", "disks"},
            {"volume", "volumes"},
            {"token", "tokens"}
        }) {
            answers.put("GET /v1/" + list[1], "{\"items\":[],\"next\":null}");
            out.getBuffer().setLength(0);
            assertThat(run(list[0], "list", "--json")).isZero();
            assertThat(out.toString()).isEqualTo("[]\n");
        }
        answers.put("GET /v1/usage", "{\"items\":[],\"next\":null}");
        out.getBuffer().setLength(0);
        assertThat(run("usage", "--json")).isZero();
        assertThat(out.toString()).isEqualTo("[]\n");
        answers.put("GET /v1/keys?account=alice", "{\"items\":[],\"next\":null}");
        assertThat(run("key", "list", "--account", "alice")).isZero();
    }

    @Test
    void repairIsShownInTablesOrAsOneDocument() {
        String repair =
                "{\"redundancy\":\"DEGRADED\",\"volumes\":9,\"exposure\":[{\"spare\":1,\"missing\":1,\"volumes\":2},"
                        + "{\"spare\":2,\"missing\":0,\"volumes\":7}],\"members\":[{\"volumeId\":\"4\",\"index\":2,\"spare\":1,"
                        + "\"state\":\"CATCHING_UP\",\"node\":\"data-3\",\"diskId\":\"d\",\"path\":\"/a\",\"from\":\"\","
                        + "\"behindSince\":\"t\",\"behindSeconds\":40}],\"moreMembers\":0}";
        answers.put("GET /v1/repair", repair);

        assertThat(run("repair", "status", "--json")).isZero();
        assertThat(out.toString()).isEqualTo(repair + "\n");
        out.getBuffer().setLength(0);
        assertThat(run("repair", "status")).isZero();
        assertThat(out.toString()).isEqualTo("""
                        redundancy   DEGRADED
                        volumes      9
                        moreMembers  0

                        SPARE  MISSING  VOLUMES
                        1      1        2
                        2      0        7

                        VOLUME ID  INDEX  SPARE  STATE        NODE    PATH  FROM  BEHIND SINCE  BEHIND SECONDS
                        4          2      1      CATCHING_UP  data-3  /a    -     t             40
                        """);
        assertThat(run("repair")).isEqualTo(2);
    }

    @Test
    void aRefusalIsOneLineAndExitCodeOne() {
        answers.put(
                "POST /v1/accounts",
                "!{\"error\":{\"code\":\"AccountExists\",\"message\":\"the account's name is taken\"}}");
        assertThat(run("account", "create", "alice")).isEqualTo(1);
        assertThat(err.toString()).isEqualTo("the account's name is taken");
        assertThat(out.toString()).isEmpty();

        err.getBuffer().setLength(0);
        assertThat(run("status", "--secret-key", "wrong")).isEqualTo(1);
        assertThat(err.toString()).contains("signature");
    }

    @Test
    void aServerThatIsntThereIsOneLineAndExitCodeOne() {
        server.stop(0);
        assertThat(run("account", "list")).isEqualTo(1);
        assertThat(err.toString())
                .isEqualTo("can't reach the admin interface at " + environment.get("COFFER_ADMIN")
                        + ": nothing answers there");
    }

    @Test
    void anotherServerIsToldApart() {
        answers.put("GET /v1/status", "<html>");
        assertThat(run("status")).isEqualTo(1);
        assertThat(err.toString()).contains("is no admin interface of Coffer");
    }

    @Test
    void wrongUsageIsExitCodeTwo() {
        assertThat(run()).isEqualTo(2);
        assertThat(run("account")).isEqualTo(2);
        assertThat(run("account", "create")).isEqualTo(2);
        assertThat(run("account", "frobnicate")).isEqualTo(2);
        assertThat(run("status", "--admin", "ftp://x")).isEqualTo(2);
        assertThat(run("status", "--admin", "::")).isEqualTo(2);
        environment.remove("COFFER_ROOT_SECRET_KEY");
        assertThat(run("status")).isEqualTo(2);
        assertThat(err.toString()).contains("Give --secret-key, or set COFFER_ROOT_SECRET_KEY");
        assertThat(requests).isEmpty();
    }

    @Test
    void aMissingCertificateFileIsTold() {
        assertThat(run("status", "--ca", "/nowhere/ca.pem")).isEqualTo(1);
        assertThat(err.toString()).startsWith("can't read certificates from /nowhere/ca.pem");
    }
}
