package io.coffer.gateway.object;

import io.coffer.common.chunk.ChunkError;
import io.coffer.common.chunk.ChunkException;
import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.cluster.Member;
import io.coffer.common.cluster.Volume;
import io.coffer.common.id.ExtentId;
import io.coffer.common.id.VolumeId;
import io.coffer.common.metadata.SystemCommand.MissedWrite;
import io.coffer.gateway.client.DegradedWrites;
import io.coffer.gateway.placement.VolumePlacement;
import io.coffer.gateway.s3.error.S3Exception;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Opens extents in the volumes that take them, and settles those that a member missed. Thread-safe. */
final class ExtentPlacer {
    /** How many volumes an extent tries before the client is told to come back. */
    static final int MAX_VOLUMES_TRIED = 4;

    private final ChunkPlaces places;
    private final DegradedWrites degraded;
    private final InstantSource clock;
    private final Supplier<RandomGenerator> random;
    private final KeptBytes kept = new KeptBytes();
    private final AtomicLong turns = new AtomicLong();
    private final LongAdder moves = new LongAdder();

    ExtentPlacer(ChunkPlaces places, DegradedWrites degraded, InstantSource clock, Supplier<RandomGenerator> random) {
        this.places = places;
        this.degraded = degraded;
        this.clock = clock;
        this.random = random;
    }

    /** An extent that began in one volume goes to another. */
    void moving() {
        moves.increment();
    }

    /** Since the start. */
    long moves() {
        return moves.sum();
    }

    KeptBytes kept() {
        return kept;
    }

    /**
     * Opens an extent. While nodes that should take it can't be asked it waits a little.
     *
     * @param refused gets the volumes that didn't take it
     * @throws ChunkException if no volume does
     */
    ExtentWriter open(String policy, long length, Set<VolumeId> refused) throws ChunkException, S3Exception {
        Patience patience = new Patience();
        while (true) {
            Set<VolumeId> tried = new HashSet<>(refused);
            try {
                ExtentWriter opened = openAny(policy, length, tried);
                refused.addAll(tried);
                return opened;
            } catch (ChunkException e) {
                boolean hopeless =
                        choose(policy, refused, place -> false, false).isEmpty();
                if (e.error() != ChunkError.UNAVAILABLE
                        || hopeless
                        || refused.size() >= MAX_VOLUMES_TRIED
                        || patience.isOver()) {
                    throw e;
                }
                patience.pause(e);
            }
        }
    }

    private ExtentWriter openAny(String policy, long length, Set<VolumeId> refused) throws ChunkException, S3Exception {
        ChunkException last = null;
        while (refused.size() < MAX_VOLUMES_TRIED) {
            Optional<Volume> volume = chooseAny(policy, refused);
            if (volume.isEmpty()) {
                break;
            }
            try {
                return ExtentWriter.open(volume.get(), newExtent(), length, places);
            } catch (ChunkException e) {
                last = e;
                refused.add(volume.get().id());
                places.maps().refresh();
            }
        }
        throw last != null
                ? last
                : new ChunkException(ChunkError.UNAVAILABLE, "no volume of policy " + policy + " takes writes");
    }

    /** What this gateway found not to work is avoided; if that is everything, it is the one that was away. */
    private Optional<Volume> chooseAny(String policy, Set<VolumeId> refused) throws S3Exception {
        Optional<Volume> working = choose(policy, refused, places.health()::avoidWrites, false);
        return working.isPresent() ? working : choose(policy, refused, place -> false, false);
    }

    /** Whether there is a volume all of whose members take writes. */
    boolean isWholeLeft(String policy, Set<VolumeId> refused) throws S3Exception {
        return refused.size() < MAX_VOLUMES_TRIED
                && choose(policy, refused, places.health()::avoidWrites, true).isPresent();
    }

    private Optional<Volume> choose(
            String policy, Set<VolumeId> refused, Predicate<Member.Place> avoided, boolean wholeOnly)
            throws S3Exception {
        ClusterMap map = places.maps().get();
        return VolumePlacement.choose(
                map,
                new VolumePlacement.Request(policy, refused, avoided, wholeOnly),
                wholeOnly ? 0 : turns.getAndIncrement(),
                clock.millis());
    }

    private ExtentId newExtent() {
        return ExtentId.create(clock.millis(), random.get());
    }

    void refreshMap() throws S3Exception {
        places.maps().refresh();
    }

    /** Notes which members missed an extent that is durable on the others; false if the volume has changed, so that it doesn't count. */
    boolean settle(ExtentWriter written) throws S3Exception, ChunkException {
        List<MissedWrite> missed = written.missed().stream()
                .map(index -> new MissedWrite(
                        written.volume().id(),
                        written.volume().epoch(),
                        index,
                        written.extent().birthMillis()))
                .toList();
        try {
            return degraded.mark(missed);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ChunkException(ChunkError.UNAVAILABLE, "interrupted", e);
        }
    }
}
