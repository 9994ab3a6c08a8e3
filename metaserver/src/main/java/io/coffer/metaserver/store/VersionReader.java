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

    /** The newest of the others; where there is no current object, a delete marker. */
    public @Nullable StoredVersion newestOther() {
        byte[] from = Keys.escaped(bucket, key);
        return reader.first(Tables.VERSIONS, from, Keys.successor(from));
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
                StoredVersion latest = current != null ? current : newestOther();
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
        StoredVersion newest = current != null ? current : newestOther();
        return new Found(other, newest != null && newest.sequence() == other.sequence());
    }
}
