package io.coffer.dataserver.chunk;

import io.coffer.dataserver.format.ChunkEntry;
import io.coffer.dataserver.format.ChunkKey;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The entries of chunks read lately, with their block checksums. Thread-safe, bounded.
 *
 * <p>An entry that was looked up before a change and is put after it would be stale for ever. So every removal moves its stripe's
 * stamp, and an entry is taken only under the stamp that was current before its lookup began.
 */
final class HotChunks {
    private static final int STRIPES = 16;

    private final Stripe[] stripes = new Stripe[STRIPES];

    HotChunks(int maxEntries) {
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new Stripe(Math.max(1, maxEntries / STRIPES));
        }
    }

    /** @param table the checksums of all blocks, if they were read already */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Hot(ChunkEntry entry, int @Nullable [] table) {}

    private static final class Stripe {
        /** Guarded by this, as is the stamp. */
        private final LinkedHashMap<ChunkKey, Hot> entries;

        private long stamp;

        Stripe(int max) {
            entries = new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<ChunkKey, Hot> eldest) {
                    return size() > max;
                }
            };
        }
    }

    private Stripe stripe(ChunkKey key) {
        int hash = key.hashCode();
        return stripes[(hash ^ hash >>> 16) & STRIPES - 1];
    }

    @Nullable
    Hot get(ChunkKey key) {
        Stripe stripe = stripe(key);
        synchronized (stripe) {
            return stripe.entries.get(key);
        }
    }

    /** To be asked before the lookup of what is put. */
    long stamp(ChunkKey key) {
        Stripe stripe = stripe(key);
        synchronized (stripe) {
            return stripe.stamp;
        }
    }

    void put(ChunkKey key, Hot hot, long stampBeforeLookup) {
        Stripe stripe = stripe(key);
        synchronized (stripe) {
            if (stripe.stamp == stampBeforeLookup) {
                stripe.entries.put(key, hot);
            }
        }
    }

    void remove(ChunkKey key) {
        Stripe stripe = stripe(key);
        synchronized (stripe) {
            stripe.stamp++;
            stripe.entries.remove(key);
        }
    }
}
