package io.coffer.gateway.object;

import io.coffer.common.chunk.ChunkAddress;
import io.coffer.common.chunk.ChunkError;
import io.coffer.common.chunk.ChunkException;
import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.cluster.Node;
import io.coffer.common.cluster.Volume;
import io.coffer.common.io.BufferPool;
import io.coffer.common.io.BuffersExhaustedException;
import io.coffer.common.io.PooledBuffer;
import io.coffer.common.metadata.ExtentSlice;
import io.coffer.gateway.client.Hedging;
import io.coffer.gateway.placement.ReadOrder;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads verified bytes of an extent from whichever copy is whole, and reports the members that should have it and haven't. Copies of other
 * nodes are hedged: when one takes longer than most reads did lately, the next is asked too. Thread-safe.
 */
final class ExtentReader {
    private static final Logger LOG = LoggerFactory.getLogger(ExtentReader.class);

    private static final Duration BUFFER_TIMEOUT = Duration.ofSeconds(30);

    /** Longer than any read: the stores have their own limits. */
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(60);

    private final ChunkPlaces places;
    private final BufferPool buffers;
    private final Hedging hedging = new Hedging();
    private final AtomicLong turns = new AtomicLong();
    private final LongAdder failures = new LongAdder();

    ExtentReader(ChunkPlaces places, BufferPool buffers) {
        this.places = places;
        this.buffers = buffers;
    }

    /** What is to be read of an extent. */
    private record Range(ExtentSlice slice, Volume volume, long position, int length) {
        ChunkAddress chunk(ReadOrder.Copy copy) {
            return new ChunkAddress(copy.place().disk(), volume.id(), volume.epoch(), slice.extent(), copy.index());
        }
    }

    /**
     * A buffer with {@code length} bytes from {@code offset} inside the slice. Throws a copy's failure when none can be read.
     *
     * @throws S3Exception SlowDown when no buffer is free
     */
    PooledBuffer read(ExtentSlice slice, long offset, int length) throws ChunkException, S3Exception {
        Patience patience = new Patience();
        long position = slice.offset() + offset;
        ClusterMap map = places.maps().get();
        Volume volume = map.volumes().get(slice.volume());
        boolean refreshed = volume == null;
        if (volume == null) {
            map = places.maps().refresh();
            volume = map.volumes().get(slice.volume());
        }
        while (volume != null) {
            try {
                return readFromAny(map, new Range(slice, volume, position, length));
            } catch (ChunkException e) {
                // Whatever the reason: members may have moved since this map.
                map = refreshed ? places.maps().get() : places.maps().refresh();
                refreshed = true;
                Volume before = volume;
                volume = map.volumes().get(slice.volume());
                if (volume == null || before.equals(volume)) {
                    if (e.error() != ChunkError.UNAVAILABLE || patience.isOver()) {
                        throw e;
                    }
                    patience.pause(e);
                }
            }
        }
        throw new ChunkException(ChunkError.NOT_FOUND, "unknown volume " + slice.volume());
    }

    /** A copy that can't be asked now may have what another one hasn't. */
    private static @Nullable ChunkException moreHopeful(@Nullable ChunkException before, @Nullable ChunkException now) {
        return before != null && before.error() == ChunkError.UNAVAILABLE ? before : now;
    }

    private PooledBuffer readFromAny(ClusterMap map, Range range) throws ChunkException, S3Exception {
        List<ReadOrder.Copy> order = ReadOrder.of(
                map, range.volume(), places.health()::avoidReads, places.location(), turns.getAndIncrement());
        return order.size() > 1 && isRemote(map, order.getFirst()) ? race(range, order) : oneByOne(range, order);
    }

    /** Reads of which another copy was asked because the first was slow, since the start. */
    long hedges() {
        return hedging.hedges();
    }

    /** Copies that could not be read, since the start. */
    long failures() {
        return failures.sum();
    }

    private static boolean isRemote(ClusterMap map, ReadOrder.Copy copy) {
        Node node = map.nodes().get(copy.place().node());
        return node != null && !node.address().isEmpty();
    }

    private PooledBuffer oneByOne(Range range, List<ReadOrder.Copy> order) throws ChunkException, S3Exception {
        PooledBuffer buffer = acquire();
        boolean filled = false;
        try {
            ChunkException last = null;
            for (ReadOrder.Copy copy : order) {
                try {
                    read(range, copy, buffer);
                    filled = true;
                    return buffer;
                } catch (ChunkException e) {
                    last = moreHopeful(last, e);
                    failed(range, copy, e, order.size());
                }
            }
            throw last != null ? last : new ChunkException(ChunkError.NOT_FOUND, "a volume without members");
        } finally {
            if (!filled) {
                buffer.close();
            }
        }
    }

    private void read(Range range, ReadOrder.Copy copy, PooledBuffer into) throws ChunkException {
        into.buffer().clear().limit(range.length());
        places.store(copy.place()).read(range.chunk(copy), range.position(), into.buffer());
        into.buffer().flip();
    }

    private PooledBuffer race(Range range, List<ReadOrder.Copy> order) throws ChunkException, S3Exception {
        try (CopyRace race = new CopyRace((copy, into) -> read(range, copy, into))) {
            int next = 1;
            int running = 1;
            race.start(order.getFirst(), acquire());
            boolean hedged = false;
            ChunkException last = null;
            while (running > 0) {
                boolean mayHedge = !hedged && next < order.size();
                CopyRace.Finish finish = race.await((mayHedge ? hedging.delay() : READ_TIMEOUT).toNanos());
                if (finish == null) {
                    if (!mayHedge) {
                        throw new ChunkException(ChunkError.UNAVAILABLE, "no copy was read in " + READ_TIMEOUT);
                    }
                    hedged = true; // or not allowed to
                    Optional<PooledBuffer> spare = hedging.tryHedge() ? buffers.tryAcquire() : Optional.empty();
                    if (spare.isPresent()) {
                        race.start(order.get(next++), spare.get());
                        running++;
                    }
                    continue;
                }
                running--;
                if (finish.buffer() != null) {
                    if (running > 0 && !finish.copy().equals(order.getFirst())) {
                        places.health().overtaken(order.getFirst().place());
                    }
                    hedging.took(finish.nanos());
                    return finish.buffer();
                }
                last = moreHopeful(last, failed(range, finish, order.size()));
                if (running == 0 && next < order.size()) {
                    race.start(order.get(next++), acquire());
                    running++;
                }
            }
            throw last != null ? last : new ChunkException(ChunkError.NOT_FOUND, "a volume without members");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ChunkException(ChunkError.UNAVAILABLE, "interrupted", e);
        }
    }

    private @Nullable ChunkException failed(Range range, CopyRace.Finish finish, int copies) {
        ChunkException failure = finish.failure();
        if (failure != null) {
            failed(range, finish.copy(), failure, copies);
        }
        return failure;
    }

    private void failed(Range range, ReadOrder.Copy copy, ChunkException e, int copies) {
        if (Thread.currentThread().isInterrupted()) {
            return;
        }
        failures.increment();
        places.health().failed(copy.place(), e.error());
        boolean expected = e.error() == ChunkError.NOT_FOUND && !copy.complete();
        if (!expected && (e.error() == ChunkError.CORRUPT || e.error() == ChunkError.NOT_FOUND)) {
            LOG.warn(
                    "extent {} is {} on disk {}",
                    range.slice().extent(),
                    e.error(),
                    copy.place().disk());
            if (copies > 1) {
                places.repairs().report(range.volume(), range.slice().extent(), copy.index());
            }
        }
    }

    private PooledBuffer acquire() throws S3Exception {
        try {
            return buffers.acquire(BUFFER_TIMEOUT);
        } catch (BuffersExhaustedException e) {
            throw new S3Exception(S3Error.SLOW_DOWN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new S3Exception(S3Error.SERVICE_UNAVAILABLE);
        }
    }
}
