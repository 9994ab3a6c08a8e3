package io.coffer.dataserver.chunk;

import io.coffer.common.id.VolumeId;
import io.coffer.dataserver.disk.Region;
import io.coffer.dataserver.format.ChunkEntry;
import io.coffer.dataserver.format.ChunkKey;
import io.coffer.dataserver.format.DeadRecord;
import io.coffer.dataserver.format.RecordPlace;
import io.coffer.dataserver.index.IndexException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Something that happened in the segments and that the index has to learn. */
sealed interface IndexChange {
    void addTo(IndexUpdate update) throws IndexException;

    /** The index has it (though not durably). */
    default void applied(RecentEntries recent) {}

    /** A new chunk. */
    record Put(ChunkKey key, RecentEntries.Recent recent, ChunkEntry entry, Region region) implements IndexChange {
        @Override
        public void addTo(IndexUpdate update) {
            update.put(key, entry);
            update.settle(region);
        }

        @Override
        public void applied(RecentEntries entries) {
            entries.forget(key, recent);
        }
    }

    /** A new record of a chunk that may be there already: it was repaired or moved. */
    record Replace(ChunkKey key, RecentEntries.Recent recent, ChunkEntry entry, Region region) implements IndexChange {
        @Override
        public void addTo(IndexUpdate update) throws IndexException {
            ChunkEntry old = update.current(key);
            if (old == null) {
                update.put(key, entry);
            } else {
                update.replace(key, old, entry);
            }
            update.settle(region);
        }

        @Override
        public void applied(RecentEntries entries) {
            entries.forget(key, recent);
        }
    }

    /** A record was written and isn't wanted after all. */
    record Discard(Region region) implements IndexChange {
        @Override
        public void addTo(IndexUpdate update) {
            update.dead(region.place(), region.length());
            update.settle(region);
        }
    }

    record Delete(ChunkKey key) implements IndexChange {
        @Override
        public void addTo(IndexUpdate update) throws IndexException {
            ChunkEntry old = update.current(key);
            if (old != null) {
                update.remove(key, old);
            }
        }

        @Override
        public void applied(RecentEntries entries) {
            entries.forget(key, RecentEntries.Recent.DELETED);
        }
    }

    /** A record doesn't verify. */
    record Corrupt(ChunkKey key, RecordPlace place) implements IndexChange {
        @Override
        public void addTo(IndexUpdate update) throws IndexException {
            ChunkEntry current = update.current(key);
            if (current != null && current.place().equals(place)) {
                update.set(key, current.withState(ChunkEntry.State.CORRUPT));
            }
        }
    }

    record Epoch(VolumeId volume, long epoch) implements IndexChange {
        @Override
        public void addTo(IndexUpdate update) {
            update.epoch(volume, epoch);
        }
    }

    /** All marks of a record were told before this. */
    record MarksSettled(Region region) implements IndexChange {
        @Override
        public void addTo(IndexUpdate update) {
            update.settle(region);
            update.lastDead(region.place().segment(), region.place().generation());
        }
    }

    /** @param holes bytes by the place of any of the records in their segment */
    record Erased(List<DeadRecord> records, Map<RecordPlace, Long> holes) implements IndexChange {
        @Override
        public void addTo(IndexUpdate update) {
            records.forEach(update::erased);
            holes.forEach((place, bytes) -> update.holes(place.segment(), place.generation(), bytes));
        }
    }

    /** Nothing in these segments is needed any more. */
    record ForgetSegments(List<Long> segments) implements IndexChange {
        @Override
        public void addTo(IndexUpdate update) {
            segments.forEach(update::forgetSegment);
        }
    }

    /** Completes when everything before it is in the index, durably if so wanted. */
    record Barrier(CompletableFuture<Void> done, boolean durable) implements IndexChange {
        @Override
        public void addTo(IndexUpdate update) {
            // Nothing but its place in the order counts.
        }
    }
}
