package io.coffer.dataserver.chunk;

import io.coffer.dataserver.format.ChunkEntry;
import io.coffer.dataserver.format.ChunkKey;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What is durable in the segments and not yet in the index. Read before the index; an entry leaves only after the index has it.
 * Thread-safe. Bounded by what the index writer lets in.
 */
final class RecentEntries {
    private final Map<ChunkKey, Recent> entries = new ConcurrentHashMap<>();

    /** @param entry null for a deleted chunk */
    record Recent(@Nullable ChunkEntry entry) {
        static final Recent DELETED = new Recent(null);
    }

    @Nullable
    Recent get(ChunkKey key) {
        return entries.get(key);
    }

    void put(ChunkKey key, Recent recent) {
        entries.put(key, recent);
    }

    /** The index has it, unless a newer one came. */
    void forget(ChunkKey key, Recent recent) {
        entries.remove(key, recent);
    }
}
