package io.coffer.gateway.kms;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A root key that HashiCorp Vault's transit engine keeps: it never leaves Vault, which wraps and unwraps. Vault is asked when a key of the
 * store is made, rotated, or used for the first time by a process, never for each object.
 *
 * @see <a href="https://developer.hashicorp.com/vault/api-docs/secret/transit">Vault: transit secrets engine</a>
 */
public final class VaultRootKey implements RootKey {
    /** Longest answer that is looked at, in bytes: a wrapped key has about a hundred. */
    private static final int MAX_ANSWER_BYTES = 64 << 10;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Settings settings;
    private final Supplier<String> token;
    private final HttpClient client;

    /**
     * Where it is.
     *
     * @param address such as {@code https://vault:8200}
     * @param mount of the transit engine
     * @param key its name there
     * @param namespace of Vault; empty for none
     * @param timeout of one call
     */
    public record Settings(URI address, String mount, String key, String namespace, Duration timeout) {}

    /** @param token asked before each call, because tokens are renewed */
    public VaultRootKey(Settings settings, Supplier<String> token) {
        this.settings = settings;
        this.token = token;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(settings.timeout())
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    @Override
    public String name() {
        return "vault:" + settings.mount() + "/" + settings.key();
    }

    @Override
    public ByteBuffer wrap(String of, byte[] key) throws IOException {
        Answer answer = call("encrypt", Map.of("plaintext", base64(key), "associated_data", base64(bytes(of))));
        String wrapped = answer.text("ciphertext");
        if (answer.status() != 200 || !wrapped.startsWith("vault:")) {
            throw new IOException("Vault doesn't wrap a key: " + answer.reason());
        }
        return ByteBuffer.wrap(bytes(wrapped));
    }

    @Override
    public byte[] unwrap(String of, ByteBuffer wrapped) throws IOException, GeneralSecurityException {
        String text = StandardCharsets.UTF_8.decode(wrapped.duplicate()).toString();
        Answer answer = call("decrypt", Map.of("ciphertext", text, "associated_data", base64(bytes(of))));
        if (answer.status() == 400) {
            throw new GeneralSecurityException("Vault doesn't unwrap a key: " + answer.reason());
        }
        if (answer.status() != 200) {
            throw new IOException("Vault doesn't unwrap a key: " + answer.reason());
        }
        try {
            return Base64.getDecoder().decode(answer.text("plaintext"));
        } catch (IllegalArgumentException e) {
            throw new IOException("Vault's answer has no key", e);
        }
    }

    /** What Vault answered. */
    private record Answer(int status, JsonNode document) {
        String text(String name) {
            return document.path("data").path(name).asString("");
        }

        /** Vault's own words; never the key. */
        String reason() {
            return "status " + status + " " + document.path("errors");
        }
    }

    private Answer call(String what, Map<String, String> body) throws IOException {
        URI uri = URI.create(settings.address() + "/v1/" + settings.mount() + "/" + what + "/" + settings.key());
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .timeout(settings.timeout())
                .header("X-Vault-Token", token.get())
                .header("X-Vault-Request", "true")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)));
        if (!settings.namespace().isEmpty()) {
            request.header("X-Vault-Namespace", settings.namespace());
        }
        try {
            HttpResponse<byte[]> response = client.send(
                    request.build(),
                    HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), MAX_ANSWER_BYTES));
            return new Answer(response.statusCode(), JSON.readTree(response.body()));
        } catch (JacksonException e) {
            throw new IOException("Vault's answer isn't JSON", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while Vault was asked", e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
