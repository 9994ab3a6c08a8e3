package io.coffer.dataserver.chunk;

import io.coffer.common.io.FileSystem;
import io.coffer.common.io.RealFileSystem;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

final class RealDiskTest extends LocalChunkStoreContract {
    @TempDir
    private Path directory;

    @Override
    FileSystem files() {
        return RealFileSystem.at(directory);
    }
}
