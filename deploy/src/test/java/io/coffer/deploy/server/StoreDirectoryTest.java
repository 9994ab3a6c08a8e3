package io.coffer.deploy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreDirectoryTest {
    @TempDir
    private Path temp;

    @Test
    void aStoreKeepsItsIdentity() throws Exception {
        String path = temp.resolve("new/store").toString();
        StoreDirectory.Identity first = StoreDirectory.open(path).identity(UUID::randomUUID);
        assertThat(StoreDirectory.open(path).identity(UUID::randomUUID)).isEqualTo(first);
    }

    @Test
    void aDirectoryWithSomebodyElsesFilesIsRefused() throws Exception {
        Files.writeString(temp.resolve("thesis.tex"), "years of work");
        assertThatThrownBy(() -> StoreDirectory.open(temp.toString()))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("thesis.tex");
    }

    @Test
    void aPlainFileIsRefused() throws Exception {
        Path file = Files.writeString(temp.resolve("file"), "");
        assertThatThrownBy(() -> StoreDirectory.open(file.toString())).isInstanceOf(StartException.class);
    }

    @Test
    void aDamagedIdentityIsRefused() throws Exception {
        StoreDirectory.open(temp.toString()).identity(UUID::randomUUID);
        Files.writeString(temp.resolve("store"), "coffer-store: 2\n");
        assertThatThrownBy(() -> StoreDirectory.open(temp.toString()).identity(UUID::randomUUID))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("damaged");
    }

    @Test
    void metadataWithoutAnIdentityIsRefused() throws Exception {
        Files.createDirectories(temp.resolve("meta"));
        assertThatThrownBy(() -> StoreDirectory.open(temp.toString()).identity(UUID::randomUUID))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("damaged");
    }

    @Test
    void rootCredentialsAreMadeOnceAndOnlyTheOwnerReadsThem() throws Exception {
        var keys = StoreDirectory.open(temp.toString()).inside(StoreDirectory.KEYS);
        RootCredentials made = RootCredentials.find(Map.of(), keys, new SecureRandom());
        RootCredentials kept = RootCredentials.find(Map.of(), keys, new SecureRandom());
        assertThat(made.made()).isTrue();
        assertThat(kept.made()).isFalse();
        assertThat(kept.accessKey()).isEqualTo(made.accessKey());
        assertThat(kept.secretKey()).isEqualTo(made.secretKey()).hasSize(40);
        assertThat(made.toString()).doesNotContain(made.secretKey());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(temp.resolve("keys/root"))))
                .isEqualTo("rw-------");
    }

    @Test
    void rootCredentialsOfTheEnvironmentWinAndAreNotWrittenDown() throws Exception {
        var keys = StoreDirectory.open(temp.toString()).inside(StoreDirectory.KEYS);
        RootCredentials given = RootCredentials.find(
                Map.of("COFFER_ROOT_ACCESS_KEY", "myself", "COFFER_ROOT_SECRET_KEY", "long enough"),
                StoreDirectory.open(temp.toString()).inside(StoreDirectory.KEYS),
                new SecureRandom());
        assertThat(given.made()).isFalse();
        assertThat(keys.list("")).isEmpty();
    }

    @Test
    void halfOrUnusableRootCredentialsAreRefused() throws Exception {
        var keys = StoreDirectory.open(temp.toString()).inside(StoreDirectory.KEYS);
        for (Map<String, String> environment : java.util.List.of(
                Map.of("COFFER_ROOT_ACCESS_KEY", "access"),
                Map.of("COFFER_ROOT_SECRET_KEY", "long enough"),
                Map.of("COFFER_ROOT_ACCESS_KEY", "a/b", "COFFER_ROOT_SECRET_KEY", "long enough"),
                Map.of("COFFER_ROOT_ACCESS_KEY", "access", "COFFER_ROOT_SECRET_KEY", "short"))) {
            assertThatThrownBy(() -> RootCredentials.find(environment, keys, new SecureRandom()))
                    .isInstanceOf(StartException.class);
        }
    }
}
