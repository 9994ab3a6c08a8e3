package io.coffer.metaserver.background;

import io.coffer.common.lifecycle.LifecycleDay;
import io.coffer.common.lifecycle.LifecycleRules;
import io.coffer.common.lifecycle.LifecycleRules.Facts;
import io.coffer.common.metadata.BucketCommand.DeleteTarget;
import io.coffer.common.metadata.ObjectVersion;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Holds rules against all versions of a partition, which it is shown in the order of a listing: by key, then newest first. It
 * remembers of a key what the next version's fate depends on. Used by one thread.
 */
final class VersionJudge {
    private final LifecycleRules rules;
    private final LifecycleDay day;
    private final Consumer<LifecycleRemoval> removals;

    private @Nullable String key;

    /** When the last version shown was made. */
    private long newerMillis;

    /** Versions shown of the key that are not its newest. */
    private int noncurrent;

    /** The newest version of the key if that is a delete marker and no other was shown yet. */
    private @Nullable ObjectVersion loneMarker;

    /** @param removals gets what goes */
    VersionJudge(LifecycleRules rules, LifecycleDay day, Consumer<LifecycleRemoval> removals) {
        this.rules = rules;
        this.day = day;
        this.removals = removals;
    }

    void show(ObjectVersion version, long nowMillis) {
        if (!version.key().equals(key)) {
            end(nowMillis);
            key = version.key();
            noncurrent = 0;
        }
        if (version.latest()) {
            showNewest(version, nowMillis);
        } else {
            loneMarker = null;
            showNoncurrent(version, nowMillis);
        }
        newerMillis = version.modifiedMillis();
    }

    private void showNewest(ObjectVersion version, long nowMillis) {
        if (version.deleteMarker()) {
            loneMarker = version;
            return;
        }
        LifecycleRules.Due due = rules.expiration(facts(version), day);
        if (due != null && due.millis() <= nowMillis) {
            removals.accept(new LifecycleRemoval(
                    LifecycleRemoval.Kind.OBJECT, DeleteTarget.newest(version.key(), version.version())));
        }
    }

    private void showNoncurrent(ObjectVersion version, long nowMillis) {
        boolean goes = rules.removesNoncurrent(facts(version), newerMillis, noncurrent, nowMillis, day);
        noncurrent++;
        // The state machine decides about locks; what is locked as far as one sees here isn't worth a command every
        // day.
        if (goes && !version.attributes().lock().forbidsDeletion(nowMillis, false)) {
            removals.accept(new LifecycleRemoval(
                    LifecycleRemoval.Kind.VERSION, DeleteTarget.notNewest(version.key(), version.version())));
        }
    }

    /** No more versions come. */
    void end(long nowMillis) {
        ObjectVersion marker = loneMarker;
        loneMarker = null;
        if (marker != null && rules.removesLoneMarker(facts(marker), nowMillis, day)) {
            removals.accept(new LifecycleRemoval(
                    LifecycleRemoval.Kind.MARKER, DeleteTarget.onlyNewest(marker.key(), marker.version())));
        }
    }

    private static Facts facts(ObjectVersion version) {
        return new Facts(version.key(), version.size(), version.attributes().tags(), version.modifiedMillis());
    }
}
