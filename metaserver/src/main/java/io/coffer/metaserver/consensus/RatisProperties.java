package io.coffer.metaserver.consensus;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/** Our settings in Ratis' words. What is not set here has Ratis' default. */
final class RatisProperties {
    /** With nobody to disagree, an election needs no patience. */
    private static final Duration ALONE_FIRST_ELECTION_MIN = Duration.ofMillis(1);

    private static final Duration ALONE_FIRST_ELECTION_MAX = Duration.ofMillis(5);
    private static final Duration ALONE_ELECTION_MIN = Duration.ofMillis(100);
    private static final Duration ALONE_ELECTION_MAX = Duration.ofMillis(200);

    /** We never repeat a request to Ratis: state remembers request ids by itself. One second is the memory this costs. */
    private static final Duration RETRY_CACHE = Duration.ofSeconds(1);

    /** Ratis closes a server that was paused for longer. A paused server is no reason to stop it, however long. */
    private static final Duration NEVER = Duration.ofDays(3650);

    /** Waits before an appender turns to a member again that can't be reached: Ratis' own grow to five seconds, which it lags then. */
    private static final String APPENDER_RETRIES = "1ms,10, 100ms,10, 250ms,1000";

    private RatisProperties() {}

    /** @param alone whether no group has other peers */
    static RaftProperties of(RaftSettings settings, boolean alone) {
        RaftProperties properties = new RaftProperties();
        timing(properties, settings, alone);
        log(properties, settings, alone);
        bounds(properties);
        RaftServerConfigKeys.Read.setOption(properties, RaftServerConfigKeys.Read.Option.LINEARIZABLE);
        RaftServerConfigKeys.Read.setLeaderLeaseEnabled(properties, settings.leaseReads());
        RaftServerConfigKeys.Read.setTimeout(properties, duration(Limits.READ_TIMEOUT));
        // A group grows from its founder to three; each change is asked for one by one, and new members catch up first.
        RaftServerConfigKeys.LeaderElection.setMemberMajorityAdd(properties, true);
        if (alone) {
            RaftConfigKeys.Rpc.setType(properties, new LocalRpcType());
        }
        return properties;
    }

    private static void timing(RaftProperties properties, RaftSettings settings, boolean alone) {
        Duration min = alone ? ALONE_ELECTION_MIN : settings.electionTimeoutMin();
        Duration max = alone ? ALONE_ELECTION_MAX : settings.electionTimeoutMax();
        RaftServerConfigKeys.Rpc.setTimeoutMin(properties, duration(min));
        RaftServerConfigKeys.Rpc.setTimeoutMax(properties, duration(max));
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMin(
                properties, duration(alone ? ALONE_FIRST_ELECTION_MIN : min));
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMax(
                properties, duration(alone ? ALONE_FIRST_ELECTION_MAX : max));
        RaftServerConfigKeys.setCloseThreshold(properties, duration(NEVER));
        RaftServerConfigKeys.Log.Appender.setRetryPolicy(properties, APPENDER_RETRIES);
        if (!alone) {
            // For so long a leader that lost its majority keeps out of elections: ten seconds if it is up to Ratis,
            // though it may be the only
            // one with everything that was committed. It is also the pause of a process after which its leaders give
            // up; by then others lead.
            RaftServerConfigKeys.LeaderElection.setLeaderStepDownWaitTime(properties, duration(max));
        }
        RaftServerConfigKeys.RetryCache.setExpiryTime(properties, duration(RETRY_CACHE));
    }

    private static void log(RaftProperties properties, RaftSettings settings, boolean alone) {
        // unsafe-flush acknowledges before the force and lost acknowledged entries in power-cut tests; async-flush
        // reads the
        // written index after the force, so that it covers entries written meanwhile. Both stay off for ever.
        RaftServerConfigKeys.Log.setUnsafeFlushEnabled(properties, false);
        RaftServerConfigKeys.Log.setAsyncFlushEnabled(properties, false);
        // An entry per commit that only records the commit: it would double the log's writes.
        RaftServerConfigKeys.Log.setLogMetadataEnabled(properties, false);
        RaftServerConfigKeys.Log.setCorruptionPolicy(properties, RaftServerConfigKeys.Log.CorruptionPolicy.EXCEPTION);
        RaftServerConfigKeys.Log.setSegmentSizeMax(properties, SizeInBytes.valueOf(settings.segmentBytes()));
        RaftServerConfigKeys.Log.setPreallocatedSize(properties, SizeInBytes.valueOf(settings.preallocatedBytes()));
        RaftServerConfigKeys.Log.setSegmentCacheNumMax(properties, Limits.CACHED_SEGMENTS);
        RaftServerConfigKeys.Log.setSegmentCacheSizeMax(properties, SizeInBytes.valueOf(settings.segmentBytes()));
        RaftServerConfigKeys.Log.Appender.setBufferByteLimit(properties, SizeInBytes.valueOf(Limits.ENTRY_BYTES));
        RaftServerConfigKeys.Log.setWriteBufferSize(
                properties, SizeInBytes.valueOf(Limits.ENTRY_BYTES + Limits.ENTRY_OVERHEAD_BYTES));
        RaftServerConfigKeys.Log.setPurgeGap(properties, 1);
        RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(properties, true);
        RaftServerConfigKeys.Log.setPurgePreservationLogNum(properties, alone ? 0 : settings.keptEntries());
        // Checkpoints are triggered by bytes and commands, which Ratis doesn't count.
        RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(properties, false);
        RaftServerConfigKeys.Snapshot.setRetentionFileNum(
                properties, alone ? Limits.CHECKPOINTS_ALONE : Limits.CHECKPOINTS_WITH_FOLLOWERS);
    }

    private static void bounds(RaftProperties properties) {
        RaftServerConfigKeys.Write.setElementLimit(properties, Limits.PENDING_ENTRIES);
        RaftServerConfigKeys.Write.setByteLimit(properties, SizeInBytes.valueOf(Limits.PENDING_BYTES));
        RaftServerConfigKeys.Log.setQueueElementLimit(properties, Limits.PENDING_ENTRIES);
        RaftServerConfigKeys.Log.setQueueByteLimit(properties, SizeInBytes.valueOf(Limits.PENDING_BYTES));
    }

    static TimeDuration duration(Duration duration) {
        return TimeDuration.valueOf(duration.toMillis(), TimeUnit.MILLISECONDS);
    }
}
