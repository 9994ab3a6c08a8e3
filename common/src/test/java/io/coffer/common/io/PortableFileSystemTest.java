package io.coffer.common.io;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class PortableFileSystemTest extends FileSystemContract {
    @TempDir
    Path directory;

    @Override
    protected FileSystem newFileSystem() {
        return RealFileSystem.portable(directory);
    }
}
