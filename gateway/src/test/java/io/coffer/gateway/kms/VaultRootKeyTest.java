package io.coffer.gateway.kms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Against a server that answers as Vault's documentation says its transit engine does. */
class VaultRootKeyTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final byte[] SECRET = "a key of the store, 32 bytes of it".getBytes(StandardCharsets.US_ASCII);

    private HttpServer vault;
    private RootKey root;
    private String token = "s.good";
    private String seenNamespace = "";
    private int failWith;

    @BeforeEach
    void start() throws IOException {
        vault = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        vault.createContext("/v1/kv/transit/encrypt/coffer", this::encrypt);
        vault.createContext("/v1/kv/transit/decrypt/coffer", this::decrypt);
        vault.start();
        root = root("kv/transit", "coffer");
    }

    @AfterEach
    void stop() {
        vault.stop(0);
    }

    private RootKey root(String mount, String key) {
        URI address = URI.create("http://127.0.0.1:" + vault.getAddress().getPort());
        return new VaultRootKey(
                new VaultRootKey.Settings(address, mount, key, "team", Duration.ofSeconds(5)), () -> token);
    }

    /** Version 1 of its key: base64 of what is told, with what it is of behind it. */
    private void encrypt(HttpExchange exchange) throws IOException {
        JsonNode request = read(exchange);
        if (request != null) {
            String text = request.path("plaintext").asString() + "."
                    + request.path("associated_data").asString();
            answer(exchange, 200, "{\"data\":{\"ciphertext\":\"vault:v1:" + base64(text) + "\",\"key_version\":1}}");
        }
    }

    private void decrypt(HttpExchange exchange) throws IOException {
        JsonNode request = read(exchange);
        if (request == null) {
            return;
        }
        String[] sealed = request.path("ciphertext").asString().split(":", 3);
        String[] text = new String(Base64.getDecoder().decode(sealed[2]), StandardCharsets.US_ASCII).split("\\.");
        if (text[1].equals(request.path("associated_data").asString())) {
            answer(exchange, 200, "{\"data\":{\"plaintext\":\"" + text[0] + "\"}}");
        } else {
            answer(exchange, 400, "{\"errors\":[\"cipher: message authentication failed\"]}");
        }
    }

    private @Nullable JsonNode read(HttpExchange exchange) throws IOException {
        JsonNode request = JSON.readTree(exchange.getRequestBody().readAllBytes());
        seenNamespace = exchange.getRequestHeaders().getFirst("X-Vault-Namespace");
        if (failWith != 0) {
            answer(exchange, failWith, "{\"errors\":[\"told to\"]}");
            return null;
        }
        if (!"s.good".equals(exchange.getRequestHeaders().getFirst("X-Vault-Token"))) {
            answer(exchange, 403, "{\"errors\":[\"permission denied\"]}");
            return null;
        }
        return request;
    }

    private static void answer(HttpExchange exchange, int status, String document) throws IOException {
        byte[] bytes = document.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void whatItWrapsItUnwraps() throws Exception {
        ByteBuffer wrapped = root.wrap("a", SECRET);
        assertThat(StandardCharsets.US_ASCII.decode(wrapped.duplicate()).toString())
                .startsWith("vault:v1:");
        assertThat(root.unwrap("a", wrapped)).isEqualTo(SECRET);
        assertThat(root.name()).isEqualTo("vault:kv/transit/coffer");
        assertThat(seenNamespace).isEqualTo("team");
    }

    @Test
    void nothingElseIsUnwrapped() throws Exception {
        ByteBuffer wrapped = root.wrap("a", SECRET);
        assertThatThrownBy(() -> root.unwrap("b", wrapped)).isInstanceOf(GeneralSecurityException.class);
    }

    @Test
    void whatVaultRefusesIsToldWithoutSecrets() throws Exception {
        ByteBuffer wrapped = root.wrap("a", SECRET);
        token = "s.expired";
        assertThatThrownBy(() -> root.wrap("a", SECRET))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("403")
                .hasMessageContaining("permission denied")
                .hasMessageNotContaining("s.expired");
        assertThatThrownBy(() -> root.unwrap("a", wrapped)).isInstanceOf(IOException.class);
        token = "s.good";
        failWith = 503;
        assertThatThrownBy(() -> root.unwrap("a", wrapped)).isInstanceOf(IOException.class);
    }

    @Test
    void anAbsentEngineOrServerIsAnOutage() throws Exception {
        assertThatThrownBy(() -> root("elsewhere", "coffer").wrap("a", SECRET)).isInstanceOf(IOException.class);
        vault.stop(0);
        assertThatThrownBy(() -> root.wrap("a", SECRET)).isInstanceOf(IOException.class);
    }
}
