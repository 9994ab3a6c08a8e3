package io.coffer.common.lifecycle;

import org.jspecify.annotations.Nullable;

/**
 * A rule: what becomes of the objects that its filter covers.
 *
 * @param prefixOfRule whether the prefix was given in the old form, without a filter, and is told so again
 * @param expiration of objects; null for none
 * @param noncurrent what becomes of versions that aren't the newest; null for nothing
 * @param abortDays after which uploads in progress are aborted; 0 for never
 */
public record LifecycleRule(
        String id,
        boolean enabled,
        boolean prefixOfRule,
        LifecycleFilter filter,
        @Nullable Expiration expiration,
        @Nullable Noncurrent noncurrent,
        int abortDays) {

    /** When the newest version of a key goes. */
    public sealed interface Expiration {
        /** @param days after it was made; positive */
        record AfterDays(int days) implements Expiration {}

        /** @param millis since 1970, a midnight */
        record OnDate(long millis) implements Expiration {}

        /** Only a delete marker goes, as soon as it is all that there is of its key; not even that where it is false. */
        record LoneMarker(boolean removed) implements Expiration {}
    }

    /**
     * @param days after a newer version was made; positive
     * @param newer how many versions, the newest excepted, stay however old they are
     */
    public record Noncurrent(int days, int newer) {}
}
