package io.coffer.common.io.fault;

import io.coffer.common.io.AlreadyLockedException;
import io.coffer.common.io.FileExistsException;
import io.coffer.common.io.FileSystem;
import io.coffer.common.io.OpenMode;
import io.coffer.common.io.StorageFile;
import io.coffer.common.io.StoragePaths;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory whose power can be cut. It remembers what was synced and every state since, and {@link #crash} leaves
 * any mixture of them that a real disk could: sectors of unsynced writes in any order (so writes tear), sizes, and names
 * created, renamed or deleted without a directory sync. It gives no more than {@link FileSystem} promises; a file's sync
 * doesn't make its name durable, although some real file systems do that.
 *
 * <p>{@link #powerOffAtOperation} and {@link #powerOffAtSync} cut the power at a chosen point, after which every call throws
 * {@link PowerOffException} until a crash; {@link CrashPoints} goes through all of them.
 *
 * <p>Space is counted in sectors. A deleted file's space is free at once, open or not. Thread-safe.
 */
public final class CrashableFileSystem implements FileSystem {
    public static final int DEFAULT_SECTOR_BYTES = 4096;
    public static final long DEFAULT_CAPACITY_BYTES = 1L << 34;

    private final SimulatedMachine machine;

    // All guarded by machine.
    private final DirectoryNode root = new DirectoryNode();
    private final List<NameChange> unsynced = new ArrayList<>();
    private final Set<FileNode> locked = new HashSet<>();

    public CrashableFileSystem() {
        this(DEFAULT_SECTOR_BYTES, DEFAULT_CAPACITY_BYTES);
    }

    /** @param sectorBytes what the disk writes as a whole or not at all; 512 and 4096 are what there is */
    public CrashableFileSystem(int sectorBytes, long capacityBytes) {
        this.machine = new SimulatedMachine(sectorBytes, capacityBytes);
    }

    /** How many changes and syncs there were since the last crash, the one the power went at included. */
    public long operations() {
        synchronized (machine) {
            return machine.operations();
        }
    }

    /** How many of them were syncs, of a file or a directory. */
    public long syncs() {
        synchronized (machine) {
            return machine.syncs();
        }
    }

    /** Cuts the power at the n-th change or sync from the last crash on, counted from 1. */
    public void powerOffAtOperation(long number) {
        synchronized (machine) {
            machine.powerOffAtOperation(number);
        }
    }

    /** Cuts the power at the n-th sync from the last crash on, before it saves anything. */
    public void powerOffAtSync(long number) {
        synchronized (machine) {
            machine.powerOffAtSync(number);
        }
    }

    public void powerOff() {
        synchronized (machine) {
            machine.powerOff();
        }
    }

    public boolean isOff() {
        synchronized (machine) {
            return machine.isOff();
        }
    }

    /**
     * Cuts the power, if it is still on, and starts the machine again with what may have got to the disk. In one of four
     * crashes nothing unsynced got there, in one all of it; else any part.
     */
    public void crash(RandomGenerator random) {
        crash(
                switch (random.nextInt(4)) {
                    case 0 -> new Survival.Nothing();
                    case 1 -> new Survival.Everything();
                    default -> new Survival.AnySubset(random);
                });
    }

    /** The crash after which only what was synced is there. */
    public void crashLosingAllUnsynced() {
        crash(new Survival.Nothing());
    }

    /** Kills the process instead: what was written is all there, open files and locks aren't. */
    public void kill() {
        synchronized (machine) {
            locked.clear();
            machine.restart(sectorsBelow(root));
        }
    }

    private void crash(Survival survival) {
        synchronized (machine) {
            Set<Object> lost = new HashSet<>();
            for (NameChange change : unsynced) {
                if (change.dependsOnAnyOf(lost) || !survival.keeps()) {
                    change.addKeysTo(lost);
                } else {
                    change.apply();
                }
            }
            unsynced.clear();
            locked.clear();
            restore(root, survival);
            machine.restart(sectorsBelow(root));
        }
    }

    private static void restore(DirectoryNode directory, Survival survival) {
        directory.current.clear();
        directory.current.putAll(directory.durable);
        for (Node node : directory.current.values()) {
            switch (node) {
                case FileNode file -> file.crash(survival);
                case DirectoryNode inner -> restore(inner, survival);
            }
        }
    }

    private static long sectorsBelow(Node node) {
        return switch (node) {
            case FileNode file -> file.allocatedSectors();
            case DirectoryNode directory ->
                directory.current.values().stream()
                        .mapToLong(CrashableFileSystem::sectorsBelow)
                        .sum();
        };
    }

    @Override
    public StorageFile open(String path, OpenMode mode) throws IOException {
        StoragePaths.requireBelowRoot(path);
        synchronized (machine) {
            machine.requirePower(machine.boot());
            FileNode file = switch (find(path)) {
                case DirectoryNode directory -> throw new IOException(path + " is a directory");
                case FileNode existing when mode == OpenMode.CREATE_NEW -> throw new FileExistsException(path);
                case FileNode existing -> existing;
                case null -> create(path, mode);
            };
            return new CrashableFile(machine, file, path, mode.writable());
        }
    }

    private FileNode create(String path, OpenMode mode) throws IOException {
        if (mode == OpenMode.READ || mode == OpenMode.READ_WRITE) {
            throw new FileNotFoundException(path);
        }
        FileNode file = new FileNode(machine.sectorBytes());
        DirectoryNode parent = directory(StoragePaths.parent(path));
        changeNames(List.of(new NameChange.Entry(parent, StoragePaths.name(path), file)));
        return file;
    }

    @Override
    public boolean exists(String path) throws IOException {
        StoragePaths.requireValid(path);
        synchronized (machine) {
            machine.requirePower(machine.boot());
            return find(path) != null;
        }
    }

    @Override
    public List<String> list(String directory) throws IOException {
        StoragePaths.requireValid(directory);
        synchronized (machine) {
            machine.requirePower(machine.boot());
            return List.copyOf(directory(directory).current.keySet());
        }
    }

    @Override
    public void createDirectories(String path) throws IOException {
        StoragePaths.requireValid(path);
        synchronized (machine) {
            machine.requirePower(machine.boot());
            DirectoryNode parent = root;
            for (String name : path.isEmpty() ? new String[0] : path.split("/", -1)) {
                switch (parent.current.get(name)) {
                    case DirectoryNode existing -> parent = existing;
                    case FileNode file -> throw new FileExistsException(path);
                    case null -> {
                        DirectoryNode made = new DirectoryNode();
                        changeNames(List.of(new NameChange.Entry(parent, name, made)));
                        sync(parent);
                        parent = made;
                    }
                }
            }
        }
    }

    @Override
    public void delete(String path) throws IOException {
        StoragePaths.requireBelowRoot(path);
        synchronized (machine) {
            machine.requirePower(machine.boot());
            Node node = require(path);
            if (node instanceof DirectoryNode directory && !directory.current.isEmpty()) {
                throw new IOException(path + " is a directory that isn't empty");
            }
            unlink(path, node);
        }
    }

    private void unlink(String path, Node node) throws IOException {
        DirectoryNode parent = directory(StoragePaths.parent(path));
        changeNames(List.of(new NameChange.Entry(parent, StoragePaths.name(path), null)));
        release(node);
    }

    private void release(@Nullable Node node) {
        if (node instanceof FileNode file) {
            machine.release(file.allocatedSectors());
            file.unlink();
        }
    }

    @Override
    public void deleteRecursively(String path) throws IOException {
        StoragePaths.requireBelowRoot(path);
        synchronized (machine) {
            machine.requirePower(machine.boot());
            Node node = find(path);
            if (node instanceof DirectoryNode directory) {
                for (String name : List.copyOf(directory.current.keySet())) {
                    deleteRecursively(StoragePaths.join(path, name));
                }
            }
            if (node != null) {
                unlink(path, node);
            }
        }
    }

    @Override
    public void rename(String from, String to) throws IOException {
        StoragePaths.requireBelowRoot(from);
        StoragePaths.requireBelowRoot(to);
        synchronized (machine) {
            machine.requirePower(machine.boot());
            Node node = require(from);
            Node replaced = find(to);
            if (node == replaced) {
                return;
            }
            if (to.startsWith(from + '/')) {
                throw new IOException(from + " can't be moved into itself");
            }
            requireReplaceable(node, replaced, to);
            changeNames(List.of(
                    new NameChange.Entry(directory(StoragePaths.parent(from)), StoragePaths.name(from), null),
                    new NameChange.Entry(directory(StoragePaths.parent(to)), StoragePaths.name(to), node)));
            release(replaced);
        }
    }

    private static void requireReplaceable(Node node, @Nullable Node replaced, String to) throws IOException {
        boolean possible = switch (replaced) {
            case null -> true;
            case FileNode file -> node instanceof FileNode;
            case DirectoryNode directory -> node instanceof DirectoryNode && directory.current.isEmpty();
        };
        if (!possible) {
            throw new IOException(to + " can't be replaced by a rename");
        }
    }

    @Override
    public void syncDirectory(String path) throws IOException {
        StoragePaths.requireValid(path);
        synchronized (machine) {
            machine.requirePower(machine.boot());
            sync(directory(path));
        }
    }

    @Override
    public Lock lock(String path) throws IOException {
        synchronized (machine) {
            open(path, OpenMode.CREATE).close();
            FileNode file = (FileNode) require(path);
            if (!locked.add(file)) {
                throw new AlreadyLockedException(path);
            }
            long boot = machine.boot();
            return () -> unlock(file, boot);
        }
    }

    private void unlock(FileNode file, long boot) {
        synchronized (machine) {
            if (boot == machine.boot()) {
                locked.remove(file);
            }
        }
    }

    @Override
    public Space space() throws IOException {
        synchronized (machine) {
            machine.requirePower(machine.boot());
            return new Space(machine.totalBytes(), machine.usableBytes());
        }
    }

    @Override
    public FileSystem subdirectory(String path) {
        return new SubdirectoryFileSystem(this, path);
    }

    @Override
    public Optional<String> realPath(String path) {
        return Optional.empty();
    }

    private void changeNames(List<NameChange.Entry> entries) throws IOException {
        machine.change(() -> {
            for (NameChange.Entry entry : entries) {
                Map<String, Node> names = entry.directory().current;
                Node node = entry.node();
                if (node == null) {
                    names.remove(entry.name());
                } else {
                    names.put(entry.name(), node);
                }
            }
            unsynced.add(new NameChange(entries));
        });
    }

    /** Saves the directory's changes, and the earlier ones that they can't be without. */
    private void sync(DirectoryNode directory) throws IOException {
        machine.sync(() -> {
            Set<Object> needed = new HashSet<>();
            List<NameChange> saved = new ArrayList<>();
            for (NameChange change : unsynced.reversed()) {
                if (change.touches(directory) || change.dependsOnAnyOf(needed)) {
                    change.addKeysTo(needed);
                    saved.addFirst(change);
                }
            }
            saved.forEach(NameChange::apply);
            unsynced.removeAll(new HashSet<>(saved));
        });
    }

    private Node require(String path) throws IOException {
        Node node = find(path);
        if (node == null) {
            throw new FileNotFoundException(path);
        }
        return node;
    }

    private DirectoryNode directory(String path) throws IOException {
        return switch (require(path)) {
            case DirectoryNode directory -> directory;
            case FileNode file -> throw new IOException(path + " is not a directory");
        };
    }

    private @Nullable Node find(String path) {
        Node at = root;
        if (path.isEmpty()) {
            return at;
        }
        for (String name : path.split("/", -1)) {
            if (!(at instanceof DirectoryNode directory)) {
                return null;
            }
            Node next = directory.current.get(name);
            if (next == null) {
                return null;
            }
            at = next;
        }
        return at;
    }
}
