package io.coffer.metaserver.state;

import io.coffer.common.metadata.ObjectAttributes;
import io.coffer.common.metadata.ObjectLock;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.RetentionMode;
import io.coffer.common.metadata.VersionChange;
import io.coffer.common.metadata.VersionLock;
import io.coffer.metaserver.model.StoredVersion;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;

/**
 * Locks of versions: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html. They are kept here, below every gateway and every
 * background job, so that nothing gets round them.
 */
final class LockRules {
    private LockRules() {}

    /** That a version may be written, or an upload begun, that is to have the lock. */
    static void requirePossible(Scope scope, VersionLock asked) throws RefusedException {
        if (!asked.equals(VersionLock.NONE)) {
            requireLocks(scope);
        }
        if (asked.mode() != null) {
            requireFuture(scope, asked.untilMillis());
        }
    }

    /** What a new version is stored with: the lock that was asked for, or the bucket's default. */
    static ObjectAttributes ofNew(Scope scope, ObjectAttributes asked) {
        VersionLock lock = asked.lock();
        ObjectLock.DefaultRetention standard =
                scope.partition().settings().lock().defaultRetention();
        return standard == null || lock.mode() != null
                ? asked
                : asked.withLock(
                        lock.withRetention(standard.mode(), end(scope.stamp().nowMillis(), standard)));
    }

    private static long end(long bornMillis, ObjectLock.DefaultRetention standard) {
        if (standard.days() > 0) {
            return bornMillis + Duration.ofDays(standard.days()).toMillis();
        }
        return Instant.ofEpochMilli(bornMillis)
                .atOffset(ZoneOffset.UTC)
                .plus(Period.ofYears(standard.years()))
                .toInstant()
                .toEpochMilli();
    }

    private static void requireFuture(Scope scope, long untilMillis) throws RefusedException {
        if (untilMillis <= scope.stamp().nowMillis()) {
            throw new RefusedException(Refusal.INVALID_ARGUMENT, "The retain until date must be in the future!");
        }
    }

    /** The lock after a change of it. */
    static VersionLock after(Scope scope, VersionLock now, VersionChange.Retention change) throws RefusedException {
        requireLocks(scope);
        if (change.mode() != null) {
            requireFuture(scope, change.untilMillis());
        }
        if (now.retains(scope.stamp().lockMillis()) && !mayReplace(now, change)) {
            throw new RefusedException(Refusal.OBJECT_LOCKED);
        }
        return now.withRetention(change.mode(), change.untilMillis());
    }

    private static boolean mayReplace(VersionLock now, VersionChange.Retention change) {
        boolean prolonged = change.mode() == now.mode() && change.untilMillis() >= now.untilMillis();
        return prolonged || now.mode() == RetentionMode.GOVERNANCE && change.bypassing();
    }

    static void requireLocks(Scope scope) throws RefusedException {
        if (!scope.partition().settings().lock().enabled()) {
            throw new RefusedException(Refusal.INVALID_BUCKET_STATE);
        }
    }

    /** Called before a version goes, for whatever reason. */
    static void requireUnlocked(Scope scope, StoredVersion version, boolean bypassing) throws RefusedException {
        if (version.attributes().lock().forbidsDeletion(scope.stamp().lockMillis(), bypassing)) {
            throw new RefusedException(Refusal.OBJECT_LOCKED);
        }
    }
}
