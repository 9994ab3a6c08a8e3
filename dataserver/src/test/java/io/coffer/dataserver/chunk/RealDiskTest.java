package io.coffer.dataserver.chunk;

import io.coffer.common.io.FileSystem;
import io.coffer.common.io.RealFileSystem;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

final class RealDiskTest extends ChunkStoreContract {
    @TempDir
    private Path directory;

    @Override
    protected FileSystem files() {
        return RealFileSystem.at(directory);
    }
}
