package io.coffer.metaserver.state;

import io.coffer.common.id.ExtentId;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.UploadId;
import io.coffer.common.metadata.DataRun;
import io.coffer.common.metadata.ExtentSlice;
import io.coffer.common.metadata.Payload;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.VersionSelector;
import io.coffer.metaserver.model.Content;
import io.coffer.metaserver.model.InvariantViolation;
import io.coffer.metaserver.model.Limits;
import io.coffer.metaserver.model.ReleaseTask;
import io.coffer.metaserver.model.Retired;
import io.coffer.metaserver.model.StoredAssembly;
import io.coffer.metaserver.model.StoredExtent;
import io.coffer.metaserver.model.StoredRun;
import io.coffer.metaserver.model.StoredVersion;
import io.coffer.metaserver.store.ContentReader;
import io.coffer.metaserver.store.Keys;
import io.coffer.metaserver.store.Tables;
import io.coffer.metaserver.store.Transaction;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What versions and parts consist of, from its commit to its release.
 *
 * <p>Invariants: an extent's row counts the runs that lie in it, of versions, parts and retired content; an inline row belongs
 * to one of those; an assembly counts the versions and retired ones that consist of it, and its parts live as long as it.
 */
final class ContentRules {
    /** To tell what has too many runs from what has as many as may be. */
    private static final ContentReader.Bounds ONE_TOO_MANY =
            new ContentReader.Bounds(Limits.MAX_RUNS + 1, Long.MAX_VALUE);

    private final GroupId self;

    ContentRules(GroupId self) {
        this.self = self;
    }

    /**
     * Takes the bytes a command brings.
     *
     * @param size what the command says they are
     * @param whole whether an assembled source may be shared as it is, by a version
     */
    Content take(Scope scope, Payload payload, long size, boolean whole) throws RefusedException {
        Content content = switch (payload) {
            case Payload.Inline inline -> takeInline(scope, inline, size);
            case Payload.Extents extents -> takeExtents(scope, extents.slices());
            case Payload.Shared shared -> share(scope, shared, whole);
            case Payload.Assembled assembled ->
                throw new RefusedException(
                        Refusal.INVALID_ARGUMENT, "only a completion assembles " + assembled.upload());
        };
        if (ContentReader.length(scope.tx(), content) != size) {
            throw new RefusedException(Refusal.INVALID_ARGUMENT, "the payload doesn't have " + size + " bytes");
        }
        return content;
    }

    /** @param size of the bytes themselves: encrypted ones have their tags behind them */
    private static Content takeInline(Scope scope, Payload.Inline inline, long size) throws RefusedException {
        ByteBuffer bytes = inline.bytes();
        if (bytes.remaining() > Limits.MAX_INLINE_BYTES) {
            throw new RefusedException(Refusal.ENTITY_TOO_LARGE);
        }
        if (inline.seal().isNone()) {
            return bytes.hasRemaining()
                    ? new Content.Runs(List.of(putInline(scope, new DataRun.InlineRun(bytes))))
                    : Content.EMPTY;
        }
        SealRules.admit(scope.tx(), inline.seal());
        if (size < 1 || size > bytes.remaining()) {
            throw new RefusedException(Refusal.INVALID_ARGUMENT, "the payload doesn't have " + size + " bytes");
        }
        return new Content.Runs(List.of(putInline(scope, new DataRun.InlineRun(bytes, 0, (int) size, inline.seal()))));
    }

    private static StoredRun putInline(Scope scope, DataRun.InlineRun run) {
        long id = scope.stamp().tick();
        ByteBuffer bytes = run.bytes();
        scope.tx().put(Tables.INLINE, Keys.number(id), bytes);
        return new StoredRun.InlineRow(id, bytes.remaining(), run.offset(), run.size(), run.seal());
    }

    private Content takeExtents(Scope scope, List<ExtentSlice> slices) throws RefusedException {
        checkRuns(slices.size());
        SealRules.admit(scope.tx(), slices);
        long oldest = scope.stamp().nowMillis() - Limits.COMMIT_LIMIT.toMillis();
        List<StoredRun> runs = new ArrayList<>(slices.size());
        for (ExtentSlice slice : slices) {
            if (slice.extent().birthMillis() < oldest) {
                throw new RefusedException(
                        Refusal.EXTENT_TOO_OLD, slice.extent().toString());
            }
            if (!slice.owner().equals(self)) {
                throw new RefusedException(Refusal.INVALID_ARGUMENT, "a new extent belongs to another group");
            }
            byte[] row = Keys.extent(slice.extent());
            if (scope.tx().get(Tables.EXTENTS, row) != null) {
                throw new RefusedException(Refusal.INVALID_ARGUMENT, "extent " + slice.extent() + " isn't new");
            }
            scope.tx().put(Tables.EXTENTS, row, new StoredExtent(slice.volume(), slice.extentLength(), 1, 0));
            runs.add(new StoredRun.InExtent(slice));
        }
        return runs.isEmpty() ? Content.EMPTY : new Content.Runs(runs);
    }

    private static void checkRuns(int runs) throws RefusedException {
        if (runs > Limits.MAX_RUNS) {
            throw new RefusedException(Refusal.INVALID_ARGUMENT, "more than " + Limits.MAX_RUNS + " runs");
        }
    }

    private static Content share(Scope scope, Payload.Shared shared, boolean whole) throws RefusedException {
        Scope from = Scope.enter(scope.tx(), scope.stamp(), shared.partition(), shared.key());
        StoredVersion source = new KeyVersions(from, shared.key()).find(new VersionSelector.Exact(shared.version()));
        if (source == null || source.deleteMarker()) {
            throw new RefusedException(Refusal.SOURCE_CHANGED);
        }
        if (shared.offset() < 0 || shared.length() < 0 || shared.offset() > source.size() - shared.length()) {
            throw new RefusedException(Refusal.INVALID_ARGUMENT, "the source has " + source.size() + " bytes");
        }
        return whole && shared.length() == source.size()
                ? share(scope, source.content())
                : shareRuns(scope, source.content(), shared.offset(), shared.length());
    }

    /** All of it once more. */
    static Content share(Scope scope, Content content) throws RefusedException {
        switch (content) {
            case Content.Assembly assembly -> countAssembly(scope.tx(), assembly.upload(), 1);
            case Content.Chain chain -> ChainRules.count(scope.tx(), chain, 1);
            case Content.Runs runs -> {
                return shareRuns(scope, runs, 0, runs.length());
            }
        }
        return content;
    }

    private static Content.Runs shareRuns(Scope scope, Content content, long offset, long length)
            throws RefusedException {
        List<DataRun> found = ContentReader.read(scope.tx(), content, offset, length, ONE_TOO_MANY);
        checkRuns(found.size());
        List<StoredRun> runs = new ArrayList<>(found.size());
        for (DataRun run : found) {
            runs.add(
                    switch (run) {
                        case DataRun.InlineRun inline -> putInline(scope, inline);
                        case DataRun.ExtentRun extent -> {
                            reference(scope.tx(), extent.slice().extent());
                            yield new StoredRun.InExtent(extent.slice());
                        }
                    });
        }
        return new Content.Runs(runs);
    }

    private static void reference(Transaction tx, ExtentId id) {
        StoredExtent extent = requireExtent(tx, id);
        if (extent.references() == 0) {
            throw new InvariantViolation("extent " + id + " is being reclaimed and still used");
        }
        tx.put(
                Tables.EXTENTS,
                Keys.extent(id),
                new StoredExtent(extent.volume(), extent.length(), extent.references() + 1, 0));
    }

    private static StoredExtent requireExtent(Transaction tx, ExtentId id) {
        StoredExtent extent = tx.get(Tables.EXTENTS, Keys.extent(id));
        if (extent == null) {
            throw new InvariantViolation("extent " + id + " is used and unknown");
        }
        return extent;
    }

    /** Moves an assembly's references; returns how many are left. */
    static long countAssembly(Transaction tx, UploadId upload, int change) {
        StoredAssembly assembly = ContentReader.assembly(tx, upload);
        long references = assembly.references() + change;
        tx.put(Tables.ASSEMBLIES, Keys.assembly(upload), assembly.withReferences(references));
        return references;
    }

    /** Gives up a removed version's content: inline bytes at once, since no reader comes back for them; the rest later. */
    static void retire(Scope scope, String key, StoredVersion version) {
        if (version.content().isInline()) {
            deleteInline(scope.tx(), version.content());
            return;
        }
        retire(
                scope,
                version.sequence(),
                new Retired(scope.bucket(), key, version.content()),
                scope.stamp().nowMillis() + Limits.RETIRE_GRACE.toMillis());
    }

    /** Gives up a part's content; nobody reads parts before they are assembled. */
    static void retirePart(Scope scope, Content.Runs content) {
        if (content.isInline()) {
            deleteInline(scope.tx(), content);
        } else {
            retire(
                    scope,
                    scope.stamp().tick(),
                    new Retired(null, "", content),
                    scope.stamp().nowMillis());
        }
    }

    private static void retire(Scope scope, long id, Retired retired, long dueMillis) {
        scope.tx().put(Tables.RETIRED, Keys.number(id), retired);
        later(scope.tx(), new ReleaseTask.RetiredContent(id), dueMillis);
    }

    static void later(Transaction tx, ReleaseTask task, long dueMillis) {
        tx.put(Tables.DUE_RELEASES, Keys.dueRelease(dueMillis, task), true);
    }

    private static void deleteInline(Transaction tx, Content content) {
        if (content instanceof Content.Runs(List<StoredRun> runs)) {
            for (StoredRun run : runs) {
                if (run instanceof StoredRun.InlineRow row) {
                    tx.delete(Tables.INLINE, Keys.number(row.id()));
                }
            }
        }
    }

    /** Releases runs for good: extents that nothing else lies in go onto the queue, to be deleted now. */
    void release(Transaction tx, Content.Runs content, long nowMillis) {
        deleteInline(tx, content);
        for (StoredRun run : content.runs()) {
            if (run instanceof StoredRun.InExtent(ExtentSlice slice)) {
                release(tx, slice.extent(), nowMillis);
            }
        }
    }

    private void release(Transaction tx, ExtentId id, long nowMillis) {
        StoredExtent extent = requireExtent(tx, id);
        long left = extent.references() - 1;
        tx.put(
                Tables.EXTENTS,
                Keys.extent(id),
                new StoredExtent(extent.volume(), extent.length(), left, left == 0 ? nowMillis : 0));
        if (left == 0) {
            tx.put(
                    Tables.DUE_EXTENTS,
                    Keys.dueExtent(nowMillis, id),
                    new ExtentSlice(id, extent.volume(), self, extent.length(), 0, extent.length()));
        }
    }
}
