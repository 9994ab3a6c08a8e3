package io.coffer.dataserver.disk;

import io.coffer.common.chunk.ChunkException;
import io.coffer.common.io.FileSystem;
import io.coffer.common.io.StorageFile;
import io.coffer.dataserver.format.DeadRecord;
import io.coffer.dataserver.format.DiskIdentity;
import io.coffer.dataserver.format.Limits;
import io.coffer.dataserver.format.Mark;
import io.coffer.dataserver.format.RecordLayout;
import io.coffer.dataserver.format.SegmentEntry;
import io.coffer.dataserver.format.SegmentHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One disk as a set of segments. Thread-safe; its threads are the committer and those of {@link LongWrites}.
 *
 * <p>A record is durable when its commit's outcome says so, and not before. What is where is for the index to know.
 *
 * <p>Life: {@link #open}; a scan of what the index doesn't cover and {@link #reopen} of what isn't full; {@link #start}; then appends.
 */
public final class LocalDisk implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalDisk.class);

    private final DiskDirectory directory;
    private final DiskOptions options;
    private final DiskHealth health;
    private final DiskSpace space;
    private final SegmentTable table;
    private final OpenSegments openSegments;
    private final CommitSequence sequence = new CommitSequence(1);
    private final Committer committer;
    private final LongWrites longWrites;
    private boolean started;

    private LocalDisk(DiskDirectory directory, DiskOptions options, RandomGenerator random, Hooks hooks)
            throws IOException {
        this.directory = directory;
        this.options = options;
        FileSystem files = directory.files();
        health = new DiskHealth(directory.path());
        space = new DiskSpace(files, directory.path(), health, options);
        if (directory.readOnly()) {
            health.readOnly("mounted read-only");
        }
        DiskIdentity identity = directory.identity();
        SegmentFiles segmentFiles =
                new SegmentFiles(files, identity.disk(), directory.readOnly(), Limits.MAX_OPEN_FILES);
        table = new SegmentTable(
                files, segmentFiles, identity.disk(), health, space, options.marksSegmentBytes(), random);
        openSegments = new OpenSegments(table, health);
        MarksLog marksLog = new MarksLog(table, health, sequence, hooks.epochs, hooks.marksDurable);
        committer = new Committer("commit " + directory.path(), health, sequence, marksLog);
        longWrites = new LongWrites("write " + directory.path());
    }

    /**
     * What the disk needs from its user.
     *
     * @param epochs the epochs of all volumes the disk knows
     * @param marksDurable told of each region of marks after the outcomes of its marks were told; to be settled
     */
    public record Hooks(Supplier<List<Mark.Epoch>> epochs, Consumer<Region> marksDurable) {}

    /**
     * Finds the segments.
     *
     * @param known what the index knows of them, by id
     */
    public static LocalDisk open(
            DiskDirectory directory,
            DiskOptions options,
            RandomGenerator random,
            Hooks hooks,
            Map<Long, SegmentEntry> known,
            long nextSegment)
            throws IOException {
        LocalDisk disk = new LocalDisk(directory, options, random, hooks);
        disk.table.load(known, nextSegment, directory.readOnly());
        return disk;
    }

    /** Numbers commits from here on, or higher. */
    public void continueAt(long nextSequence) {
        sequence.continueAt(nextSequence);
    }

    /** Takes appends from here on. */
    public void start() throws ChunkException {
        if (!directory.readOnly()) {
            table.prepare();
        }
        committer.start();
        started = true;
    }

    public DiskDirectory directory() {
        return directory;
    }

    public DiskIdentity identity() {
        return directory.identity();
    }

    public DiskHealth health() {
        return health;
    }

    /** Every segment there is, in no order. */
    public Collection<Segment> segments() {
        return table.all();
    }

    public @Nullable Segment segment(long id) {
        return table.get(id);
    }

    /** Continues a segment that isn't full, or fills the pool with it if it is free; only before the start. */
    public void reopen(Segment segment) {
        if (segment.phase() == Segment.Phase.FREE) {
            table.pool(segment);
        } else if (segment.kind() == SegmentHeader.Kind.DATA && segment.tail() < segment.size()) {
            segment.open(openSegments.adopt(segment));
        }
    }

    /**
     * Room for one record of a volume member.
     *
     * @param reclaiming whether the record is moved to make room elsewhere, which a full disk allows too
     */
    public Region reserve(long volume, int member, long recordBytes, boolean reclaiming) throws ChunkException {
        return openSegments.reserve(volume, member, recordBytes, reclaiming);
    }

    /**
     * Begins to write what remains in the buffer, {@code at} bytes into the region, past the page cache where that is possible; see
     * {@link io.coffer.common.io.StorageFile#writeUncached}. Before it is over nobody may touch the buffer, or end the region.
     */
    public LongWrite beginWrite(Region region, ByteBuffer data, long at) {
        return longWrites.begin(region, data, at);
    }

    /** Begins a commit, which ends with {@link #commit} or {@link #cancel}. */
    public CommitTicket begin() {
        return sequence.begin();
    }

    public void cancel(CommitTicket ticket) {
        sequence.finish(ticket);
    }

    /** Makes a record durable that was written into the region. */
    public void commit(Region region, CommitTicket ticket, CommitOutcome outcome) {
        committer.submit(new Pending.Append(region, ticket, outcome));
    }

    /** Writes a mark and makes it durable. */
    public void mark(Mark mark, CommitOutcome outcome) {
        committer.submit(new Pending.Marking(mark, outcome));
    }

    /**
     * Makes records of one segment unrecognisable for ever.
     *
     * @return the bytes that came free as holes
     */
    public long erase(Segment segment, List<DeadRecord> records) throws ChunkException {
        long holes = 0;
        try {
            if (records.isEmpty() || !segment.pin(records.getFirst().place().generation())) {
                return 0; // formatted meanwhile
            }
            try {
                for (DeadRecord record : records) {
                    holes += erase(segment.file(), record);
                }
                segment.file().sync();
            } finally {
                segment.unpin();
            }
            return holes;
        } catch (SegmentDamagedException e) {
            LOG.warn("{} dead records are out of reach: {}", records.size(), e.getMessage());
            return 0;
        } catch (IOException e) {
            throw health.writeFailed(e);
        }
    }

    private long erase(StorageFile file, DeadRecord record) throws IOException {
        long offset = record.place().offset();
        if (file.supportsPunchHole() && record.recordBytes() >= minHoleBytes()) {
            file.punchHole(offset, record.recordBytes());
            return record.recordBytes();
        }
        file.write(ByteBuffer.allocateDirect(RecordLayout.ALIGNMENT), offset);
        return 0;
    }

    private long minHoleBytes() {
        return space.isTight() ? options.minHoleBytesWhenTight() : options.minHoleBytes();
    }

    /** Whether little space is free. */
    public boolean isTight() {
        return space.isTight();
    }

    /** Gives back what was allocated behind the last record of a full segment; returns the bytes. */
    public long trim(Segment segment) throws ChunkException {
        try {
            segment.pin();
            try {
                long unused = segment.size() - segment.tail();
                if (!segment.file().supportsPunchHole() || unused < minHoleBytes()) {
                    return 0;
                }
                segment.file().punchHole(segment.tail(), unused);
                return unused;
            } finally {
                segment.unpin();
            }
        } catch (SegmentDamagedException e) {
            LOG.warn("can't trim: {}", e.getMessage());
            return 0;
        } catch (IOException e) {
            throw health.writeFailed(e);
        }
    }

    /** Makes what a scan found durable: a crash of the process leaves it in the kernel's memory only. */
    public void sync(Segment segment) throws ChunkException {
        try {
            segment.pin();
            try {
                segment.file().sync();
            } finally {
                segment.unpin();
            }
        } catch (SegmentDamagedException e) {
            LOG.error("{}", e.getMessage());
        } catch (IOException e) {
            throw health.writeFailed(e);
        }
    }

    /** Takes no more records into the segment, after those under way. */
    public void close(Segment segment) {
        segment.close();
    }

    /** See {@link SegmentTable#free}. */
    public boolean free(Segment segment) throws ChunkException {
        return table.free(segment);
    }

    /** Keeps free segments ready. */
    public void prepare() throws ChunkException {
        table.prepare();
    }

    /** Looks at the space again: a full disk may have room now. */
    public void checkSpace() throws ChunkException {
        space.check(table.freeCount() > 0);
    }

    public long totalBytes() {
        return space.last().totalBytes();
    }

    /** What can still be written, reserve not counted. */
    public long freeBytes() {
        long outside = Math.max(0, space.last().usableBytes() - space.reserveBytes());
        return Math.min(totalBytes(), outside + table.freeBytes() + openSegments.unwrittenBytes());
    }

    public long segmentBytes() {
        return space.segmentBytes();
    }

    public long nextSequence() {
        return sequence.next();
    }

    public long durableBefore() {
        return sequence.durableBefore();
    }

    public long nextSegment() {
        return table.nextId();
    }

    public long commitGroups() {
        return committer.groups();
    }

    /** Ends the committer after what waits for it; nothing can be committed any more. */
    public void stop() {
        if (started) {
            committer.close();
        }
    }

    @Override
    public void close() throws IOException {
        stop();
        longWrites.close();
        table.close();
        directory.close();
    }
}
