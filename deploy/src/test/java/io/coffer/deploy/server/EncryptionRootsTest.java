package io.coffer.deploy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coffer.common.seal.ClusterKey;
import io.coffer.gateway.kms.RootKey;
import io.coffer.gateway.kms.RootKeys;
import io.coffer.gateway.s3.operation.CustomerKeyRule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EncryptionRootsTest {
    private static final ServerConfig.Vault NO_VAULT = new ServerConfig.Vault();

    @TempDir
    Path directory;

    private final SecureRandom random = new SecureRandom();

    private static String key(int fill) {
        byte[] key = new byte[32];
        key[0] = (byte) fill;
        return Base64.getEncoder().encodeToString(key);
    }

    private String file(String name, String content) throws Exception {
        return Files.writeString(directory.resolve(name), content).toString();
    }

    private static ServerConfig.Encryption config(
            String key, String file, List<String> previous, ServerConfig.Vault vault) {
        return new ServerConfig.Encryption(key, file, previous, CustomerKeyRule.HTTPS, 1, vault);
    }

    private static ServerConfig.Vault vault(String token, String tokenFile) {
        return new ServerConfig.Vault(
                "https://vault:8200/", "transit", "coffer", "", token, tokenFile, Duration.ofSeconds(1));
    }

    private List<String> names(ServerConfig.Encryption config) throws Exception {
        return EncryptionRoots.given(config, random).keys().stream()
                .map(RootKey::name)
                .toList();
    }

    @Test
    void nothingIsGivenByDefault() throws Exception {
        assertThat(EncryptionRoots.given(new ServerConfig.Encryption(), random)).isEqualTo(RootKeys.NONE);
    }

    @Test
    void aFileAndAVariableMeanTheSameKey() throws Exception {
        List<String> byFile = names(config("", file("root.key", key(1) + "\n"), List.of(), NO_VAULT));
        assertThat(byFile).hasSize(1).isEqualTo(names(config(key(1), "", List.of(), NO_VAULT)));
        assertThat(byFile.getFirst()).startsWith("key:").doesNotContain(key(1));
        assertThat(EncryptionRoots.given(config(key(1), "", List.of(), NO_VAULT), random)
                        .given())
                .isTrue();
    }

    @Test
    void theOneThatWrapsComesFirst() throws Exception {
        String before = file("before.key", key(2));
        String one = names(config(key(1), "", List.of(), NO_VAULT)).getFirst();
        String other = names(config(key(2), "", List.of(), NO_VAULT)).getFirst();
        assertThat(names(config(key(1), "", List.of(before), vault("t", ""))))
                .containsExactly(one, "vault:transit/coffer", other);
        assertThat(names(config("", "", List.of(before), vault("", file("token", "t\n")))))
                .containsExactly("vault:transit/coffer", other);
    }

    @Test
    void aStoreOfOneProcessHasItsOwnKeyBehindThoseItWasGiven() throws Exception {
        ClusterKey own = ClusterKey.make(random);
        RootKeys alone = EncryptionRoots.withOwn(new ServerConfig.Encryption(), own, random);
        assertThat(alone.keys()).hasSize(1);
        assertThat(alone.given()).isFalse();
        RootKeys both = EncryptionRoots.withOwn(config(key(1), "", List.of(), NO_VAULT), own, random);
        assertThat(both.keys()).hasSize(2);
        assertThat(both.keys().getLast().name())
                .isEqualTo(alone.keys().getFirst().name());
        assertThat(both.given()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense!", "c2hvcnQ=", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
    void whatIsNoKeyIsRefusedInOneLineThatDoesNotShowIt(String content) throws Exception {
        String file = file("root.key", content);
        assertThatThrownBy(() -> EncryptionRoots.given(config("", file, List.of(), NO_VAULT), random))
                .isInstanceOf(StartException.class)
                .hasMessageContaining(file)
                .hasMessageContaining("openssl rand -base64 32");
    }

    @Test
    void missingFilesAndContradictionsAreRefused() {
        for (ServerConfig.Encryption config : List.of(
                config("", directory.resolve("missing").toString(), List.of(), NO_VAULT),
                config("", "", List.of("/tmp/any"), NO_VAULT),
                config("", "", List.of(), vault("", directory.resolve("missing").toString())))) {
            assertThatThrownBy(() -> EncryptionRoots.given(config, random)).isInstanceOf(StartException.class);
        }
        assertThatThrownBy(() -> config("a", "b", List.of(), NO_VAULT)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> vault("", "")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> vault("a", "b")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(
                        () -> new ServerConfig.Vault("vault", "transit", "coffer", "", "t", "", Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ServerConfig.Vault(
                        "https://vault", "a/../b?", "coffer", "", "t", "", Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void secretsAreNotPrinted() {
        assertThat(config(key(1), "", List.of(), vault("s.token", "")).toString())
                .doesNotContain(key(1))
                .doesNotContain("s.token");
        assertThat(vault("s.token", "").toString()).doesNotContain("s.token");
    }
}
