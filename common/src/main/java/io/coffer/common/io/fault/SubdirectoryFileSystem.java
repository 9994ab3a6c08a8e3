package io.coffer.common.io.fault;

import io.coffer.common.io.FileSystem;
import io.coffer.common.io.OpenMode;
import io.coffer.common.io.StorageFile;
import io.coffer.common.io.StoragePaths;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Another file system seen from one of its directories. */
final class SubdirectoryFileSystem implements FileSystem {
    private final FileSystem whole;
    private final String directory;

    SubdirectoryFileSystem(FileSystem whole, String directory) {
        this.whole = whole;
        this.directory = StoragePaths.requireValid(directory);
    }

    private String inWhole(String path) {
        return StoragePaths.join(directory, StoragePaths.requireValid(path));
    }

    private String below(String path) {
        return StoragePaths.join(directory, StoragePaths.requireBelowRoot(path));
    }

    @Override
    public StorageFile open(String path, OpenMode mode) throws IOException {
        return whole.open(below(path), mode);
    }

    @Override
    public boolean exists(String path) throws IOException {
        return whole.exists(inWhole(path));
    }

    @Override
    public List<String> list(String path) throws IOException {
        return whole.list(inWhole(path));
    }

    @Override
    public void createDirectories(String path) throws IOException {
        whole.createDirectories(inWhole(path));
    }

    @Override
    public void delete(String path) throws IOException {
        whole.delete(below(path));
    }

    @Override
    public void deleteRecursively(String path) throws IOException {
        whole.deleteRecursively(below(path));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        whole.rename(below(from), below(to));
    }

    @Override
    public void syncDirectory(String path) throws IOException {
        whole.syncDirectory(inWhole(path));
    }

    @Override
    public Lock lock(String path) throws IOException {
        return whole.lock(below(path));
    }

    @Override
    public Space space() throws IOException {
        return whole.space();
    }

    @Override
    public FileSystem subdirectory(String path) {
        return new SubdirectoryFileSystem(whole, inWhole(path));
    }

    @Override
    public Optional<String> realPath(String path) {
        return whole.realPath(inWhole(path));
    }
}
