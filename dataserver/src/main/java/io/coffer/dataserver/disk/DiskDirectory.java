package io.coffer.dataserver.disk;

import io.coffer.common.id.ClusterId;
import io.coffer.common.id.DiskId;
import io.coffer.common.id.NodeId;
import io.coffer.common.io.AlreadyLockedException;
import io.coffer.common.io.FileSystem;
import io.coffer.common.io.ReadOnlyException;
import io.coffer.dataserver.format.DiskIdentity;
import io.coffer.dataserver.format.FormatException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A directory that is known to be this node's disk, and locked. See docs/formats/disk-identity.md.
 *
 * <p>Nothing is written into a directory before it is known to be ours, or empty.
 */
public final class DiskDirectory implements AutoCloseable {
    private static final String LOCK = "lock";
    private static final int MAX_IDENTITY_BYTES = 4096;
    private static final Set<String> HARMLESS =
            Set.of(LOCK, "lost+found", DiskIdentity.FILE_NAME + FileSystem.TEMPORARY_SUFFIX);

    private final FileSystem files;
    private final String path;
    private final DiskIdentity identity;

    /** Null on a read-only disk, which nobody can harm. */
    private final FileSystem.@Nullable Lock lock;

    private DiskDirectory(FileSystem files, String path, DiskIdentity identity, FileSystem.@Nullable Lock lock) {
        this.files = files;
        this.path = path;
        this.identity = identity;
        this.lock = lock;
    }

    /**
     * Who asks.
     *
     * @param expected the disk that must be there; null if an empty directory may become a new one
     */
    public record Owner(
            ClusterId cluster, NodeId node, @Nullable DiskId expected) {}

    /**
     * Opens the directory, and makes it a disk if it is empty.
     *
     * @throws DiskRefusedException if it isn't this owner's
     * @throws IOException if it can't be read or written, or isn't there
     */
    public static DiskDirectory open(FileSystem files, String path, Owner owner, long nowMillis, RandomGenerator random)
            throws DiskRefusedException, IOException {
        if (owner.expected() == null && !files.exists("")) {
            files.createDirectories("");
        }
        boolean known = files.exists(DiskIdentity.FILE_NAME);
        if (known) {
            requireOwn(read(files, path), path, owner); // before the lock file appears in somebody else's directory
        } else {
            requireEmpty(files, path, owner);
        }
        FileSystem.Lock lock = lock(files, path);
        boolean opened = false;
        try {
            if (!known && !files.exists(DiskIdentity.FILE_NAME)) {
                create(files, owner, nowMillis, random);
            }
            DiskIdentity identity = read(files, path);
            requireOwn(identity, path, owner);
            opened = true;
            return new DiskDirectory(files, path, identity, lock);
        } finally {
            if (!opened && lock != null) {
                lock.close();
            }
        }
    }

    private static DiskIdentity read(FileSystem files, String path) throws DiskRefusedException, IOException {
        try {
            return DiskIdentity.decode(files.readSmall(DiskIdentity.FILE_NAME, MAX_IDENTITY_BYTES));
        } catch (FormatException e) {
            throw new DiskRefusedException(path, "its identity file " + e.getMessage());
        }
    }

    private static void requireOwn(DiskIdentity identity, String path, Owner owner) throws DiskRefusedException {
        if (!identity.cluster().equals(owner.cluster())) {
            throw new DiskRefusedException(
                    path, "belongs to cluster " + identity.cluster() + ", not to " + owner.cluster());
        }
        if (!identity.node().equals(owner.node())) {
            throw new DiskRefusedException(path, "belongs to node " + identity.node() + ", not to " + owner.node());
        }
        if (owner.expected() != null && !identity.disk().equals(owner.expected())) {
            throw new DiskRefusedException(path, "is disk " + identity.disk() + ", not " + owner.expected());
        }
    }

    private static void requireEmpty(FileSystem files, String path, Owner owner)
            throws DiskRefusedException, IOException {
        List<String> names = files.list("");
        for (String name : names) {
            if (!HARMLESS.contains(name)) {
                throw new DiskRefusedException(path, "isn't a disk of Coffer and isn't empty: it has " + name);
            }
        }
        if (owner.expected() != null) {
            throw new FileNotFoundException(
                    path + ": disk " + owner.expected() + " isn't there; is its file system mounted?");
        }
    }

    private static FileSystem.@Nullable Lock lock(FileSystem files, String path)
            throws DiskRefusedException, IOException {
        try {
            return files.lock(LOCK);
        } catch (AlreadyLockedException e) {
            throw new DiskRefusedException(path, "is in use by another process");
        } catch (ReadOnlyException e) {
            return null;
        }
    }

    private static void create(FileSystem files, Owner owner, long nowMillis, RandomGenerator random)
            throws IOException {
        DiskId disk = new DiskId(randomUuid(random));
        files.replace(
                DiskIdentity.FILE_NAME, new DiskIdentity(owner.cluster(), owner.node(), disk, nowMillis).encode());
    }

    /** A version 4 UUID out of this generator. */
    private static UUID randomUuid(RandomGenerator random) {
        long high = random.nextLong() & ~0xf000L | 0x4000L;
        long low = random.nextLong() & ~(0b11L << 62) | 0b10L << 62;
        return new UUID(high, low);
    }

    public FileSystem files() {
        return files;
    }

    public String path() {
        return path;
    }

    public DiskIdentity identity() {
        return identity;
    }

    /** Whether the file system under the directory can't be written. */
    public boolean readOnly() {
        return lock == null;
    }

    @Override
    public void close() throws IOException {
        if (lock != null) {
            lock.close();
        }
    }
}
