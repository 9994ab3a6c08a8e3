package io.coffer.common.time;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time of day that the processes of a cluster agree on: this host's, put right by what the leader of the system group says. A host
 * whose clock is an hour off takes part like any other. Thread-safe.
 */
public final class ClusterClock implements WallClock, InstantSource {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterClock.class);

    /** Within it a host's own clock is better than an estimate that crossed the network. */
    static final Duration TOLERATED = Duration.ofSeconds(2);

    private final WallClock own;
    private volatile long offsetMillis;
    private volatile boolean known;

    /** @param own this host's */
    public ClusterClock(WallClock own) {
        this.own = own;
    }

    @Override
    public long millis() {
        return own.millis() + offsetMillis;
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis());
    }

    /** This host's time of day. */
    public long ownMillis() {
        return own.millis();
    }

    /** What is added to this host's time. */
    public long offsetMillis() {
        return offsetMillis;
    }

    /** Whether the cluster has said what time it is; before, this host's own clock is all there is. */
    public boolean isKnown() {
        return known;
    }

    /** @param clusterMillis what the time is now, for the cluster */
    public void learn(long clusterMillis) {
        known = true;
        long offset = clusterMillis - own.millis();
        long wanted = Math.abs(offset) <= TOLERATED.toMillis() ? 0 : offset;
        boolean same = wanted == 0 ? offsetMillis == 0 : Math.abs(wanted - offsetMillis) <= TOLERATED.toMillis();
        if (same) {
            return;
        }
        offsetMillis = wanted;
        if (wanted == 0) {
            LOG.info("this host's clock is right again");
        } else {
            LOG.warn("this host's clock is {} s off; the cluster's time is used instead", -wanted / 1000);
        }
    }
}
