package io.coffer.common.metadata;

import org.jspecify.annotations.Nullable;

/**
 * Whether a bucket's versions can be locked, which once it is so stays so.
 *
 * @param defaultRetention of new versions that come without one; null for none
 */
public record ObjectLock(boolean enabled, @Nullable DefaultRetention defaultRetention) {
    public static final ObjectLock OFF = new ObjectLock(false, null);

    /**
     * For how long a new version is retained.
     *
     * @param days 0 if years say it
     * @param years 0 if days say it
     */
    public record DefaultRetention(RetentionMode mode, int days, int years) {
        public DefaultRetention {
            if (days < 0 || years < 0 || (days == 0) == (years == 0)) {
                throw new IllegalArgumentException("a retention of " + days + " days and " + years + " years");
            }
        }
    }

    public ObjectLock {
        if (!enabled && defaultRetention != null) {
            throw new IllegalArgumentException("a default retention without locks");
        }
    }
}
