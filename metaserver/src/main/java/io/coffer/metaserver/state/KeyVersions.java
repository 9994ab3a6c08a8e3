package io.coffer.metaserver.state;

import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.VersionSelector;
import io.coffer.metaserver.model.StoredVersion;
import io.coffer.metaserver.store.Keys;
import io.coffer.metaserver.store.Tables;
import io.coffer.metaserver.store.Transaction;
import io.coffer.metaserver.store.VersionReader;
import org.jspecify.annotations.Nullable;

/**
 * The versions of one key, and how they take one another's place.
 *
 * <p>Invariants: the newest version is in {@code objects} exactly if it is an object; all others are in {@code versions}; at
 * most one version of a key is the null version, and where that is in {@code versions}, {@code null_versions} points to it; where the
 * newest version is a delete marker, {@code markers} points to it.
 */
final class KeyVersions {
    private final Scope scope;
    private final Transaction tx;
    private final String key;
    private final VersionReader reader;

    KeyVersions(Scope scope, String key) {
        this.scope = scope;
        this.key = key;
        tx = scope.tx();
        reader = new VersionReader(tx, scope.bucket(), Keys.utf8(key));
    }

    /** The newest version if it is an object. */
    @Nullable
    StoredVersion current() {
        return reader.current();
    }

    /** The newest version, be it a delete marker. */
    @Nullable
    StoredVersion newest() {
        StoredVersion current = current();
        return current != null ? current : newestMarker();
    }

    @Nullable
    StoredVersion find(VersionSelector selector) {
        if (!hasOthers()) {
            StoredVersion current = current();
            return current != null && selects(selector, current) ? current : null;
        }
        VersionReader.Found found = reader.find(selector);
        return found == null ? null : found.version();
    }

    private static boolean selects(VersionSelector selector, StoredVersion version) {
        return switch (selector) {
            case VersionSelector.Latest() -> true;
            case VersionSelector.Null() -> version.nullVersion();
            case VersionSelector.Exact(var id) -> id.sequence() == version.sequence();
        };
    }

    /** Whether any key of the partition has versions but its current object: most never have, and nobody need look. */
    private boolean hasOthers() {
        return scope.usage().noncurrent() > 0;
    }

    /** Whether the key has, or had while a bucket was versioned, anything but a null version as its current object. */
    boolean hasHistory() {
        StoredVersion current = current();
        return current != null
                ? !current.nullVersion() || hasOthers() && reader.newestOtherBefore(current.sequence()) != null
                : newestMarker() != null;
    }

    private @Nullable StoredVersion newestMarker() {
        return hasOthers() ? reader.newestMarker() : null;
    }

    /** Makes a version the newest. A null version takes the place of the null version before it, wherever that was. */
    void add(StoredVersion version) throws RefusedException {
        StoredVersion current = current();
        boolean hidden = current == null && newestMarker() != null;
        if (version.nullVersion()) {
            if (current != null && current.nullVersion()) {
                LockRules.requireUnlocked(scope, current, false);
                removeCurrent(current);
                current = null;
            } else {
                removeOtherNull();
            }
        }
        if (current != null) {
            moveToOthers(current);
        }
        SealRules.moved(tx, version.content());
        if (version.deleteMarker()) {
            putOther(version);
            tx.put(Tables.MARKERS, reader.objectRow(), version.sequence());
            scope.count(usage -> usage.plusVersion(version, 1));
        } else {
            if (hidden) {
                tx.delete(Tables.MARKERS, reader.objectRow());
            }
            tx.put(Tables.OBJECTS, reader.objectRow(), version);
            scope.count(usage -> usage.plusObject(version, 1));
        }
    }

    /** Stores a version that {@link #find} returned with other attributes. */
    void replace(StoredVersion before, StoredVersion after) {
        StoredVersion current = current();
        if (current != null && current.sequence() == before.sequence()) {
            tx.put(Tables.OBJECTS, reader.objectRow(), after);
        } else {
            tx.put(Tables.VERSIONS, reader.versionRow(after.sequence()), after);
        }
    }

    /**
     * Removes a version that {@link #find} or {@link #current} returned; the next one takes its place if it was the newest.
     *
     * @param bypassing whether a retention that may be bypassed is no hindrance
     */
    void remove(StoredVersion version, boolean bypassing) throws RefusedException {
        LockRules.requireUnlocked(scope, version, bypassing);
        StoredVersion current = current();
        if (current != null) {
            if (current.sequence() == version.sequence()) {
                removeCurrent(current);
                promoteBefore(version);
            } else {
                removeOther(version);
            }
            return;
        }
        StoredVersion marker = newestMarker();
        removeOther(version);
        if (marker != null && marker.sequence() == version.sequence()) {
            tx.delete(Tables.MARKERS, reader.objectRow());
            promoteBefore(version);
        }
    }

    private void removeCurrent(StoredVersion current) {
        tx.delete(Tables.OBJECTS, reader.objectRow());
        scope.count(usage -> usage.plusObject(current, -1));
        ContentRules.retire(scope, key, current);
    }

    private void removeOtherNull() throws RefusedException {
        StoredVersion other = hasOthers() ? reader.otherNull() : null;
        if (other != null) {
            LockRules.requireUnlocked(scope, other, false);
            removeOther(other);
        }
    }

    private void removeOther(StoredVersion version) {
        deleteOther(version);
        scope.count(usage -> usage.plusVersion(version, -1));
        ContentRules.retire(scope, key, version);
    }

    /** The newest version is gone: the one before it becomes the current object, or the marker that hides all others. */
    private void promoteBefore(StoredVersion gone) {
        StoredVersion newest = hasOthers() ? reader.newestOtherBefore(gone.sequence()) : null;
        if (newest == null) {
            return;
        }
        if (newest.deleteMarker()) {
            tx.put(Tables.MARKERS, reader.objectRow(), newest.sequence());
            return;
        }
        deleteOther(newest);
        SealRules.moved(tx, newest.content());
        tx.put(Tables.OBJECTS, reader.objectRow(), newest);
        scope.count(usage -> usage.plusCurrent(1));
    }

    private void moveToOthers(StoredVersion current) {
        tx.delete(Tables.OBJECTS, reader.objectRow());
        SealRules.moved(tx, current.content());
        putOther(current);
        scope.count(usage -> usage.plusCurrent(-1));
    }

    private void putOther(StoredVersion version) {
        tx.put(Tables.VERSIONS, reader.versionRow(version.sequence()), version);
        if (version.nullVersion()) {
            tx.put(Tables.NULL_VERSIONS, reader.objectRow(), version.sequence());
        }
    }

    private void deleteOther(StoredVersion version) {
        tx.delete(Tables.VERSIONS, reader.versionRow(version.sequence()));
        if (version.nullVersion()) {
            tx.delete(Tables.NULL_VERSIONS, reader.objectRow());
        }
    }
}
