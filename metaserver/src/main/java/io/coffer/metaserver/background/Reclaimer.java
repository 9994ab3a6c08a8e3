package io.coffer.metaserver.background;

import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.cluster.Volume;
import io.coffer.common.id.ExtentId;
import io.coffer.common.id.GroupId;
import io.coffer.common.metadata.BucketCommand.ForgetExtents;
import io.coffer.common.metadata.BucketQuery.DueExtents;
import io.coffer.common.metadata.ExtentSlice;
import io.coffer.common.metadata.MetadataUnavailableException;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.time.WallClock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives back the space of extents that nothing references any more: first the chunks on every member, then the row that says so.
 * A crash in between only means that chunks are deleted twice.
 *
 * <p>An extent with a member that doesn't answer is tried again later, so that a node that is away doesn't keep the others'
 * space. Used by one thread.
 */
final class Reclaimer implements Step {
    private static final Logger LOG = LoggerFactory.getLogger(Reclaimer.class);

    private final Calls calls;
    private final Chunks chunks;
    private final Groups groups;
    private final WallClock clock;

    /** Extents with an absent member, and when to try again; in the order of trying. */
    private final Map<ExtentId, Long> postponed = new LinkedHashMap<>();

    Reclaimer(Calls calls, Chunks chunks, Groups groups, WallClock clock) {
        this.calls = calls;
        this.chunks = chunks;
        this.groups = groups;
        this.clock = clock;
    }

    @Override
    public Progress run() throws MetadataUnavailableException, RefusedException, InterruptedException {
        Progress progress = Progress.DONE;
        for (GroupId group : groups.local()) {
            if (groups.leads(group) && reclaim(group) == Progress.MORE) {
                progress = Progress.MORE;
            }
        }
        return progress;
    }

    private Progress reclaim(GroupId group)
            throws MetadataUnavailableException, RefusedException, InterruptedException {
        long now = clock.millis();
        postponed.values().removeIf(until -> until <= now);
        int limit = Limits.RECLAIMED_PER_STEP + postponed.size();
        List<ExtentSlice> found = calls.ask(group, new DueExtents(now, limit)).extents();
        List<ExtentSlice> due = found.stream()
                .filter(slice -> !postponed.containsKey(slice.extent()))
                .limit(Limits.RECLAIMED_PER_STEP)
                .toList();
        if (due.isEmpty()) {
            return Progress.DONE;
        }
        ClusterMap map = calls.map();
        List<ExtentId> gone = new ArrayList<>();
        for (ExtentSlice slice : due) {
            if (isGone(map, slice, now)) {
                gone.add(slice.extent());
            }
        }
        if (!gone.isEmpty()) {
            calls.tell(group, new ForgetExtents(gone));
        }
        return found.size() >= limit ? Progress.MORE : Progress.DONE;
    }

    private boolean isGone(ClusterMap map, ExtentSlice slice, long now) {
        Volume volume = map.volumes().get(slice.volume());
        if (volume != null && chunks.delete(volume, slice.extent()) == Chunks.Deletion.GONE) {
            return true;
        }
        if (volume == null) {
            LOG.warn("extent {} waits to be deleted in volume {}, which is not there", slice.extent(), slice.volume());
        }
        if (postponed.size() >= Limits.POSTPONED_EXTENTS) {
            // What is left of it is an orphan from now on.
            return true;
        }
        postponed.put(slice.extent(), now + Limits.POSTPONED_FOR.toMillis());
        return false;
    }
}
