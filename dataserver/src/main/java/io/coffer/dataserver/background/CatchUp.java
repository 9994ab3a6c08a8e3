package io.coffer.dataserver.background;

import io.coffer.common.chunk.ChunkException;
import io.coffer.common.chunk.ChunkStores;
import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.cluster.Disk;
import io.coffer.common.cluster.Member;
import io.coffer.common.cluster.MemberProgress;
import io.coffer.common.cluster.Node;
import io.coffer.common.cluster.ProtectionScheme;
import io.coffer.common.cluster.Volume;
import io.coffer.common.id.NodeId;
import io.coffer.common.id.VolumeId;
import io.coffer.common.metadata.MetadataUnavailableException;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.SystemCommand.MemberCaughtUp;
import io.coffer.common.metadata.SystemQuery.GetMemberMarks;
import io.coffer.common.time.Ticker;
import io.coffer.dataserver.chunk.OwnChunks;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings this node's members that are behind up to what the others have: one after the other, those of the most exposed volumes first,
 * within a bandwidth that all share. What it can't finish now it tries again. Steps are for one thread; {@link #progress} for any.
 */
public final class CatchUp implements RepairStep {
    private static final Logger LOG = LoggerFactory.getLogger(CatchUp.class);

    private static final Duration RETRY = Duration.ofSeconds(5);

    /** Between looks when nothing is behind. */
    private static final Duration IDLE = Duration.ofSeconds(1);

    private final NodeId node;
    private final OwnChunks own;
    private final ChunkCopier copier;
    private final Supplier<ClusterMap> maps;
    private final SystemGroup group;
    private final Bandwidth bandwidth;
    private final Ticker ticker;

    /** When a member that couldn't be brought up may be tried again. */
    private final Map<Task, Long> retryNanos = new HashMap<>();

    private @Nullable Comparison current;
    private @Nullable Task task;
    private volatile @Nullable MemberProgress progress;
    private final LongAdder copiedBytes = new LongAdder();
    private final LongAdder finished = new LongAdder();
    private final LongAdder postponed = new LongAdder();

    /**
     * What was done since the start.
     *
     * @param copiedBytes to members of this node
     * @param finished members that have everything now
     * @param postponed attempts that have to be made again
     */
    public record Done(long copiedBytes, long finished, long postponed) {}

    private record Task(VolumeId volume, int index) {}

    private record Candidate(Task task, int liveCurrent, boolean fromTheStart) {}

    public CatchUp(
            NodeId node,
            OwnChunks own,
            ChunkStores stores,
            Supplier<ClusterMap> maps,
            SystemGroup group,
            long bytesPerSecond,
            Ticker ticker) {
        this.node = node;
        this.own = own;
        this.copier = new ChunkCopier(own, stores);
        this.maps = maps;
        this.group = group;
        this.bandwidth = new Bandwidth(bytesPerSecond, ticker);
        this.ticker = ticker;
    }

    /** What is being brought up now. */
    public List<MemberProgress> progress() {
        MemberProgress now = progress;
        return now == null ? List.of() : List.of(now);
    }

    public Done done() {
        return new Done(copiedBytes.sum(), finished.sum(), postponed.sum());
    }

    /** Members of this node that are behind, by the map. */
    public int waiting() {
        int waiting = 0;
        for (Volume volume : maps.get().volumes().values()) {
            for (Member member : volume.members()) {
                waiting += isOwnAndBehind(member) ? 1 : 0;
            }
        }
        return waiting;
    }

    @Override
    public Duration step() throws InterruptedException {
        try {
            Comparison comparison = current == null ? begin() : current;
            return comparison == null ? IDLE : advance(comparison);
        } catch (ChunkException e) {
            postpone(e.getMessage());
        } catch (MetadataUnavailableException e) {
            postpone(e.getMessage());
        } catch (RefusedException e) {
            // The volume has changed: what it is now decides what to do.
            boolean changed = e.refusal() == Refusal.STALE_EPOCH || e.refusal() == Refusal.NO_SUCH_VOLUME;
            if (!changed) {
                LOG.warn("catching up was refused: {}", e.getMessage());
            }
            end();
            return changed ? Duration.ZERO : RETRY;
        }
        return Duration.ZERO;
    }

    private @Nullable Comparison begin() throws MetadataUnavailableException, RefusedException, InterruptedException {
        ClusterMap map = maps.get();
        Optional<Candidate> next = next(map);
        if (next.isEmpty()) {
            return null;
        }
        Task chosen = next.get().task();
        task = chosen;
        // The marks and the members at one moment: what is missed from here on refuses the end of this comparison.
        Reply.MarksReply start = group.ask(new GetMemberMarks(chosen.volume(), chosen.index()));
        Member mine = start.volume().members().get(chosen.index());
        if (mine.isCurrent() || !mine.node().equals(node)) {
            postpone("the map isn't up to date");
            return null;
        }
        current = new Comparison(own, copier, map, start, chosen.index());
        return current;
    }

    private Optional<Candidate> next(ClusterMap map) {
        long now = ticker.nanos();
        retryNanos.values().removeIf(until -> until - now <= 0);
        return map.volumes().values().stream()
                .filter(volume -> volume.scheme() instanceof ProtectionScheme.Replicated)
                .flatMap(volume -> candidates(map, volume).stream())
                .filter(candidate -> !retryNanos.containsKey(candidate.task()))
                .min(Comparator.comparingInt(Candidate::liveCurrent)
                        .thenComparing(Candidate::fromTheStart)
                        .thenComparing(candidate -> candidate.task().volume())
                        .thenComparingInt(candidate -> candidate.task().index()));
    }

    private List<Candidate> candidates(ClusterMap map, Volume volume) {
        int liveCurrent = (int) volume.members().stream()
                .filter(member -> member.isCurrent() && isLive(map, member))
                .count();
        return java.util.stream.IntStream.range(0, volume.members().size())
                .filter(index -> isOwnAndBehind(volume.members().get(index)))
                .mapToObj(index -> new Candidate(
                        new Task(volume.id(), index),
                        liveCurrent,
                        volume.members().get(index).isBehindFromTheStart()))
                .toList();
    }

    private boolean isOwnAndBehind(Member member) {
        return member.node().equals(node) && !member.isCurrent();
    }

    private static boolean isLive(ClusterMap map, Member member) {
        Node holder = map.nodes().get(member.node());
        Disk disk = map.disks().get(member.disk());
        return holder != null && holder.state() == Node.State.UP && disk != null && disk.state() != Disk.State.FAILED;
    }

    private Duration advance(Comparison comparison)
            throws ChunkException, MetadataUnavailableException, RefusedException, InterruptedException {
        long budget = bandwidth.available();
        if (budget <= 0) {
            return bandwidth.untilAvailable();
        }
        long copied = comparison.step(budget);
        if (copied >= 0) {
            bandwidth.use(copied);
            copiedBytes.add(copied);
            progress = comparison.progress();
            return Duration.ZERO;
        }
        if (!comparison.isKnown()) {
            postpone(comparison.shortage());
            return Duration.ZERO;
        }
        Volume volume = comparison.volume();
        MemberProgress done = comparison.progress();
        group.tell(new MemberCaughtUp(
                volume.id(), done.index(), volume.epoch(), comparison.marks(), comparison.sequence()));
        LOG.info(
                "member {} of volume {} has everything, {} bytes of it copied now",
                done.index(),
                volume.id().value(),
                done.copiedBytes());
        finished.increment();
        Task ended = task;
        if (ended != null) {
            // The map may still say that it is behind.
            retryNanos.put(ended, ticker.nanos() + IDLE.toNanos());
        }
        end();
        return Duration.ZERO;
    }

    private void postpone(@Nullable String why) {
        Task failed = task;
        if (failed != null) {
            postponed.increment();
            LOG.info(
                    "member {} of volume {} stays behind for now: {}",
                    failed.index(),
                    failed.volume().value(),
                    why);
            retryNanos.put(failed, ticker.nanos() + RETRY.toNanos());
        }
        end();
    }

    private void end() {
        task = null;
        current = null;
        progress = null;
    }
}
