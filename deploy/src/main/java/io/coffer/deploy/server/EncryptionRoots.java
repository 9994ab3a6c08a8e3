package io.coffer.deploy.server;

import io.coffer.common.io.FileSystem;
import io.coffer.common.io.RealFileSystem;
import io.coffer.common.seal.ClusterKey;
import io.coffer.gateway.kms.LocalRootKey;
import io.coffer.gateway.kms.RootKey;
import io.coffer.gateway.kms.RootKeys;
import io.coffer.gateway.kms.VaultRootKey;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** The root keys that a configuration names: from the environment, from files, from Vault. */
public final class EncryptionRoots {
    private static final int MAX_FILE_BYTES = 4096;

    private EncryptionRoots() {}

    /** Of a process of a cluster, which encrypts with no keys but the customers' unless it was given a root key. */
    public static RootKeys given(ServerConfig.Encryption config, SecureRandom random) throws StartException {
        List<RootKey> keys = new ArrayList<>();
        if (!config.rootKey().isEmpty()) {
            keys.add(local("encryption.root-key", config.rootKey(), random));
        }
        if (!config.rootKeyFile().isEmpty()) {
            keys.add(local(config.rootKeyFile(), read(config.rootKeyFile()), random));
        }
        if (!config.vault().address().isEmpty()) {
            keys.add(vault(config.vault()));
        }
        if (keys.isEmpty() && !config.previousRootKeyFiles().isEmpty()) {
            throw new StartException("encryption.previous-root-key-files names files, and nothing names the root key");
        }
        for (String file : config.previousRootKeyFiles()) {
            keys.add(local(file, read(file), random));
        }
        return keys.isEmpty() ? RootKeys.NONE : new RootKeys(keys, true);
    }

    /** Of a store of one process: its own key serves where none is given, and opens what it has wrapped until then. */
    static RootKeys withOwn(ServerConfig.Encryption config, ClusterKey own, SecureRandom random) throws StartException {
        RootKeys given = given(config, random);
        List<RootKey> keys = new ArrayList<>(given.keys());
        keys.add(new LocalRootKey(own, random));
        return new RootKeys(keys, given.given());
    }

    private static RootKey local(String where, String base64, SecureRandom random) throws StartException {
        try {
            return new LocalRootKey(ClusterKey.of(Base64.getDecoder().decode(base64.strip())), random);
        } catch (IllegalArgumentException e) {
            throw new StartException(
                    where + " isn't a root key: it has " + ClusterKey.BYTES
                            + " bytes in base64 (openssl rand -base64 32 makes one)",
                    e);
        }
    }

    private static RootKey vault(ServerConfig.Vault config) throws StartException {
        if (!config.tokenFile().isEmpty()) {
            read(config.tokenFile());
        }
        return new VaultRootKey(
                new VaultRootKey.Settings(
                        URI.create(withoutSlash(config.address())),
                        config.mount(),
                        config.key(),
                        config.namespace(),
                        config.timeout()),
                () -> config.tokenFile().isEmpty() ? config.token() : token(config.tokenFile()));
    }

    private static String withoutSlash(String address) {
        return address.endsWith("/") ? address.substring(0, address.length() - 1) : address;
    }

    private static String token(String file) {
        try {
            return content(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("can't read " + file, e);
        }
    }

    private static String read(String file) throws StartException {
        try {
            return content(file);
        } catch (IOException e) {
            throw new StartException("can't read " + file + ": " + e.getMessage(), e);
        }
    }

    private static String content(String named) throws IOException {
        File file = new File(named).getAbsoluteFile();
        FileSystem directory = RealFileSystem.at(String.valueOf(file.getParent()));
        return new String(directory.readSmall(file.getName(), MAX_FILE_BYTES), StandardCharsets.UTF_8);
    }
}
