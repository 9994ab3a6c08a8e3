package io.coffer.common.chunk;

import org.jspecify.annotations.Nullable;

/**
 * What became of a chunk that was to be deleted.
 *
 * @param existed whether it was there
 * @param failure why it may still be there, or null
 */
public record Deletion(boolean existed, @Nullable ChunkException failure) {
    /** It was there, and isn't any more. */
    public static final Deletion DELETED = new Deletion(true, null);

    /** It wasn't there. */
    public static final Deletion ABSENT = new Deletion(false, null);

    public static Deletion failed(ChunkException failure) {
        return new Deletion(false, failure);
    }
}
