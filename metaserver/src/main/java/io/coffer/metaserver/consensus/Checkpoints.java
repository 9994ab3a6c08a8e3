package io.coffer.metaserver.consensus;

import io.coffer.common.io.FileSystem;
import io.coffer.common.io.NoSpaceException;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.server.storage.RaftStorageDirectory;
import org.apache.ratis.statemachine.SnapshotInfo;
import org.apache.ratis.statemachine.SnapshotRetentionPolicy;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.impl.FileListSnapshotInfo;
import org.jspecify.annotations.Nullable;

/**
 * The checkpoints of one group: directories {@code sm/TERM_INDEX}, complete and durable once they have that name. The log up to
 * the index of the newest may be gone. A checkpoint holds at least what its name says; entries it holds beyond are skipped when
 * the log hands them out again.
 *
 * <p>A follower that is too far behind receives the newest one from its leader: Ratis puts it in place of the whole {@code sm}
 * directory.
 */
final class Checkpoints implements StateMachineStorage {
    /** Ratis' name; it renames what it received to it. */
    static final String DIRECTORY = RaftStorageDirectory.STATE_MACHINE_DIR_NAME;

    /** Left behind by Ratis for every file it received. */
    private static final String DIGEST_SUFFIX = ".md5";

    /** For what a checkpoint has beside rows: directories, links, the list of files. */
    private static final long ROOM_FOR_NAMES_BYTES = 1 << 20;

    private static final Pattern NAME = Pattern.compile("(\\d{1,19})_(\\d{1,19})");

    private final FileSystem group;
    private volatile @Nullable SnapshotInfo latest;

    Checkpoints(FileSystem group) {
        this.group = group;
    }

    /** The newest on disk. */
    Optional<LogPosition> newest() throws IOException {
        List<LogPosition> all = all();
        return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
    }

    /** In ascending order. */
    private List<LogPosition> all() throws IOException {
        List<LogPosition> found = new ArrayList<>();
        if (!group.exists(DIRECTORY)) {
            return found;
        }
        for (String name : group.list(DIRECTORY)) {
            Matcher matcher = NAME.matcher(name);
            if (matcher.matches()) {
                found.add(new LogPosition(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2))));
            }
        }
        found.sort(Comparator.comparingLong(LogPosition::index));
        return found;
    }

    /**
     * Takes a checkpoint that holds at least what the state has applied now. Nothing is announced yet.
     *
     * @throws NoSpaceException if the disk has no room for it; the state was not touched, because one that fails to write may stop
     */
    LogPosition take(ReplicatedState state) throws IOException {
        long needed = state.unflushedBytes() + ROOM_FOR_NAMES_BYTES;
        long usable = group.space().usableBytes();
        if (usable < needed) {
            throw new NoSpaceException("%d bytes are free, a checkpoint takes up to %d".formatted(usable, needed));
        }
        LogPosition at = state.applied();
        String unfinished = path(at) + FileSystem.TEMPORARY_SUFFIX;
        group.createDirectories(DIRECTORY);
        group.deleteRecursively(unfinished);
        state.checkpoint(real(unfinished));
        group.deleteRecursively(path(at));
        group.rename(unfinished, path(at));
        group.syncDirectory(DIRECTORY);
        return at;
    }

    /** Tells Ratis of a checkpoint: it may purge the log up to it, and send it to followers. */
    void announce(LogPosition at) throws IOException {
        List<FileInfo> files = new ArrayList<>();
        for (String name : group.list(path(at))) {
            files.add(new FileInfo(new File(real(path(at) + "/" + name)).toPath(), null));
        }
        latest = new FileListSnapshotInfo(files, at.toTermIndex());
    }

    /** Deletes all but the newest {@code keep}, and what an interrupted one left. */
    void prune(int keep) throws IOException {
        List<LogPosition> all = all();
        for (LogPosition old : all.subList(0, Math.max(0, all.size() - keep))) {
            group.deleteRecursively(path(old));
        }
        for (String name : group.list(DIRECTORY)) {
            if (name.endsWith(FileSystem.TEMPORARY_SUFFIX)) {
                group.deleteRecursively(DIRECTORY + "/" + name);
            }
        }
    }

    /** Moves a checkpoint away, to become a state. */
    void moveTo(LogPosition at, String directory) throws IOException {
        for (String name : group.list(path(at))) {
            if (name.endsWith(DIGEST_SUFFIX)) {
                group.delete(path(at) + "/" + name);
            }
        }
        group.rename(path(at), directory);
        group.syncDirectory(DIRECTORY);
        group.syncDirectory("");
    }

    private String real(String path) throws IOException {
        return group.realPath(path).orElseThrow(() -> new IOException("a group's directory must be on a real disk"));
    }

    private static String path(LogPosition at) {
        return DIRECTORY + "/" + at;
    }

    @Override
    public void init(RaftStorage storage) {}

    @Override
    public @Nullable SnapshotInfo getLatestSnapshot() {
        return latest;
    }

    /** The index of the newest that was announced; -1 for none. */
    long announcedIndex() {
        SnapshotInfo info = latest;
        return info == null ? LogPosition.NONE.index() : info.getIndex();
    }

    @Override
    public void format() {}

    /** {@link #prune} does it, off the applier's thread. */
    @Override
    public void cleanupOldSnapshots(SnapshotRetentionPolicy policy) {}
}
