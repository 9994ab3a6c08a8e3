package io.coffer.metaserver.background;

import io.coffer.common.chunk.ChunkAddress;
import io.coffer.common.chunk.ChunkDescriptor;
import io.coffer.common.chunk.ChunkException;
import io.coffer.common.chunk.ChunkStore;
import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.cluster.Disk;
import io.coffer.common.cluster.Member;
import io.coffer.common.cluster.Volume;
import io.coffer.common.id.DiskId;
import io.coffer.common.id.ExtentId;
import io.coffer.common.id.GroupId;
import io.coffer.common.metadata.BucketQuery.FindUnreferenced;
import io.coffer.common.metadata.MetadataUnavailableException;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.time.WallClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds chunks that no metadata names, and deletes them: what an upload left that never committed, and what a disk that was away
 * has missed. It compares each disk's old extents with every bucket group, a page per step, disk after disk.
 *
 * <p>A slow upload can't lose its chunks to it: groups refuse to commit an extent older than a limit, only extents older than
 * that limit and a margin for clocks that differ are looked at, and groups are asked after the disk. An extent that nothing
 * references then never will be. Used by one thread.
 */
final class OrphanCollector implements Step {
    private static final Logger LOG = LoggerFactory.getLogger(OrphanCollector.class);

    private final Calls calls;
    private final Chunks chunks;
    private final Groups groups;
    private final WallClock clock;
    private final Duration minAge;

    /** The disk and the extent after which the next step goes on; null to begin with the first disk. */
    private @Nullable DiskId disk;

    private @Nullable ExtentId after;

    /**
     * @param minAge of the extents looked at: longer than the age from which on groups refuse to commit one, by more than clocks
     *     differ
     */
    OrphanCollector(Calls calls, Chunks chunks, Groups groups, WallClock clock, Duration minAge) {
        if (minAge.compareTo(Limits.COMMIT_LIMIT) <= 0) {
            throw new IllegalArgumentException("extents of age " + minAge + " may still be committed");
        }
        this.calls = calls;
        this.chunks = chunks;
        this.groups = groups;
        this.clock = clock;
        this.minAge = minAge;
    }

    /** Compares one page of one disk. {@code DONE} after the last page of the last disk. */
    @Override
    public Progress run() throws MetadataUnavailableException, RefusedException, InterruptedException {
        if (!groups.leads(GroupId.SYSTEM)) {
            disk = null;
            after = null;
            return Progress.DONE;
        }
        ClusterMap map = calls.map();
        Disk next = next(map);
        if (next == null) {
            disk = null;
            return Progress.DONE;
        }
        disk = next.id();
        List<ChunkDescriptor> page = page(next);
        if (!page.isEmpty()) {
            collect(map, next, page);
        }
        after = page.size() < Limits.COMPARED_PER_STEP
                ? null
                : page.getLast().address().extent();
        return Progress.MORE;
    }

    /** The disk whose page is next: the one under way, or the one behind it in the order of ids. */
    private @Nullable Disk next(ClusterMap map) {
        DiskId current = disk;
        if (current != null && after != null && map.disks().containsKey(current)) {
            return map.disks().get(current);
        }
        after = null;
        return map.disks().values().stream()
                .filter(candidate -> current == null || candidate.id().value().compareTo(current.value()) > 0)
                .min(Comparator.comparing(candidate -> candidate.id().value()))
                .orElse(null);
    }

    private List<ChunkDescriptor> page(Disk next) {
        Optional<ChunkStore> store = chunks.of(next);
        if (store.isEmpty() || next.state() == Disk.State.FAILED) {
            return List.of();
        }
        try {
            long bornBefore = clock.millis() - minAge.toMillis();
            return bornBefore <= 0
                    ? List.of()
                    : store.get().list(next.id(), after, bornBefore, Limits.COMPARED_PER_STEP);
        } catch (ChunkException e) {
            LOG.info("disk {} can't be compared with the metadata now: {}", next.id(), e.getMessage());
            return List.of();
        }
    }

    /** The map just read has them all, where there is more than one process; one that is missed would lose its objects. */
    private List<GroupId> bucketGroups(ClusterMap map) {
        return map.groups().isEmpty()
                ? groups.all()
                : map.groups().keySet().stream()
                        .filter(group -> !group.isSystem())
                        .sorted()
                        .toList();
    }

    private void collect(ClusterMap map, Disk on, List<ChunkDescriptor> page)
            throws MetadataUnavailableException, RefusedException, InterruptedException {
        long bornBefore = clock.millis() - minAge.toMillis();
        List<ExtentId> suspects = page.stream()
                .map(chunk -> chunk.address().extent())
                .filter(extent -> extent.birthMillis() < bornBefore)
                .distinct()
                .toList();
        for (GroupId group : bucketGroups(map)) {
            if (suspects.isEmpty()) {
                return;
            }
            suspects = calls.ask(group, new FindUnreferenced(suspects)).extents();
        }
        Set<ExtentId> orphans = new HashSet<>(suspects);
        List<ExtentId> deleted = new ArrayList<>();
        for (ChunkDescriptor chunk : page) {
            ChunkAddress address = chunk.address();
            if (orphans.contains(address.extent())) {
                Volume volume = map.volumes().get(address.volume());
                long epoch = volume == null ? address.volumeEpoch() : volume.epoch();
                ChunkAddress current =
                        new ChunkAddress(on.id(), address.volume(), epoch, address.extent(), address.index());
                if (chunks.delete(new Member(on.node(), on.id()), current) == Chunks.Deletion.GONE) {
                    deleted.add(address.extent());
                }
            }
        }
        if (!deleted.isEmpty()) {
            LOG.info(
                    "deleted {} chunks on disk {} that no metadata names, the first of extent {}",
                    deleted.size(),
                    on.id(),
                    deleted.getFirst());
        }
    }
}
