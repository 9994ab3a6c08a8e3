package io.coffer.dataserver.chunk;

import io.coffer.common.chunk.ChunkError;
import io.coffer.common.chunk.ChunkException;
import io.coffer.common.id.VolumeId;
import io.coffer.dataserver.format.ChunkKey;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The chunks that somebody is changing: one at a time may change a chunk. Thread-safe. */
final class BusyChunks {
    private static final long PATIENCE_SECONDS = 10;

    private final Map<ChunkKey, Busy> busy = new ConcurrentHashMap<>();

    /** The right to change one chunk. */
    final class Busy {
        private final ChunkKey key;
        private final boolean creating;
        private final CompletableFuture<Void> over = new CompletableFuture<>();
        private volatile boolean committing;

        private Busy(ChunkKey key, boolean creating) {
            this.key = key;
            this.creating = creating;
        }

        void end() {
            busy.remove(key, this);
            over.complete(null);
        }

        /** Whoever calls this looks at the epoch afterwards, and whoever raises the epoch looks at this afterwards: one sees the other. */
        void committing() {
            committing = true;
        }
    }

    int count() {
        return busy.size();
    }

    /** The right to change it, or null if somebody else has it. */
    @Nullable
    Busy tryBegin(ChunkKey key, boolean creating) {
        Busy mine = new Busy(key, creating);
        return busy.putIfAbsent(key, mine) == null ? mine : null;
    }

    /** The right to change it, as soon as nobody else has it; null if it is just being created. */
    @Nullable
    Busy begin(ChunkKey key) throws ChunkException {
        while (true) {
            Busy mine = new Busy(key, false);
            Busy other = busy.putIfAbsent(key, mine);
            if (other == null) {
                return mine;
            }
            if (other.creating) {
                return null;
            }
            await(other);
        }
    }

    /** Waits until the commits of a volume's chunks that are under way now are over. */
    void awaitCommitting(VolumeId volume) throws ChunkException {
        for (Busy other : busy.values()) {
            if (other.committing && other.key.volume().equals(volume)) {
                await(other);
            }
        }
    }

    private static void await(Busy other) throws ChunkException {
        try {
            other.over.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new ChunkException(ChunkError.OVERLOADED, other.key + " is being changed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ChunkException(ChunkError.UNAVAILABLE, "interrupted", e);
        }
    }
}
