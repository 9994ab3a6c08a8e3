package io.coffer.gateway.client;

import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.SystemQuery;
import io.coffer.gateway.s3.error.S3Exception;
import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The cluster map as this gateway knows it. In a cluster it is pushed here; in one process it is at most {@link #FRESH_MILLIS} old
 * when it is used. Thread-safe; one caller fetches, the others go on with what there is.
 */
public final class ClusterMapCache {
    /** How old a map may be; a stale one costs a retry, never a wrong answer. */
    static final long FRESH_MILLIS = 1000;

    private final MetadataService metadata;
    private final InstantSource clock;
    private final Supplier<ClusterMap> pushed;
    private final ReentrantLock fetching = new ReentrantLock();
    private volatile ClusterMap map = ClusterMap.EMPTY;
    private volatile long fetchedMillis = Long.MIN_VALUE / 2;

    /** The number of the newest fetch that was begun; written under the lock. */
    private volatile long begun;

    /** The number of the newest fetch that succeeded; under the lock. */
    private long done;

    public ClusterMapCache(MetadataService metadata, InstantSource clock) {
        this(metadata, clock, () -> ClusterMap.EMPTY);
    }

    /** @param pushed the newest map that was pushed here; {@link ClusterMap#EMPTY} while there is none */
    public ClusterMapCache(MetadataService metadata, InstantSource clock, Supplier<ClusterMap> pushed) {
        this.metadata = metadata;
        this.clock = clock;
        this.pushed = pushed;
    }

    public ClusterMap get() throws S3Exception {
        ClusterMap known = map;
        ClusterMap newest = pushed.get();
        if (newest.revision() != ClusterMap.EMPTY.revision()) {
            return newest.revision() >= known.revision() ? newest : known;
        }
        if (clock.millis() - fetchedMillis < FRESH_MILLIS) {
            return known;
        }
        if (known.revision() == ClusterMap.EMPTY.revision()) {
            return refresh();
        }
        if (fetching.tryLock()) {
            try {
                return refresh();
            } finally {
                fetching.unlock();
            }
        }
        return known;
    }

    /**
     * Fetches now, for a caller that found the map wrong: what is pushed may be what is late. The whole map is dear where there are many
     * volumes, and many find it wrong at the same time: all that came before a fetch began share it.
     */
    public ClusterMap refresh() throws S3Exception {
        long begunBefore = begun;
        fetching.lock();
        try {
            return done > begunBefore ? map : fetch();
        } finally {
            fetching.unlock();
        }
    }

    /** Callers that wait for somebody else's fetch to end. */
    int waiting() {
        return fetching.getQueueLength();
    }

    private ClusterMap fetch() throws S3Exception {
        long number = begun + 1;
        begun = number;
        long now = clock.millis();
        try {
            map = metadata.ask(new SystemQuery.GetClusterMap()).map();
        } catch (RefusedException e) {
            throw Refusals.toS3(e);
        }
        fetchedMillis = now;
        done = number;
        return map;
    }
}
