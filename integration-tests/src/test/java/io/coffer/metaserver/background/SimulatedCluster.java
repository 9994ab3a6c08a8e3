package io.coffer.metaserver.background;

import io.coffer.common.chunk.ChunkError;
import io.coffer.common.chunk.ChunkException;
import io.coffer.common.chunk.ChunkStore;
import io.coffer.common.chunk.ChunkStores;
import io.coffer.common.chunk.DiskStatus;
import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.cluster.Disk;
import io.coffer.common.cluster.Node;
import io.coffer.common.id.DiskId;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.NodeId;
import io.coffer.common.id.RequestId;
import io.coffer.common.metadata.Command;
import io.coffer.common.metadata.MetadataClient;
import io.coffer.common.metadata.MetadataUnavailableException;
import io.coffer.common.metadata.Query;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.SystemCommand;
import io.coffer.common.time.ManualTime;
import io.coffer.dataserver.background.CatchUp;
import io.coffer.dataserver.background.NodeRegistration;
import io.coffer.dataserver.background.StrayChunks;
import io.coffer.dataserver.background.SystemGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Dataservers, the metaserver's steps that decide, and what can happen to them; all on the caller's thread. */
final class SimulatedCluster implements ChunkStores, AutoCloseable {
    static final String POLICY = "replica-3";
    private static final Duration LOST_AFTER = Duration.ofMinutes(5);

    final Random random;
    final ManualTime time = new ManualTime(1_800_000_000_000L);
    final SimulatedMetadata metadata;
    final List<SimulatedNode> nodes = new ArrayList<>();

    /** A lost disk, or one that was replaced by an old image of itself, whose members don't have everything again. */
    @Nullable
    DiskId damaged;

    /** Whether the node of an old image has said so. */
    boolean damageNoticed;

    /** What others do while a call is on its way. */
    private final Runnable meanwhile;

    private final boolean fences;

    private @Nullable Runnable interruption;
    private int callsLeft;
    private final DiskReporter reporter;
    private final VolumeKeeper keeper;
    private final MemberReplacer replacer;
    private final Reclaimer reclaimer;
    private final OrphanCollector orphans;
    private long diskNumber;

    /** How likely a call is lost. */
    double lost;

    /** Whether the caller now is one that expects it. */
    private boolean losing;

    /** Things on the way that must not be begun again inside themselves. */
    private final java.util.Set<Object> busy = new java.util.HashSet<>();

    private int depth;
    int pauses;

    /** A dataserver. */
    final class SimulatedNode {
        final Node self;
        final List<SimulatedChunks.Content> disks = new ArrayList<>();
        final Map<DiskId, SimulatedChunks.Content> images = new HashMap<>();

        @Nullable
        SimulatedChunks running;

        boolean frozen;
        boolean serving;
        boolean registered;
        long silentSinceMillis;
        ClusterMap map = ClusterMap.EMPTY;

        @Nullable
        CatchUp catchUp;

        @Nullable
        StrayChunks strays;

        SimulatedNode(int number) {
            self = new Node(
                    new NodeId(new UUID(1, number)),
                    Node.Role.DATASERVER,
                    "data-" + number,
                    "site/rack" + number % 3 + "/host" + number,
                    "",
                    "",
                    Node.State.UP,
                    false);
            for (int i = 0; i < 2; i++) {
                disks.add(new SimulatedChunks.Content(newDisk()));
            }
        }

        boolean answers() {
            return running != null && registered && !frozen;
        }

        void kill() {
            running = null;
            catchUp = null;
            strays = null;
            serving = false;
            registered = false;
            frozen = false;
        }

        /** From the process' start to where it serves; may fail on the way. */
        void start() throws Exception {
            if (running != null && registered) {
                return;
            }
            SimulatedChunks chunks = new SimulatedChunks(List.copyOf(disks), this::around, fences);
            running = chunks;
            SystemGroup group = new SystemGroup(new OneLife(this, chunks), time, random);
            NodeRegistration registration = new NodeRegistration(group, chunks);
            registration.learnEpochs(self.id());
            serving = running == chunks;
            map = registration.run(self);
            if (running != chunks) {
                return;
            }
            registered = true;
            damageNoticed |= damaged != null && disk(damaged) != null;
            catchUp = new CatchUp(self.id(), chunks, SimulatedCluster.this, () -> map, group, Long.MAX_VALUE / 4, time);
            strays = new StrayChunks(self.id(), chunks, () -> map);
        }

        private void around(SimulatedChunks store) throws ChunkException {
            others();
            if (store != running || frozen) {
                throw new ChunkException(ChunkError.UNAVAILABLE, self.name() + " doesn't answer");
            }
        }

        SimulatedChunks.@Nullable Content disk(DiskId id) {
            return disks.stream().filter(disk -> disk.id.equals(id)).findFirst().orElse(null);
        }
    }

    /** The metadata as one life of a node sees them: who was killed says nothing any more. */
    private final class OneLife implements MetadataClient {
        private final SimulatedNode node;
        private final SimulatedChunks life;

        OneLife(SimulatedNode node, SimulatedChunks life) {
            this.node = node;
            this.life = life;
        }

        @Override
        public <R extends Reply> CompletableFuture<R> submit(GroupId group, RequestId request, Command<R> command) {
            return node.running == life && !node.frozen ? metadata.submit(group, request, command) : gone();
        }

        @Override
        public <R extends Reply> CompletableFuture<R> query(GroupId group, Query<R> query) {
            return node.running == life && !node.frozen ? metadata.query(group, query) : gone();
        }

        private <R> CompletableFuture<R> gone() {
            return CompletableFuture.failedFuture(new MetadataUnavailableException("killed", null));
        }
    }

    SimulatedCluster(String directory, Random random, Runnable meanwhile, boolean fences, boolean marks) {
        this.random = random;
        this.meanwhile = meanwhile;
        this.fences = fences;
        this.metadata = new SimulatedMetadata(
                directory,
                time,
                new SimulatedMetadata.Surroundings() {
                    @Override
                    public boolean before() {
                        others();
                        return losing && random.nextDouble() < lost;
                    }

                    @Override
                    public boolean after() {
                        return losing && random.nextDouble() < lost;
                    }
                },
                marks);
        for (int number = 1; number <= 6; number++) {
            nodes.add(new SimulatedNode(number));
        }
        Calls calls = new Calls(metadata, time, random);
        Chunks chunks = new Chunks(this);
        reporter = new DiskReporter(calls, this::statuses, metadata, time);
        keeper = new VolumeKeeper(calls, metadata, () -> List.of(POLICY));
        replacer = new MemberReplacer(calls, metadata);
        reclaimer = new Reclaimer(calls, chunks, metadata, time);
        orphans = new OrphanCollector(calls, chunks, metadata, time, Limits.COMMIT_LIMIT.plusHours(1));
    }

    private DiskId newDisk() {
        return new DiskId(new UUID(2, ++diskNumber));
    }

    /** Has something done at the border of one of the next calls. */
    void interrupt(int afterCalls, Runnable what) {
        callsLeft = afterCalls;
        interruption = what;
    }

    /** At the border of each call: others may do something first, though not for ever. */
    private void others() {
        Runnable due = interruption;
        if (due != null && callsLeft-- == 0) {
            interruption = null;
            depth++;
            due.run();
            depth--;
        }
        if (depth < 3 && random.nextInt(12) == 0) {
            boolean before = losing;
            depth++;
            try {
                // Mostly little; now and then, who called is away for long.
                for (int left = random.nextInt(20) == 0 ? random.nextInt(200) : 1; left > 0; left--) {
                    meanwhile.run();
                }
            } finally {
                depth--;
                losing = before;
            }
        }
    }

    @Override
    public Optional<ChunkStore> of(NodeId id) {
        for (SimulatedNode node : nodes) {
            if (node.self.id().equals(id)) {
                return Optional.ofNullable(node.serving ? node.running : null);
            }
        }
        return Optional.empty();
    }

    /** A step of something that may fail and is tried again. */
    @FunctionalInterface
    interface Attempt {
        void run() throws Exception;
    }

    /** Runs it unless it is under way. */
    void attempt(Object actor, Attempt attempt) {
        if (!busy.add(actor)) {
            return;
        }
        boolean before = losing;
        losing = true;
        try {
            attempt.run();
        } catch (MetadataUnavailableException | ChunkException e) {
            // tried again
        } catch (RefusedException e) {
            if (e.refusal() != Refusal.REQUEST_TOO_OLD) { // it was on its way for long
                throw new AssertionError(e);
            }
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError(e);
        } finally {
            losing = before;
            busy.remove(actor);
        }
    }

    SimulatedNode anyNode() {
        return nodes.get(random.nextInt(nodes.size()));
    }

    void keepVolumes() {
        attempt(keeper, keeper::run);
    }

    void replaceMembers() {
        attempt(replacer, replacer::run);
    }

    /** A while, so that nodes get lost; not so many of them in one call that it would be for hours. */
    void longPause() {
        if (pauses++ < 4) {
            time.advance(Duration.ofSeconds(400));
        }
    }

    void reclaim() {
        attempt(reclaimer, reclaimer::run);
    }

    void collectOrphans() {
        attempt(orphans, orphans::run);
    }

    void start(SimulatedNode node) {
        attempt(node, node::start);
    }

    void catchUp(SimulatedNode node) {
        CatchUp work = node.catchUp;
        if (work != null) {
            attempt(work, work::step);
        }
    }

    void sweep(SimulatedNode node) {
        StrayChunks work = node.strays;
        if (work != null) {
            attempt(work, work::step);
        }
    }

    void follow(SimulatedNode node) {
        node.map = metadata.map();
    }

    /** What the leader makes of heartbeats. */
    void watchNodes() {
        attempt("watch", () -> {
            Calls calls = new Calls(metadata, time, random);
            for (SimulatedNode node : nodes) {
                Node known = metadata.map().nodes().get(node.self.id());
                if (node.answers()) {
                    node.silentSinceMillis = time.millis();
                }
                if (known == null) {
                    continue;
                }
                long silent = time.millis() - node.silentSinceMillis;
                Node.State state = node.answers()
                        ? Node.State.UP
                        : silent < LOST_AFTER.toMillis() || damaged != null && known.state() != Node.State.LOST
                                ? Node.State.DOWN // with a disk lost, a lost node would be the second loss at once
                                : Node.State.LOST;
                if (state != known.state() && (state != Node.State.UP || node.registered)) {
                    calls.tell(GroupId.SYSTEM, new SystemCommand.SetNodeState(node.self.id(), state));
                }
            }
        });
    }

    void reportDisks() {
        attempt(reporter, reporter::run);
    }

    private List<DiskStatus> statuses(Node node) {
        for (SimulatedNode candidate : nodes) {
            if (candidate.self.id().equals(node.id()) && candidate.answers()) {
                return candidate.disks.stream()
                        .map(disk -> new DiskStatus(
                                disk.id, "/" + disk.id, Disk.State.HEALTHY, 1000, 900, 0, disk.sequence, ""))
                        .toList();
            }
        }
        return List.of();
    }

    void drain(SimulatedNode node, boolean draining) {
        attempt(
                "drain",
                () -> new Calls(metadata, time, random)
                        .tell(GroupId.SYSTEM, new SystemCommand.SetNodeDraining(node.self.id(), draining)));
    }

    /** An empty disk is in the place of another from the next start on. */
    void loseDisk(SimulatedNode node) {
        node.kill();
        SimulatedChunks.Content gone = node.disks.remove(random.nextInt(node.disks.size()));
        node.disks.add(new SimulatedChunks.Content(newDisk()));
        damaged = gone.id;
        damageNoticed = false;
    }

    void takeImage(SimulatedNode node) {
        SimulatedChunks.Content disk = node.disks.get(random.nextInt(node.disks.size()));
        node.images.put(disk.id, disk.copy());
    }

    /** A disk is what it was some time ago, from the next start on. */
    void restoreImage(SimulatedNode node) {
        int index = random.nextInt(node.disks.size());
        SimulatedChunks.Content image = node.images.get(node.disks.get(index).id);
        if (image != null) {
            node.kill();
            node.disks.set(index, image.copy());
            damaged = image.id;
            damageNoticed = false;
        }
    }

    @Override
    public void close() {
        metadata.close();
    }
}
