package io.coffer.metaserver.store;

import io.coffer.common.id.BucketId;
import io.coffer.common.metadata.VersionSelector;
import io.coffer.metaserver.model.StoredVersion;
import org.jspecify.annotations.Nullable;

/** Finds versions of a key. Knows where they are: the current object apart from all others. */
public final class VersionReader {
    private final Reader reader;
    private final BucketId bucket;
    private final byte[] key;
    private final byte[] objectRow;

    /** A version, and whether it is the key's newest. */
    public record Found(StoredVersion version, boolean latest) {}

    public VersionReader(Reader reader, BucketId bucket, byte[] key) {
        this.reader = reader;
        this.bucket = bucket;
        this.key = key;
        objectRow = Keys.object(bucket, key);
    }

    public byte[] objectRow() {
        return objectRow;
    }

    public byte[] versionRow(long sequence) {
        return Keys.version(bucket, key, sequence);
    }

    /** The newest version if it is an object. */
    public @Nullable StoredVersion current() {
        return reader.get(Tables.OBJECTS, objectRow);
    }

    /**
     * The newest version where there is no current object: a delete marker. It is found without a look at what was deleted before it, of
     * which there may be a million rows that aren't gone for good yet.
     */
    public @Nullable StoredVersion newestMarker() {
        Long sequence = reader.get(Tables.MARKERS, objectRow);
        return sequence == null ? null : reader.get(Tables.VERSIONS, versionRow(sequence));
    }

    /** The newest of the others that is older than a version, which was the newest of all: nothing before it is looked at. */
    public @Nullable StoredVersion newestOtherBefore(long sequence) {
        return reader.first(
                Tables.VERSIONS, Keys.after(versionRow(sequence)), Keys.successor(Keys.escaped(bucket, key)));
    }

    /** The null version where it isn't the current object. */
    public @Nullable StoredVersion otherNull() {
        Long sequence = reader.get(Tables.NULL_VERSIONS, objectRow);
        return sequence == null ? null : reader.get(Tables.VERSIONS, versionRow(sequence));
    }

    public @Nullable Found find(VersionSelector selector) {
        StoredVersion current = current();
        return switch (selector) {
            case VersionSelector.Latest() -> {
                StoredVersion latest = current != null ? current : newestMarker();
                yield latest == null ? null : new Found(latest, true);
            }
            case VersionSelector.Null() ->
                current != null && current.nullVersion() ? new Found(current, true) : other(current, otherNull());
            case VersionSelector.Exact(var id) ->
                current != null && current.sequence() == id.sequence()
                        ? new Found(current, true)
                        : other(current, reader.get(Tables.VERSIONS, versionRow(id.sequence())));
        };
    }

    private @Nullable Found other(@Nullable StoredVersion current, @Nullable StoredVersion other) {
        if (other == null) {
            return null;
        }
        StoredVersion newest = current != null ? current : newestMarker();
        return new Found(other, newest != null && newest.sequence() == other.sequence());
    }
}
