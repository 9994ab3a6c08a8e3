package io.coffer.common.io.fault;

import io.coffer.common.io.FileSystem;
import io.coffer.common.io.NoSpaceException;
import io.coffer.common.io.OpenMode;
import io.coffer.common.io.ReadOnlyException;
import io.coffer.common.io.StorageFile;
import io.coffer.common.io.StoragePaths;
import io.coffer.common.io.fault.Attempt.Operation;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Another file system on which chosen calls go wrong. Of several rules that match a call, the first counts. Thread-safe. */
public final class FaultyFileSystem implements FileSystem {
    private final FileSystem sound;
    private final List<FaultRule> rules = new CopyOnWriteArrayList<>();

    public FaultyFileSystem(FileSystem sound) {
        this.sound = sound;
    }

    /** From now on the calls that match go wrong, until the rule says otherwise. */
    public FaultRule inject(Predicate<Attempt> when, Fault fault) {
        FaultRule rule = new FaultRule(when, fault);
        rules.add(rule);
        return rule;
    }

    /** All calls of one kind. */
    public FaultRule inject(Operation operation, Fault fault) {
        return inject(attempt -> attempt.is(operation), fault);
    }

    /** All is well again. */
    public void clear() {
        rules.clear();
    }

    /**
     * The fault that this call must show itself; errors that are the same for every call are thrown, and what happens
     * before it has happened.
     */
    @Nullable
    Fault meet(Operation operation, String path, long position, long length) throws IOException {
        Attempt attempt = new Attempt(operation, path, position, length);
        for (FaultRule rule : rules) {
            if (rule.fires(attempt)) {
                return meet(rule.fault(), attempt);
            }
        }
        return null;
    }

    private static @Nullable Fault meet(Fault fault, Attempt attempt) throws IOException {
        switch (fault) {
            case Fault.InputOutputError e -> {
                if (!attempt.is(Operation.SYNC)) {
                    throw inputOutputError(attempt.path());
                }
            }
            case Fault.NoSpace e -> {
                if (!attempt.is(Operation.WRITE)) {
                    throw noSpace(attempt.path());
                }
            }
            case Fault.ReadOnly e -> {
                if (attempt.operation().changing()) {
                    throw new ReadOnlyException(attempt.path() + ": read-only file system (injected)");
                }
            }
            case Fault.Before before -> before.action().run();
            case Fault.BitFlip flip -> {}
            case Fault.ShortRead shortRead -> {}
        }
        return fault;
    }

    static IOException inputOutputError(String path) {
        return new IOException(path + ": input/output error (injected)");
    }

    static IOException noSpace(String path) {
        return new NoSpaceException(path + ": no space left on device (injected)");
    }

    private void meet(Operation operation, String path) throws IOException {
        meet(operation, path, 0, 0);
    }

    @Override
    public StorageFile open(String path, OpenMode mode) throws IOException {
        StoragePaths.requireBelowRoot(path);
        meet(Operation.OPEN, path);
        return new FaultyFile(this, sound.open(path, mode), path);
    }

    @Override
    public boolean exists(String path) throws IOException {
        meet(Operation.EXISTS, path);
        return sound.exists(path);
    }

    @Override
    public List<String> list(String directory) throws IOException {
        meet(Operation.LIST, directory);
        return sound.list(directory);
    }

    @Override
    public void createDirectories(String path) throws IOException {
        meet(Operation.CREATE_DIRECTORIES, path);
        sound.createDirectories(path);
    }

    @Override
    public void delete(String path) throws IOException {
        meet(Operation.DELETE, path);
        sound.delete(path);
    }

    @Override
    public void deleteRecursively(String path) throws IOException {
        meet(Operation.DELETE, path);
        sound.deleteRecursively(path);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        meet(Operation.RENAME, from);
        sound.rename(from, to);
    }

    @Override
    public void syncDirectory(String path) throws IOException {
        meet(Operation.SYNC_DIRECTORY, path);
        sound.syncDirectory(path);
    }

    @Override
    public Lock lock(String path) throws IOException {
        meet(Operation.LOCK, path);
        return sound.lock(path);
    }

    @Override
    public Space space() throws IOException {
        meet(Operation.SPACE, "");
        return sound.space();
    }

    @Override
    public FileSystem subdirectory(String path) {
        return new SubdirectoryFileSystem(this, path);
    }

    @Override
    public Optional<String> realPath(String path) {
        return sound.realPath(path);
    }
}
