package io.coffer.metaserver.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The files of a store as a kill leaves them: all at one moment. RocksDB replaces and deletes files on threads of its own, so they are
 * copied while those stand still.
 */
public final class CrashImage {
    private CrashImage() {}

    /**
     * Copies the files of a store that nobody uses meanwhile.
     *
     * @param from where the store is
     * @param to a new directory
     */
    public static void take(GroupStore store, Path from, Path to) throws IOException {
        store.standStill();
        try (var files = Files.list(from)) {
            Files.createDirectory(to);
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        } finally {
            store.goOn();
        }
    }
}
