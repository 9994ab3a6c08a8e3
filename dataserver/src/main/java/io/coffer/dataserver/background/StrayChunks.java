package io.coffer.dataserver.background;

import io.coffer.common.chunk.ChunkAddress;
import io.coffer.common.chunk.ChunkDescriptor;
import io.coffer.common.chunk.ChunkError;
import io.coffer.common.chunk.ChunkException;
import io.coffer.common.chunk.ChunkPage;
import io.coffer.common.chunk.Deletion;
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
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes the chunks of volumes that have moved away from this node's disks, once all members of the volume have everything: until then
 * they may be somebody's last resort. Goes through all disks once after the start, and later through what left. Used by one thread.
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

    /** Disks that nobody has gone through since the start. */
    private final Deque<DiskId> unseen = new ArrayDeque<>();

    private @Nullable ExtentId seenUpTo;

    /** Where volumes were that have left. */
    private final Set<Place> left = new LinkedHashSet<>();

    private @Nullable Place sweeping;
    private @Nullable ExtentId sweptUpTo;

    private Set<Slot> slots = new HashSet<>();
    private long seenRevision = -1;

    private record Place(DiskId disk, VolumeId volume) {}

    private record Slot(DiskId disk, VolumeId volume, int index) {
        Place place() {
            return new Place(disk, volume);
        }
    }

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
        Place place = sweeping == null ? next(map) : sweeping;
        DiskId disk = unseen.peek();
        if (place == null && disk == null) {
            return IDLE;
        }
        try {
            if (place != null) {
                sweep(map, place);
            } else if (disk != null) {
                look(map, disk);
            }
            return BETWEEN_PAGES;
        } catch (ChunkException e) {
            LOG.info("chunks of volumes that are elsewhere can't be deleted now: {}", e.getMessage());
            if (place != null) {
                postpone(left, place, e);
                sweeping = null;
            } else if (disk != null) {
                postpone(unseen, disk, e);
                seenUpTo = null;
            }
            return IDLE;
        }
    }

    /** Behind the others; a failed disk is gone through again after the start that finds it well. */
    private static <T> void postpone(Collection<T> waiting, T failed, ChunkException why) {
        waiting.remove(failed);
        if (why.error() != ChunkError.DISK_FAILED) {
            waiting.add(failed);
        }
    }

    private void follow(ClusterMap map) {
        Set<Slot> now = new HashSet<>();
        for (Volume volume : map.volumes().values()) {
            for (int index = 0; index < volume.members().size(); index++) {
                Member member = volume.members().get(index);
                note(now, volume, index, member.place());
                if (member.previous() != null) {
                    note(now, volume, index, member.previous());
                }
            }
        }
        if (seenRevision < 0) {
            map.disks().values().stream()
                    .filter(disk -> disk.node().equals(node))
                    .map(Disk::id)
                    .forEach(unseen::add);
        }
        for (Slot before : slots) {
            if (!now.contains(before)) {
                leave(map, before.place());
            }
        }
        slots = now;
        seenRevision = map.revision();
    }

    private void note(Set<Slot> noted, Volume volume, int index, Member.Place place) {
        if (place.node().equals(node)) {
            noted.add(new Slot(place.disk(), volume.id(), index));
        }
    }

    private void leave(ClusterMap map, Place place) {
        left.add(place);
        Volume volume = map.volumes().get(place.volume());
        if (volume != null) {
            try {
                // A writer with an old map would leave more here.
                own.fence(place.disk(), volume.id(), volume.epoch());
            } catch (ChunkException e) {
                LOG.debug("disk {} isn't fenced: {}", place.disk(), e.getMessage());
            }
        }
    }

    private @Nullable Place next(ClusterMap map) {
        sweptUpTo = null;
        sweeping = left.stream()
                .filter(place -> isWhole(map, place.volume()))
                .findFirst()
                .orElse(null);
        return sweeping;
    }

    private static boolean isWhole(ClusterMap map, VolumeId id) {
        Volume volume = map.volumes().get(id);
        return volume != null && volume.members().stream().allMatch(Member::isCurrent);
    }

    private void sweep(ClusterMap map, Place place) throws ChunkException {
        Volume volume = map.volumes().get(place.volume());
        if (volume == null || !isWhole(map, place.volume())) {
            sweeping = null;
            return;
        }
        ChunkPage page = own.listVolume(place.disk(), place.volume(), sweptUpTo, PAGE);
        List<ChunkAddress> strays = page.chunks().stream()
                .map(ChunkDescriptor::address)
                .filter(chunk -> isStray(place.disk(), chunk))
                .map(chunk ->
                        new ChunkAddress(place.disk(), volume.id(), volume.epoch(), chunk.extent(), chunk.index()))
                .toList();
        if (!strays.isEmpty()) {
            for (Deletion deletion : own.deleteAll(strays)) {
                if (deletion.failure() != null) {
                    throw deletion.failure();
                }
            }
            LOG.info(
                    "disk {}: deleted {} chunks of volume {}, which is elsewhere",
                    place.disk(),
                    strays.size(),
                    volume.id().value());
        }
        sweptUpTo = page.next();
        if (sweptUpTo == null) {
            left.remove(place);
            sweeping = null;
        }
    }

    /** Looks for what left while this process wasn't there. */
    private void look(ClusterMap map, DiskId disk) throws ChunkException {
        List<ChunkDescriptor> page = own.list(disk, seenUpTo, Long.MAX_VALUE, PAGE);
        for (ChunkDescriptor chunk : page) {
            // An unknown volume is a new one, or this map is old.
            if (isStray(disk, chunk.address())
                    && map.volumes().containsKey(chunk.address().volume())) {
                left.add(new Place(disk, chunk.address().volume()));
            }
        }
        if (page.isEmpty()) {
            unseen.remove();
            seenUpTo = null;
        } else {
            seenUpTo = page.getLast().address().extent();
        }
    }

    private boolean isStray(DiskId disk, ChunkAddress chunk) {
        return !slots.contains(new Slot(disk, chunk.volume(), chunk.index()));
    }
}
