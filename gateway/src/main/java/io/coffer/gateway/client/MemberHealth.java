package io.coffer.gateway.client;

import io.coffer.common.chunk.ChunkError;
import io.coffer.common.cluster.Member;
import io.coffer.common.id.DiskId;
import io.coffer.common.id.NodeId;
import io.coffer.common.time.Ticker;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Nodes and disks that this gateway has lately found not to work, faster than the cluster map says so. Each is avoided for some seconds and
 * then tried again. Thread-safe; as large as the cluster at most.
 */
public final class MemberHealth {
    /** About as long as the cluster map takes to say the same. */
    static final Duration AVOIDED = Duration.ofSeconds(5);

    /** A node that was overtaken by another one may only have been busy. */
    static final Duration SLOW = Duration.ofSeconds(1);

    private final Ticker ticker;
    private final ConcurrentHashMap<NodeId, Long> nodes = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<NodeId, Long> slow = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<DiskId, Long> disks = new ConcurrentHashMap<>();

    public MemberHealth(Ticker ticker) {
        this.ticker = ticker;
    }

    /** Notes what a place answered. */
    public void failed(Member.Place place, ChunkError error) {
        switch (error) {
            case UNAVAILABLE -> avoid(nodes, place.node(), AVOIDED);
            case DISK_FULL, READ_ONLY, DISK_FAILED, OVERLOADED -> avoid(disks, place.disk(), AVOIDED);
            case NOT_FOUND, CORRUPT, CHECKSUM_MISMATCH, STALE_EPOCH, EXISTS -> {
                // It works.
            }
        }
    }

    /** Notes that another copy was read in the time that this one took. */
    public void overtaken(Member.Place place) {
        avoid(slow, place.node(), SLOW);
    }

    public boolean avoidWrites(Member.Place place) {
        return isAvoided(nodes, place.node()) || isAvoided(disks, place.disk());
    }

    /** Whether nothing can be asked of it. A disk that takes no writes still deletes. */
    public boolean avoidDeletes(Member.Place place) {
        return isAvoided(nodes, place.node());
    }

    public boolean avoidReads(Member.Place place) {
        return isAvoided(nodes, place.node()) || isAvoided(slow, place.node());
    }

    private <K> void avoid(ConcurrentHashMap<K, Long> until, K key, Duration time) {
        until.put(key, ticker.nanos() + time.toNanos());
    }

    private <K> boolean isAvoided(ConcurrentHashMap<K, Long> until, K key) {
        if (until.isEmpty()) {
            return false;
        }
        Long end = until.get(key);
        if (end == null) {
            return false;
        }
        if (end - ticker.nanos() > 0) {
            return true;
        }
        until.remove(key, end);
        return false;
    }
}
