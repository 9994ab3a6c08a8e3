package io.coffer.dataserver.chunk;

import io.coffer.common.chunk.ChunkAddress;
import io.coffer.common.chunk.ChunkDescriptor;
import io.coffer.common.chunk.ChunkError;
import io.coffer.common.chunk.ChunkException;
import io.coffer.common.chunk.ChunkWriter;
import io.coffer.common.chunk.DiskStatus;
import io.coffer.common.chunk.LocatedChunk;
import io.coffer.common.id.DiskId;
import io.coffer.common.id.VolumeId;
import io.coffer.common.io.BuffersExhaustedException;
import io.coffer.common.io.FileSystem;
import io.coffer.dataserver.disk.DiskDirectory;
import io.coffer.dataserver.disk.DiskOptions;
import io.coffer.dataserver.disk.LocalDisk;
import io.coffer.dataserver.disk.Region;
import io.coffer.dataserver.format.ChunkEntry;
import io.coffer.dataserver.format.ChunkKey;
import io.coffer.dataserver.format.IndexCounters;
import io.coffer.dataserver.format.Limits;
import io.coffer.dataserver.format.Mark;
import io.coffer.dataserver.format.RecordLayout;
import io.coffer.dataserver.format.SegmentEntry;
import io.coffer.dataserver.index.ChunkIndex;
import io.coffer.dataserver.index.IndexException;
import io.coffer.dataserver.index.IndexMemory;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The chunks of one disk. Thread-safe.
 *
 * <p>A chunk is found in {@code recent}, then among the hot ones, then in the index. Whoever changes a chunk holds the right to it
 * ({@link BusyChunks}) until the change is durable and in {@code recent}. Readers hold nothing: they pin the segment, verify
 * what they read, and look the chunk up again when it doesn't verify, because it may have been moved or deleted under them.
 */
public final class ChunkDisk implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ChunkDisk.class);
    private static final int READ_ATTEMPTS = 4;

    private final LocalDisk disk;
    private final ChunkIndex index;
    private final ChunkMemory memory;
    private final CorruptionListener corruptions;
    private final SegmentUses uses = new SegmentUses();
    private final RecentEntries recent = new RecentEntries();
    private final HotChunks hot = new HotChunks(Limits.MAX_HOT_CHUNKS);
    private final BusyChunks busy = new BusyChunks();
    private final ChunkCounters counters = new ChunkCounters();
    private final Map<VolumeId, Long> epochs;
    private final ChunkReader reader;
    private final IndexWriter indexWriter;
    private final DiskReclaim reclaim;
    private final DiskScrub scrub;
    private final ChunkListing listing;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** What all disks of a store have in common. */
    public record Shared(
            DiskOptions options,
            IndexMemory indexMemory,
            ChunkMemory memory,
            RandomGenerator random,
            CorruptionListener corruptions) {}

    private ChunkDisk(DiskDirectory directory, ChunkIndex index, Shared shared) throws IOException {
        this.index = index;
        this.memory = shared.memory;
        this.corruptions = shared.corruptions;
        this.epochs = new ConcurrentHashMap<>();
        Map<Long, SegmentEntry> known =
                index.segments().stream().collect(Collectors.toMap(SegmentEntry::id, Function.identity()));
        Optional<IndexCounters> found = index.counters();
        LocalDisk.Hooks hooks = new LocalDisk.Hooks(this::epochMarks, this::marksDurable);
        disk = LocalDisk.open(
                directory,
                shared.options,
                shared.random,
                hooks,
                known,
                found.orElse(IndexCounters.START).nextSegment());
        boolean recovered = false;
        try {
            Recovery.Outcome outcome = new Recovery(disk, index, found, uses).run(known);
            epochs.putAll(outcome.epochs());
            reader = new ChunkReader(disk, memory.reading());
            indexWriter = new IndexWriter("index " + directory.path(), index, disk, uses, recent, outcome.nextDead());
            reclaim = new DiskReclaim(this, reader, index, disk, uses, indexWriter, counters);
            scrub = new DiskScrub(this, index, disk, uses, counters);
            listing = new ChunkListing(this, disk, index, indexWriter);
            recovered = true;
        } finally {
            if (!recovered) {
                disk.close();
            }
        }
    }

    /** Opens the disk in a directory, which it closes from then on; brings its index up to date first. */
    public static ChunkDisk open(DiskDirectory directory, Shared shared) throws IOException {
        ChunkIndex index = null;
        ChunkDisk opened = null;
        try {
            index = openIndex(directory, shared.indexMemory);
            opened = new ChunkDisk(directory, index, shared);
            opened.indexWriter.start();
            opened.disk.start();
            return opened;
        } finally {
            if (opened == null) {
                if (index != null) {
                    index.close();
                }
                directory.close();
            }
        }
    }

    private static ChunkIndex openIndex(DiskDirectory directory, IndexMemory memory) throws IOException {
        FileSystem files = directory.files();
        try {
            ChunkIndex index =
                    directory.readOnly() ? ChunkIndex.openReadOnly(files, memory) : ChunkIndex.open(files, memory);
            if (index.counters().isPresent()) {
                return index;
            }
            index.close(); // never finished
        } catch (IndexException e) {
            if (e.reason() != IndexException.Reason.DAMAGED) {
                throw e;
            }
            LOG.error("disk {}: the index is damaged and will be rebuilt", directory.path(), e);
        }
        if (directory.readOnly()) {
            return ChunkIndex.inMemory();
        }
        files.deleteRecursively(ChunkIndex.DIRECTORY);
        return ChunkIndex.open(files, memory);
    }

    private List<Mark.Epoch> epochMarks() {
        return epochs.entrySet().stream()
                .map(epoch -> new Mark.Epoch(epoch.getKey(), epoch.getValue()))
                .toList();
    }

    private void marksDurable(Region region) {
        indexWriter.submit(new IndexChange.MarksSettled(region));
    }

    public DiskId id() {
        return disk.identity().disk();
    }

    /** The highest epochs this disk has seen. */
    public Map<VolumeId, Long> epochs() {
        return Map.copyOf(epochs);
    }

    /** Remembers an epoch for good, though not before this returns. */
    void learnEpoch(VolumeId volume, long epoch) {
        if (epochs.merge(volume, epoch, Math::max) == epoch && disk.health().isAppendable()) {
            disk.mark(new Mark.Epoch(volume, epoch), new EpochCommit(volume, epoch));
        }
    }

    private final class EpochCommit extends AwaitedCommit {
        private final VolumeId volume;
        private final long epoch;

        EpochCommit(VolumeId volume, long epoch) {
            this.volume = volume;
            this.epoch = epoch;
        }

        @Override
        void settled(@Nullable ChunkException failure) {
            if (failure == null) {
                indexWriter.submit(new IndexChange.Epoch(volume, epoch));
            } else {
                LOG.warn("epoch {} of volume {} isn't durable: {}", epoch, volume.value(), failure.getMessage());
            }
        }
    }

    /** See {@link io.coffer.common.chunk.ChunkStore#fence}. */
    void fence(VolumeId volume, long epoch) throws ChunkException {
        disk.health().requireReadable();
        long known = epochs.merge(volume, epoch, Math::max);
        if (known > epoch) {
            throw staleEpoch(volume, known, epoch);
        }
        if (disk.health().isAppendable()) {
            // Even if it was known: the mark of whoever told may be under way still, or have failed.
            EpochCommit commit = new EpochCommit(volume, epoch);
            disk.mark(new Mark.Epoch(volume, epoch), commit);
            commit.await();
        }
        busy.awaitCommitting(volume);
        indexWriter.await(false);
    }

    static ChunkException staleEpoch(VolumeId volume, long known, long epoch) {
        return new ChunkException(
                ChunkError.STALE_EPOCH, "volume %d is at epoch %d, not %d".formatted(volume.value(), known, epoch));
    }

    /** The last word before a commit: whoever fences after this waits for it. */
    private void admitCommit(ChunkAddress address, WritePurpose purpose, BusyChunks.Busy mine) throws ChunkException {
        if (purpose == WritePurpose.MOVE) {
            return; // the chunk is there already, whatever became of the volume
        }
        mine.committing();
        long known = epochs.getOrDefault(address.volume(), 0L);
        if (known > address.volumeEpoch()) {
            throw staleEpoch(address.volume(), known, address.volumeEpoch());
        }
    }

    ChunkWriter create(ChunkDescriptor descriptor) throws ChunkException {
        requireRoomForMore();
        ChunkKey key = ChunkKey.of(descriptor.address());
        BusyChunks.Busy mine = busy.tryBegin(key, true);
        if (mine == null) {
            throw new ChunkException(ChunkError.EXISTS, key + " is being written");
        }
        boolean begun = false;
        try {
            if (lookup(key) != null) {
                throw new ChunkException(ChunkError.EXISTS, key + " exists");
            }
            ChunkWriter writer = writer(descriptor, WritePurpose.CREATE, 0, mine);
            begun = true;
            return writer;
        } finally {
            if (!begun) {
                mine.end();
            }
        }
    }

    /** Like a creation, but takes the place of what is there. */
    ChunkWriter replace(ChunkDescriptor descriptor) throws ChunkException {
        requireRoomForMore();
        ChunkKey key = ChunkKey.of(descriptor.address());
        BusyChunks.Busy mine = busy.begin(key);
        if (mine == null) {
            throw new ChunkException(ChunkError.EXISTS, key + " is being written");
        }
        return writerOrEnd(descriptor, WritePurpose.REPAIR, 0, mine);
    }

    /** A writer of the same version in another place, or null if somebody changes the chunk or it isn't that any more. */
    @Nullable
    ChunkWriter move(ChunkKey key, ChunkEntry from) throws ChunkException {
        BusyChunks.Busy mine = busy.tryBegin(key, false);
        if (mine == null) {
            return null;
        }
        boolean current = false;
        try {
            ChunkEntry now = lookup(key);
            current = now != null && now.place().equals(from.place());
        } finally {
            if (!current) {
                mine.end();
            }
        }
        return current
                ? writerOrEnd(from.descriptor(key, id(), from.volumeEpoch()), WritePurpose.MOVE, from.version(), mine)
                : null;
    }

    private void requireRoomForMore() throws ChunkException {
        disk.health().requireWritable();
        if (busy.count() >= Limits.MAX_OPEN_WRITERS || indexWriter.isBehind()) {
            throw new ChunkException(ChunkError.OVERLOADED, "too much in flight on disk " + path());
        }
    }

    private ChunkWriter writerOrEnd(
            ChunkDescriptor descriptor, WritePurpose purpose, long version, BusyChunks.Busy mine)
            throws ChunkException {
        boolean begun = false;
        try {
            ChunkWriter writer = writer(descriptor, purpose, version, mine);
            begun = true;
            return writer;
        } finally {
            if (!begun) {
                mine.end();
            }
        }
    }

    private ChunkWriter writer(ChunkDescriptor descriptor, WritePurpose purpose, long version, BusyChunks.Busy mine)
            throws ChunkException {
        ChunkKey key = ChunkKey.of(descriptor.address());
        long recordBytes = RecordLayout.recordBytes(descriptor.length());
        Region region = disk.reserve(key.volume().value(), key.index(), recordBytes, purpose == WritePurpose.MOVE);
        LocalChunkWriter.Ending ending = new LocalChunkWriter.Ending() {
            @Override
            public void admit() throws ChunkException {
                admitCommit(descriptor.address(), purpose, mine);
            }

            @Override
            public void durable(ChunkEntry entry, Region written) {
                written(key, entry, written, purpose);
                mine.end();
            }

            @Override
            public void gone() {
                mine.end();
            }
        };
        return new LocalChunkWriter(disk, memory, descriptor, version, region, ending);
    }

    /** On the committer's thread: from here on the chunk is readable. */
    private void written(ChunkKey key, ChunkEntry entry, Region region, WritePurpose purpose) {
        RecentEntries.Recent now = new RecentEntries.Recent(entry);
        recent.put(key, now);
        if (purpose == WritePurpose.CREATE) {
            counters.writtenChunks.increment();
            counters.writtenBytes.add(entry.length());
            indexWriter.submit(new IndexChange.Put(key, now, entry, region));
        } else {
            hot.remove(key);
            (purpose == WritePurpose.MOVE ? counters.movedBytes : counters.repairedChunks)
                    .add(purpose == WritePurpose.MOVE ? entry.length() : 1);
            indexWriter.submit(new IndexChange.Replace(key, now, entry, region));
        }
    }

    /** What is known of a chunk, or null if there is none. */
    @Nullable
    ChunkEntry lookup(ChunkKey key) throws ChunkException {
        RecentEntries.Recent fresh = recent.get(key);
        try {
            return fresh != null ? fresh.entry() : index.get(key);
        } catch (IndexException e) {
            throw indexFailed(e);
        }
    }

    private HotChunks.@Nullable Hot locate(ChunkKey key) throws ChunkException {
        long stamp = hot.stamp(key);
        RecentEntries.Recent fresh = recent.get(key);
        if (fresh != null) {
            return fresh.entry() == null ? null : new HotChunks.Hot(fresh.entry(), null);
        }
        HotChunks.Hot known = hot.get(key);
        if (known == null) {
            ChunkEntry entry = lookup(key);
            if (entry == null) {
                return null;
            }
            known = new HotChunks.Hot(entry, null);
            hot.put(key, known, stamp);
        }
        return known;
    }

    ChunkException indexFailed(IndexException e) {
        disk.health().failed("index: " + e.getMessage());
        return new ChunkException(ChunkError.DISK_FAILED, "the index of disk " + path() + " failed", e);
    }

    /** @param pieces gets the checksums of what was read, cut at block borders; null if nobody wants them */
    void read(ChunkAddress address, long offset, ByteBuffer target, int @Nullable [] pieces) throws ChunkException {
        disk.health().requireReadable();
        ChunkKey key = ChunkKey.of(address);
        int start = target.position();
        ChunkEntry last = null;
        for (int attempt = 0; attempt < READ_ATTEMPTS; attempt++) {
            long stamp = hot.stamp(key);
            HotChunks.Hot located = locate(key);
            if (located == null) {
                throw notHere(key);
            }
            ChunkEntry entry = located.entry();
            requireInside(key, entry, offset, target.remaining());
            if (last != null && last.place().equals(entry.place())) {
                break; // nobody moved it: the bytes are bad
            }
            ChunkReader.Outcome outcome = read(address, located, offset, target, pieces);
            if (outcome.result() == ChunkReader.Result.DONE) {
                keepTable(key, located, outcome.table(), stamp);
                counters.reads.increment();
                counters.readBytes.add(target.position() - start);
                return;
            }
            target.position(start);
            hot.remove(key);
            last = entry;
        }
        throw corrupt(address, last);
    }

    private ChunkException notHere(ChunkKey key) {
        return new ChunkException(ChunkError.NOT_FOUND, key + " isn't on disk " + path());
    }

    LocatedChunk place(ChunkAddress address) throws ChunkException {
        disk.health().requireReadable();
        ChunkKey key = ChunkKey.of(address);
        HotChunks.Hot located = locate(key);
        LocatedChunk place = located == null ? null : reader.place(key, located);
        if (place == null) {
            throw notHere(key);
        }
        return place;
    }

    private static void requireInside(ChunkKey key, ChunkEntry entry, long offset, int wanted) {
        if (offset < 0 || offset + wanted > entry.length()) {
            throw new IllegalArgumentException(
                    "%d bytes at %d of %s, which has %d".formatted(wanted, offset, key, entry.length()));
        }
    }

    private ChunkReader.Outcome read(
            ChunkAddress address, HotChunks.Hot located, long offset, ByteBuffer target, int @Nullable [] pieces)
            throws ChunkException {
        try {
            ChunkReader.Outcome outcome = reader.read(ChunkKey.of(address), located, offset, target, pieces);
            disk.health().readSucceeded();
            return outcome;
        } catch (BuffersExhaustedException e) {
            throw new ChunkException(ChunkError.OVERLOADED, "too many reads on disk " + path(), e);
        } catch (InterruptedIOException e) {
            throw new ChunkException(ChunkError.UNAVAILABLE, "interrupted", e);
        } catch (IOException e) {
            ChunkException failure = disk.health().readFailed(e);
            corruptions.damaged(address, "can't be read: " + e.getMessage());
            throw failure;
        }
    }

    private void keepTable(ChunkKey key, HotChunks.Hot located, int @Nullable [] table, long stamp) {
        ChunkEntry entry = located.entry();
        if (entry.needsTable() && located.table() == null && entry.blocks() <= Limits.MAX_HOT_BLOCKS) {
            hot.put(key, new HotChunks.Hot(entry, table), stamp);
        }
    }

    private ChunkException corrupt(ChunkAddress address, @Nullable ChunkEntry entry) {
        ChunkKey key = ChunkKey.of(address);
        if (entry != null) {
            reportCorrupt(key, entry, "doesn't verify");
        }
        return new ChunkException(ChunkError.CORRUPT, key + " is damaged on disk " + path());
    }

    /** Notes it in the index and has it repaired. */
    void reportCorrupt(ChunkKey key, ChunkEntry entry, String what) {
        counters.corruptions.increment();
        if (entry.state() != ChunkEntry.State.CORRUPT) {
            LOG.error("disk {}: {} at {} {}", path(), key, entry.place(), what);
            indexWriter.submit(new IndexChange.Corrupt(key, entry.place()));
            hot.remove(key);
        }
        corruptions.damaged(key.on(id(), epoch(key, entry)), what);
    }

    boolean delete(ChunkAddress address) throws ChunkException {
        DeletionCommit deletion = beginDelete(address);
        if (deletion == null) {
            return false;
        }
        deletion.await();
        return true;
    }

    /** Deletes once {@code await} of what it returns does; null if there is nothing to delete. */
    @Nullable
    DeletionCommit beginDelete(ChunkAddress address) throws ChunkException {
        disk.health().requireAppendable();
        if (indexWriter.isBehind()) {
            throw new ChunkException(ChunkError.OVERLOADED, "too much in flight on disk " + path());
        }
        ChunkKey key = ChunkKey.of(address);
        BusyChunks.Busy mine = busy.begin(key);
        if (mine == null) {
            return null; // it isn't there yet
        }
        DeletionCommit deletion = new DeletionCommit(key, mine);
        boolean begun = false;
        try {
            ChunkEntry entry = lookup(key);
            if (entry == null) {
                return null;
            }
            disk.mark(new Mark.Delete(key, entry.version()), deletion);
            begun = true;
        } finally {
            if (!begun) {
                mine.end();
            }
        }
        return deletion;
    }

    final class DeletionCommit extends AwaitedCommit {
        private final ChunkKey key;
        private final BusyChunks.Busy mine;

        DeletionCommit(ChunkKey key, BusyChunks.Busy mine) {
            this.key = key;
            this.mine = mine;
        }

        @Override
        void settled(@Nullable ChunkException failure) {
            if (failure == null) {
                recent.put(key, RecentEntries.Recent.DELETED);
                hot.remove(key);
                counters.deletes.increment();
                indexWriter.submit(new IndexChange.Delete(key));
            }
            mine.end();
        }
    }

    ChunkListing listing() {
        return listing;
    }

    /** Tells the listener of all chunks that are known to be damaged; reads the whole index. */
    public void reportDamaged() throws ChunkException {
        listing.damaged(key -> corruptions.damaged(key, "was found damaged earlier"));
    }

    long epoch(ChunkKey key, ChunkEntry entry) {
        return epochs.getOrDefault(key.volume(), entry.volumeEpoch());
    }

    DiskStatus status() {
        return new DiskStatus(
                id(),
                path(),
                disk.health().state(),
                disk.totalBytes(),
                disk.freeBytes(),
                uses.liveBytes(),
                disk.durableBefore(),
                disk.health().reason());
    }

    public ChunkCounters.Snapshot counters() {
        return counters.snapshot(disk.commitGroups(), busy.count(), indexWriter.backlog());
    }

    /** The steps that give space back. */
    public DiskReclaim reclaim() {
        return reclaim;
    }

    /** The steps that read everything now and then. */
    public DiskScrub scrub() {
        return scrub;
    }

    public String path() {
        return disk.directory().path();
    }

    /** Commits what waits, makes the index durable and gives the directory back. */
    @Override
    public void close() throws IOException {
        if (closed.getAndSet(true)) {
            return;
        }
        try {
            disk.stop();
            indexWriter.close();
            if (!disk.directory().readOnly() && disk.health().isReadable()) {
                indexWriter.seal();
            }
        } finally {
            index.close();
            disk.close();
        }
    }
}
