package io.coffer.metaserver.background;

import io.coffer.common.chunk.ChunkAddress;
import io.coffer.common.chunk.ChunkDescriptor;
import io.coffer.common.chunk.ChunkError;
import io.coffer.common.chunk.ChunkException;
import io.coffer.common.chunk.ChunkPage;
import io.coffer.common.chunk.ChunkStore;
import io.coffer.common.chunk.ChunkStores;
import io.coffer.common.chunk.ChunkWriter;
import io.coffer.common.chunk.Deletion;
import io.coffer.common.chunk.DiskStatus;
import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.cluster.Disk;
import io.coffer.common.cluster.MetadataGroup;
import io.coffer.common.cluster.Node;
import io.coffer.common.cluster.Volume;
import io.coffer.common.id.BucketId;
import io.coffer.common.id.ClusterId;
import io.coffer.common.id.DiskId;
import io.coffer.common.id.ExtentId;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.NodeId;
import io.coffer.common.id.PartitionId;
import io.coffer.common.id.RequestId;
import io.coffer.common.id.VolumeId;
import io.coffer.common.metadata.Account;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.BucketCommand;
import io.coffer.common.metadata.BucketQuery;
import io.coffer.common.metadata.Command;
import io.coffer.common.metadata.ExtentSlice;
import io.coffer.common.metadata.MetadataClient;
import io.coffer.common.metadata.MetadataUnavailableException;
import io.coffer.common.metadata.PartitionSettings;
import io.coffer.common.metadata.Purge;
import io.coffer.common.metadata.Query;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.SystemCommand;
import io.coffer.common.metadata.SystemQuery;
import io.coffer.common.time.WallClock;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A cluster in memory that keeps what background work looks at, with the rules that it relies on. Calls fail when {@link
 * #faults} says so: half of them before they were applied, half after.
 */
final class FakeCluster implements MetadataClient, ChunkStores, Groups {
    /** What a call may do. */
    interface Faults {
        boolean fails();

        boolean afterwards();
    }

    private static final Faults NONE = new Faults() {
        @Override
        public boolean fails() {
            return false;
        }

        @Override
        public boolean afterwards() {
            return false;
        }
    };

    /** A bucket group. */
    static final class Extents {
        final Set<ExtentId> referenced = new HashSet<>();
        final Map<ExtentId, Due> due = new LinkedHashMap<>();
        final Set<PartitionId> open = new HashSet<>();
        final Set<PartitionId> notEmpty = new HashSet<>();
        final Map<PartitionId, PartitionSettings> settings = new HashMap<>();
        int partsToRelease;

        /** Versions that are not locked, and that are. */
        final Map<PartitionId, Integer> free = new HashMap<>();

        final Map<PartitionId, Integer> locked = new HashMap<>();
    }

    record Due(ExtentSlice slice, long atMillis) {}

    final WallClock clock;
    final List<GroupId> bucketGroups = new ArrayList<>();
    final Map<GroupId, Extents> groups = new HashMap<>();
    final Map<DiskId, Map<ExtentId, ChunkDescriptor>> chunks = new HashMap<>();
    final Map<DiskId, ChunkError> broken = new HashMap<>();
    final Map<String, Bucket> buckets = new TreeMap<>();
    final Map<BucketId, Purge> purges = new HashMap<>();
    final List<Account> accounts = new ArrayList<>();
    final List<MetadataGroup> metadataGroups = new ArrayList<>();
    final Map<NodeId, Node> nodes = new HashMap<>();
    final Map<DiskId, Disk> disks = new HashMap<>();
    final Map<VolumeId, Volume> volumes = new HashMap<>();
    final List<Command<?>> told = new ArrayList<>();
    List<DiskStatus> statuses = List.of();
    Predicate<GroupId> leads = group -> true;
    Faults faults = NONE;

    @Nullable
    ClusterId name;

    FakeCluster(WallClock clock, int bucketGroups) {
        this.clock = clock;
        for (int i = 1; i <= bucketGroups; i++) {
            this.bucketGroups.add(new GroupId(i));
            groups.put(new GroupId(i), new Extents());
        }
    }

    Calls calls() {
        return new Calls(this, clock, new java.util.Random(1));
    }

    ClusterMap map() {
        return ClusterMap.of(
                1,
                List.copyOf(nodes.values()),
                List.copyOf(disks.values()),
                List.copyOf(volumes.values()),
                List.copyOf(metadataGroups));
    }

    void addDisk(NodeId node, DiskId disk) {
        nodes.put(node, new Node(node, "here/1/" + node, ""));
        disks.put(disk, new Disk(disk, node, "/disk/" + disk, Disk.State.HEALTHY, 1000, 1000));
        chunks.put(disk, new TreeMap<>());
    }

    void write(Volume volume, ExtentId extent) {
        for (int i = 0; i < volume.members().size(); i++) {
            DiskId disk = volume.members().get(i).disk();
            chunks.get(disk)
                    .put(
                            extent,
                            new ChunkDescriptor(
                                    new ChunkAddress(disk, volume.id(), volume.epoch(), extent, i),
                                    volume.scheme(),
                                    1,
                                    1));
        }
    }

    boolean isComplete(Volume volume, ExtentId extent) {
        return volume.members().stream()
                .allMatch(member -> chunks.get(member.disk()).containsKey(extent));
    }

    // Groups

    @Override
    public boolean leads(GroupId group) {
        return leads.test(group);
    }

    @Override
    public List<GroupId> local() {
        return bucketGroups;
    }

    @Override
    public List<GroupId> all() {
        return bucketGroups;
    }

    // Metadata

    @Override
    @SuppressWarnings("unchecked")
    public <R extends Reply> CompletableFuture<R> submit(GroupId group, RequestId request, Command<R> command) {
        boolean fails = faults.fails();
        if (fails && !faults.afterwards()) {
            return CompletableFuture.failedFuture(new MetadataUnavailableException("before", null));
        }
        told.add(command);
        try {
            R reply = (R)
                    (command instanceof SystemCommand<?> system
                            ? apply(system)
                            : apply(groups.get(group), (BucketCommand<?>) command));
            return fails
                    ? CompletableFuture.failedFuture(new MetadataUnavailableException("after", null))
                    : CompletableFuture.completedFuture(reply);
        } catch (RefusedException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private Reply apply(SystemCommand<?> command) throws RefusedException {
        switch (command) {
            case SystemCommand.InitializeCluster c -> {
                if (name != null && !name.equals(c.cluster())) {
                    throw new RefusedException(Refusal.INVALID_ARGUMENT);
                }
                name = c.cluster();
            }
            case SystemCommand.CreateAccount c -> {
                Account account = new Account(c.id(), c.canonicalId(), c.name(), c.email(), c.root(), true, 0);
                accounts.add(account);
                return new Reply.AccountReply(account);
            }
            case SystemCommand.RegisterNode c -> nodes.put(c.node().id(), c.node());
            case SystemCommand.SetNodeState c ->
                nodes.computeIfPresent(c.node(), (id, node) -> node.withState(c.state()));
            case SystemCommand.RegisterDisk c -> disks.put(c.disk().id(), c.disk());
            case SystemCommand.ReportDisk c ->
                disks.computeIfPresent(
                        c.disk(),
                        (id, d) -> new Disk(id, d.node(), d.path(), c.state(), c.totalBytes(), c.freeBytes()));
            case SystemCommand.CreateVolume c -> {
                Volume v = c.volume();
                Volume numbered =
                        new Volume(new VolumeId(volumes.size() + 1), 1, v.policy(), v.scheme(), v.state(), v.members());
                volumes.put(numbered.id(), numbered);
                return new Reply.VolumeReply(numbered);
            }
            case SystemCommand.ActivateBucket c -> change(c.bucket(), Bucket.State.ACTIVE);
            case SystemCommand.CancelBucketDeletion c -> change(c.bucket(), Bucket.State.ACTIVE);
            case SystemCommand.NoteSettingsApplied c ->
                buckets.replaceAll((key, b) ->
                        b.id().equals(c.bucket()) ? b.withSettings(b.settings().withApplied(c.revision())) : b);
            case SystemCommand.FinishBucketDeletion c -> {
                buckets.values().removeIf(bucket -> bucket.id().equals(c.bucket()));
                purges.remove(c.bucket());
            }
            case SystemCommand.NotePurge c -> {
                purges.computeIfPresent(
                        c.bucket(),
                        (id, purge) -> new Purge(
                                purge.bucket(), purge.begunMillis(), c.versions(), c.bytes(), c.kept(), c.ended()));
                if (c.ended()) {
                    change(c.bucket(), Bucket.State.ACTIVE);
                }
            }
            default -> throw new AssertionError("unexpected " + command);
        }
        return Reply.DONE;
    }

    private void change(BucketId id, Bucket.State state) {
        buckets.replaceAll((key, b) -> b.id().equals(id) ? b.withState(state) : b);
    }

    private Reply apply(Extents group, BucketCommand<?> command) throws RefusedException {
        switch (command) {
            case BucketCommand.ForgetExtents c -> c.extents().forEach(group.due::remove);
            case BucketCommand.ReleaseParts c -> {
                int released = Math.min(group.partsToRelease, c.maxParts());
                group.partsToRelease -= released;
                return new Reply.ReleasedReply(released, group.partsToRelease > 0);
            }
            case BucketCommand.OpenPartition c -> {
                group.open.add(c.partition().id());
                group.settings.put(c.partition().id(), c.settings());
            }
            case BucketCommand.ApplySettings c -> group.settings.put(c.partition(), c.settings());
            case BucketCommand.ReopenPartition c -> group.open.add(c.partition());
            case BucketCommand.ClosePartition c -> {
                if (group.notEmpty.contains(c.partition())) {
                    throw new RefusedException(Refusal.BUCKET_NOT_EMPTY);
                }
                group.open.remove(c.partition());
            }
            case BucketCommand.PurgePartition c -> {
                group.open.remove(c.partition());
                int free = group.free.getOrDefault(c.partition(), 0);
                int deleted = Math.min(free, c.maxVersions());
                group.free.put(c.partition(), free - deleted);
                boolean more = free > deleted;
                int kept = more ? 0 : group.locked.getOrDefault(c.partition(), 0);
                if (!more && kept == 0) {
                    group.notEmpty.remove(c.partition());
                }
                return new Reply.PurgedReply(deleted, 10L * deleted, kept, ByteBuffer.allocate(more ? 1 : 0));
            }
            default -> throw new AssertionError("unexpected " + command);
        }
        return Reply.DONE;
    }

    @Override
    @SuppressWarnings("unchecked")
    public <R extends Reply> CompletableFuture<R> query(GroupId group, Query<R> query) {
        if (faults.fails()) {
            return CompletableFuture.failedFuture(new MetadataUnavailableException("no leader", null));
        }
        return CompletableFuture.completedFuture((R) answer(group, query));
    }

    private Reply answer(GroupId group, Query<?> query) {
        return switch (query) {
            case SystemQuery.GetClusterMap q -> new Reply.ClusterMapReply(map());
            case SystemQuery.ListPurges q -> new Reply.PurgesReply(List.copyOf(purges.values()));
            case SystemQuery.ListAccounts q -> new Reply.AccountsReply(accounts);
            case SystemQuery.ListBuckets q -> {
                List<Bucket> page = buckets.values().stream()
                        .filter(bucket -> bucket.name().compareTo(q.after()) > 0)
                        .limit(q.limit())
                        .toList();
                boolean truncated = !page.isEmpty()
                        && !page.getLast()
                                .name()
                                .equals(List.copyOf(buckets.values()).getLast().name());
                yield new Reply.BucketsReply(page, truncated);
            }
            case BucketQuery.DueExtents q ->
                new Reply.ReclaimReply(groups.get(group).due.values().stream()
                        .filter(due -> due.atMillis() <= q.nowMillis())
                        .map(Due::slice)
                        .limit(q.limit())
                        .toList());
            case BucketQuery.FindUnreferenced q -> {
                Extents extents = groups.get(group);
                yield new Reply.ExtentsReply(q.extents().stream()
                        .filter(e -> !extents.referenced.contains(e) && !extents.due.containsKey(e))
                        .toList());
            }
            default -> throw new AssertionError("unexpected " + query);
        };
    }

    // Chunks

    @Override
    public Optional<ChunkStore> of(NodeId node) {
        return nodes.containsKey(node) ? Optional.of(new Store(node)) : Optional.empty();
    }

    private final class Store implements ChunkStore {
        private final NodeId node;

        Store(NodeId node) {
            this.node = node;
        }

        private void check(DiskId disk) throws ChunkException {
            if (broken.containsKey(disk)) {
                throw new ChunkException(broken.get(disk), "broken");
            }
            if (faults.fails()) {
                throw new ChunkException(ChunkError.UNAVAILABLE, "no answer");
            }
        }

        @Override
        public ChunkWriter create(ChunkDescriptor descriptor) {
            throw new AssertionError("background work doesn't write");
        }

        @Override
        public void read(ChunkAddress chunk, long offset, ByteBuffer target) {
            throw new AssertionError("background work doesn't read");
        }

        @Override
        public boolean delete(ChunkAddress chunk) throws ChunkException {
            check(chunk.disk());
            Volume volume = volumes.get(chunk.volume());
            if (volume != null && chunk.volumeEpoch() < volume.epoch()) {
                throw new ChunkException(ChunkError.STALE_EPOCH, "stale");
            }
            return chunks.get(chunk.disk()).remove(chunk.extent()) != null;
        }

        @Override
        public List<Deletion> deleteAll(List<ChunkAddress> deleted) {
            throw new AssertionError("background work deletes one by one");
        }

        @Override
        public boolean has(ChunkAddress chunk) {
            throw new AssertionError("background work doesn't ask");
        }

        @Override
        public ChunkPage listVolume(DiskId disk, VolumeId volume, @Nullable ExtentId after, int limit) {
            throw new AssertionError("background work compares whole disks");
        }

        @Override
        public void fence(DiskId disk, VolumeId volume, long epoch) {
            throw new AssertionError("background work doesn't fence");
        }

        @Override
        public List<ChunkDescriptor> list(DiskId disk, @Nullable ExtentId after, long bornBeforeMillis, int limit)
                throws ChunkException {
            check(disk);
            return chunks.get(disk).values().stream()
                    .filter(chunk -> after == null || chunk.address().extent().compareTo(after) > 0)
                    .filter(chunk -> chunk.address().extent().birthMillis() < bornBeforeMillis)
                    .sorted(Comparator.comparing(chunk -> chunk.address().extent()))
                    .limit(limit)
                    .toList();
        }

        @Override
        public List<DiskStatus> disks() {
            return statuses.stream()
                    .filter(status -> disks.containsKey(status.disk())
                            && disks.get(status.disk()).node().equals(node))
                    .toList();
        }
    }
}
