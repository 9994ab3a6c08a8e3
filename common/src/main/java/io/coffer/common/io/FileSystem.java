package io.coffer.common.io;

import java.io.Closeable;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * One directory tree on one disk: the only way this project touches files.
 *
 * <p>Every path is relative to the root, uses {@code /}, and is checked: an absolute path, an empty component,
 * {@code .} and {@code ..} are an {@link IllegalArgumentException}. The empty string is the root itself where a
 * directory is wanted.
 *
 * <p><b>Durability.</b> Bytes are durable after {@link StorageFile#sync}. A name (created, renamed, deleted) is durable
 * after {@link #syncDirectory} of the directory that holds it; only {@link #replace} and {@link #createDirectories} do
 * that by themselves. A failed sync means that the bytes may be gone although they still read back: never sync again
 * and go on, give the file up.
 *
 * <p><b>Failures.</b> A missing file is a {@link FileNotFoundException}, a full disk a {@link NoSpaceException}, a
 * read-only one a {@link ReadOnlyException}; everything else is a plain {@link IOException}.
 *
 * <p>Thread-safe. Interrupting a thread inside a call neither ends the call nor closes the file.
 */
public interface FileSystem {

    /** Appended to a path by {@link #replace}; a file with this ending is left by a crash and means nothing. */
    String TEMPORARY_SUFFIX = ".tmp";

    StorageFile open(String path, OpenMode mode) throws IOException;

    /** Where other processes on this machine find it: an absolute path, which {@link RealFileSystem#openHere} takes; empty if they can't. */
    default Optional<String> location(String path) {
        return Optional.empty();
    }

    /** The whole file, which must not be longer than {@code maxBytes}. */
    default byte[] readSmall(String path, int maxBytes) throws IOException {
        try (StorageFile file = open(path, OpenMode.READ)) {
            long size = file.size();
            if (size > maxBytes) {
                throw new IOException(path + " has " + size + " bytes, more than the " + maxBytes + " allowed");
            }
            ByteBuffer content = ByteBuffer.allocate((int) size);
            file.readFully(content, 0);
            return content.array();
        } catch (EOFException e) {
            throw new IOException(path + " shrank while it was read", e);
        }
    }

    /**
     * Puts {@code content} in the place of whatever the path held: after a crash it holds the old bytes or the new ones,
     * and the new ones once this returned. One writer per path at a time.
     */
    default void replace(String path, byte[] content) throws IOException {
        String temporary = path + TEMPORARY_SUFFIX;
        try (StorageFile file = open(temporary, OpenMode.CREATE)) {
            file.truncate(0);
            file.write(ByteBuffer.wrap(content), 0);
            file.sync();
        }
        rename(temporary, path);
        syncDirectory(StoragePaths.parent(path));
    }

    boolean exists(String path) throws IOException;

    /** The names (not paths) in a directory, sorted. */
    List<String> list(String directory) throws IOException;

    /** Creates the directory and its parents where missing; they are durable when this returns. */
    void createDirectories(String path) throws IOException;

    /** Deletes a file or an empty directory, which must exist. */
    void delete(String path) throws IOException;

    /** Deletes a file or a directory with everything in it; does nothing when there is none. Not atomic. */
    void deleteRecursively(String path) throws IOException;

    /** Moves a file or directory; a file (not a directory with content) at {@code to} is replaced atomically. */
    void rename(String from, String to) throws IOException;

    void syncDirectory(String path) throws IOException;

    /**
     * Takes an exclusive lock that holds against this process and every other one, and that dies with the process. The
     * file is created when missing and stays.
     *
     * @throws AlreadyLockedException when somebody else holds it
     */
    Lock lock(String path) throws IOException;

    Space space() throws IOException;

    /** This file system seen from one of its directories; nothing is created. */
    FileSystem subdirectory(String path);

    /** Where the path is for libraries that open files by themselves; empty when it isn't on a real disk. */
    Optional<String> realPath(String path);

    /** A held lock; closing releases it. */
    interface Lock extends Closeable {}

    /** What the disk under the root holds; usable is what an unprivileged writer still gets. */
    record Space(long totalBytes, long usableBytes) {
        public Space {
            if (totalBytes < 0 || usableBytes < 0 || usableBytes > totalBytes) {
                throw new IllegalArgumentException("space of " + usableBytes + " in " + totalBytes + " bytes");
            }
        }
    }
}
