package io.coffer.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coffer.gateway.auth.RequestSigner;
import io.coffer.gateway.auth.Secret;
import io.coffer.gateway.auth.SigningRequest;
import io.coffer.gateway.http.Header;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.operation.QueryParameters;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code coffer admin} as its own process against a running store: the contract that scripts hold on to. */
final class AdminIT {
    private static final Duration DISABLED_WITHIN = Duration.ofSeconds(2);

    private record Ended(int code, String output) {}

    private static Ended admin(StoreProcess store, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-cp",
                System.getProperty("java.class.path"),
                "io.coffer.deploy.Coffer",
                "admin"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("COFFER_ADMIN", store.admin().toString());
        builder.environment().put("COFFER_ROOT_ACCESS_KEY", StoreProcess.ACCESS_KEY);
        builder.environment().put("COFFER_ROOT_SECRET_KEY", StoreProcess.SECRET_KEY);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), output);
    }

    private static String member(String json, String name) {
        Matcher matcher = Pattern.compile('"' + name + "\":\"([^\"]*)\"").matcher(json);
        assertThat(matcher.find()).as(json).isTrue();
        return matcher.group(1);
    }

    /** The status of a signed {@code method path}. */
    private static int s3(StoreProcess store, String accessKey, String secretKey, String method, String path)
            throws IOException, InterruptedException {
        URI s3 = store.s3();
        SigningRequest request = new SigningRequest(
                method, path, path, QueryParameters.EMPTY, Headers.of("Host", s3.getHost() + ":" + s3.getPort()), null);
        HttpRequest.Builder http =
                HttpRequest.newBuilder(s3.resolve(path)).method(method, HttpRequest.BodyPublishers.noBody());
        for (Header line : new RequestSigner(accessKey, Secret.of(secretKey), "us-east-1", "s3")
                .sign(request, RequestSigner.UNSIGNED_PAYLOAD, System.currentTimeMillis())
                .headers()) {
            if (!line.name().equals("Host")) {
                http.header(line.name(), line.value());
            }
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(http.build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }

    @Test
    void anAccountAndItsKeyLiveFromCreationToDeletion(@TempDir Path directory) throws Exception {
        try (StoreProcess store = StoreProcess.start(List.of(directory))) {
            Ended account = admin(store, "account", "create", "alice", "--email", "a@example.com", "--json");
            assertThat(account.code()).isZero();
            assertThat(member(account.output(), "accountId")).matches("[0-9]{12}");
            assertThat(member(account.output(), "canonicalId")).matches("[0-9a-f]{64}");
            Ended key = admin(store, "key", "create", "--account", "alice", "--json");
            String access = member(key.output(), "accessKey");
            String secret = member(key.output(), "secretKey");

            assertThat(s3(store, access, secret, "PUT", "/alice-bucket")).isEqualTo(200);
            assertThat(s3(store, StoreProcess.ACCESS_KEY, StoreProcess.SECRET_KEY, "GET", "/alice-bucket"))
                    .as("another account, the root's too")
                    .isEqualTo(403);
            assertThat(admin(store, "key", "disable", access)).isEqualTo(new Ended(0, ""));
            await().atMost(DISABLED_WITHIN)
                    .untilAsserted(() -> assertThat(s3(store, access, secret, "GET", "/alice-bucket"))
                            .isEqualTo(403));
            assertThat(admin(store, "key", "enable", access)).isEqualTo(new Ended(0, ""));
            await().atMost(DISABLED_WITHIN)
                    .untilAsserted(() -> assertThat(s3(store, access, secret, "GET", "/alice-bucket"))
                            .isEqualTo(200));

            assertThat(admin(store, "bucket", "list", "--json").output()).contains("\"name\":\"alice-bucket\"");
            assertThat(admin(store, "account", "delete", "alice").code())
                    .as("it owns a bucket")
                    .isEqualTo(1);
            assertThat(s3(store, access, secret, "DELETE", "/alice-bucket")).isEqualTo(204);
            assertThat(admin(store, "account", "delete", "alice")).isEqualTo(new Ended(0, ""));
            assertThat(admin(store, "account", "list", "--json").output())
                    .startsWith("[{")
                    .doesNotContain("alice");
            assertThat(admin(store, "frobnicate").code()).isEqualTo(2);
            assertThat(store.output()).doesNotContain(secret);
        }
    }
}
