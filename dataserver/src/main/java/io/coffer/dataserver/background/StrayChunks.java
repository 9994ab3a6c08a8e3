package io.coffer.dataserver.background;

import io.coffer.common.chunk.ChunkAddress;
import io.coffer.common.chunk.ChunkDescriptor;
import io.coffer.common.chunk.ChunkException;
import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.cluster.Disk;
import io.coffer.common.cluster.Member;
import io.coffer.common.cluster.Volume;
import io.coffer.common.id.DiskId;
import io.coffer.common.id.ExtentId;
import io.coffer.common.id.NodeId;
import io.coffer.common.id.VolumeId;
import io.coffer.dataserver.chunk.OwnChunks;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes the chunks of volumes that have moved away from this node's disks: a disk that is neither a member nor a member's previous place
 * is needed no more, because its slot has been filled. Looks at all disks once after the start, and later at what leaves. Used by one
 * thread.
 *
 * <p>A disk that comes back into a volume is safe from an old map: the deletion names the old epoch, which the disk refuses from the moment
 * on at which its comparison begins.
 */
public final class StrayChunks implements RepairStep {
    private static final Logger LOG = LoggerFactory.getLogger(StrayChunks.class);
    private static final int PAGE = 1000;
    private static final Duration BETWEEN_PAGES = Duration.ofMillis(50);
    private static final Duration IDLE = Duration.ofSeconds(2);

    private final NodeId node;
    private final OwnChunks own;
    private final Supplier<ClusterMap> maps;

    private final Deque<DiskId> unseen = new ArrayDeque<>();
    private Set<Place> places = new HashSet<>();
    private @Nullable ExtentId after;
    private long seenRevision = -1;
    private boolean changed;

    private record Place(DiskId disk, VolumeId volume) {}

    public StrayChunks(NodeId node, OwnChunks own, Supplier<ClusterMap> maps) {
        this.node = node;
        this.own = own;
        this.maps = maps;
    }

    @Override
    public Duration step() {
        ClusterMap map = maps.get();
        if (map.revision() != seenRevision) {
            follow(map);
        }
        DiskId disk = unseen.peek();
        if (disk == null) {
            return IDLE;
        }
        try {
            List<ChunkDescriptor> page = own.list(disk, after, Long.MAX_VALUE, PAGE);
            if (page.isEmpty()) {
                next();
                return Duration.ZERO;
            }
            delete(map, disk, page);
            after = page.getLast().address().extent();
        } catch (ChunkException e) {
            LOG.info("disk {} isn't searched for chunks of other nodes now: {}", disk, e.getMessage());
            next();
        }
        return BETWEEN_PAGES;
    }

    private void follow(ClusterMap map) {
        Set<Place> now = new HashSet<>();
        for (Volume volume : map.volumes().values()) {
            for (Member member : volume.members()) {
                note(now, volume, member.place());
                if (member.previous() != null) {
                    note(now, volume, member.previous());
                }
            }
        }
        if (seenRevision < 0) {
            map.disks().values().stream()
                    .filter(disk -> disk.node().equals(node))
                    .map(Disk::id)
                    .forEach(unseen::add);
        } else {
            for (Place before : places) {
                if (!now.contains(before)) {
                    changed |= before.disk().equals(unseen.peek());
                    if (!unseen.contains(before.disk())) {
                        unseen.add(before.disk());
                    }
                }
            }
        }
        places = now;
        seenRevision = map.revision();
    }

    private void note(Set<Place> noted, Volume volume, Member.Place place) {
        if (place.node().equals(node)) {
            noted.add(new Place(place.disk(), volume.id()));
        }
    }

    /** A disk that something left while it was searched is searched again. */
    private void next() {
        DiskId done = unseen.poll();
        if (changed && done != null) {
            unseen.add(done);
        }
        changed = false;
        after = null;
    }

    private void delete(ClusterMap map, DiskId disk, List<ChunkDescriptor> page) {
        List<ChunkAddress> strays = page.stream()
                .map(ChunkDescriptor::address)
                .filter(chunk -> isStray(map, disk, chunk))
                .map(chunk -> new ChunkAddress(
                        disk, chunk.volume(), epoch(map, chunk.volume()), chunk.extent(), chunk.index()))
                .toList();
        if (!strays.isEmpty()) {
            long deleted = own.deleteAll(strays).stream()
                    .filter(deletion -> deletion.failure() == null)
                    .count();
            LOG.info("disk {}: deleted {} chunks of volumes that are elsewhere", disk, deleted);
        }
    }

    /** An unknown volume is a new one, or this map is old. */
    private boolean isStray(ClusterMap map, DiskId disk, ChunkAddress chunk) {
        return map.volumes().containsKey(chunk.volume()) && !places.contains(new Place(disk, chunk.volume()));
    }

    private static long epoch(ClusterMap map, VolumeId id) {
        Volume volume = map.volumes().get(id);
        return volume == null ? 0 : volume.epoch();
    }
}
