package io.coffer.common.metadata;

import org.jspecify.annotations.Nullable;

/**
 * What keeps a version from being deleted.
 *
 * @param mode null when nothing is to be retained
 * @param untilMillis since 1970; 0 when nothing is to be retained
 * @param hold a legal hold, which has no end
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html">Object Lock</a>
 */
public record VersionLock(@Nullable RetentionMode mode, long untilMillis, boolean hold) {
    public static final VersionLock NONE = new VersionLock(null, 0, false);

    public VersionLock {
        if ((mode == null) != (untilMillis == 0) || untilMillis < 0) {
            throw new IllegalArgumentException("a retention has a mode and an end");
        }
    }

    public VersionLock withRetention(@Nullable RetentionMode newMode, long newUntilMillis) {
        return new VersionLock(newMode, newUntilMillis, hold);
    }

    public VersionLock withHold(boolean now) {
        return new VersionLock(mode, untilMillis, now);
    }

    /** Whether its retention lasts at a moment. */
    public boolean retains(long nowMillis) {
        return mode != null && untilMillis > nowMillis;
    }

    /**
     * Whether the version mustn't be deleted at a moment.
     *
     * @param bypassing whether the caller may get round governance, and asks to
     */
    public boolean forbidsDeletion(long nowMillis, boolean bypassing) {
        boolean retained = retains(nowMillis) && !(bypassing && mode == RetentionMode.GOVERNANCE);
        return hold || retained;
    }
}
