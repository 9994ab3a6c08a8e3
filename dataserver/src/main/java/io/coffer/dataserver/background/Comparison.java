package io.coffer.dataserver.background;

import io.coffer.common.chunk.ChunkAddress;
import io.coffer.common.chunk.ChunkDescriptor;
import io.coffer.common.chunk.ChunkError;
import io.coffer.common.chunk.ChunkException;
import io.coffer.common.chunk.ChunkPage;
import io.coffer.common.chunk.ChunkStore;
import io.coffer.common.chunk.DiskStatus;
import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.cluster.Disk;
import io.coffer.common.cluster.Member;
import io.coffer.common.cluster.MemberProgress;
import io.coffer.common.cluster.Node;
import io.coffer.common.cluster.Volume;
import io.coffer.common.id.ExtentId;
import io.coffer.common.metadata.Reply;
import io.coffer.dataserver.chunk.OwnChunks;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt of a member that is behind to get what it lacks. It fences the other places with the volume's epoch, so that what they list
 * is all that was ever acknowledged under older ones, then copies what is missing here. Used by one thread.
 *
 * <p>It knows everything once it has gone through one current member: every acknowledged extent is on all current members, or is
 * one that has marked those it missed, and a mark since {@link #marks} refuses what this attempt says in the end. Where no member
 * is current, after a power cut for instance, it goes through all places that are expected to answer. Then it knows everything if nothing
 * is left out, or if the slots it saw, this one included, without those that have lost what they had, are so many that every write quorum
 * has one of them.
 */
final class Comparison {
    private static final Logger LOG = LoggerFactory.getLogger(Comparison.class);
    private static final int PAGE = 1000;

    private final OwnChunks own;
    private final ChunkCopier copier;
    private final ClusterMap map;
    private final Volume volume;
    private final long marks;
    private final int index;
    private final Member mine;
    private final List<ChunkCopier.Source> sources;

    // The source under way.
    private int turn;
    private boolean fenced;
    private boolean counting;
    private @Nullable ExtentId after;
    private @Nullable ChunkPage page;
    private int inPage;

    private final Set<ChunkCopier.Source> complete = new HashSet<>();
    private boolean missing;
    private boolean gapsLeft;
    private boolean known;
    private long copiedBytes;
    private long countedBytes = MemberProgress.UNKNOWN;

    /**
     * @param start what GetMemberMarks answered
     * @param map by which places are given up; it may be older or newer
     */
    Comparison(OwnChunks own, ChunkCopier copier, ClusterMap map, Reply.MarksReply start, int index) {
        this.own = own;
        this.copier = copier;
        this.map = map;
        this.volume = start.volume();
        this.marks = start.marks();
        this.index = index;
        this.mine = volume.members().get(index);
        this.sources = new ArrayList<>(ChunkCopier.sources(volume, index));
        sources.sort(Comparator.comparingInt(this::rank));
    }

    /** Those that answer and have everything first. */
    private int rank(ChunkCopier.Source source) {
        return (isCurrent(source) ? 0 : 2) + (isUp(source) ? 0 : 1);
    }

    private boolean isUp(ChunkCopier.Source source) {
        Node node = map.nodes().get(source.place().node());
        return node != null && node.state() == Node.State.UP;
    }

    private boolean isMember(ChunkCopier.Source source) {
        return volume.members().get(source.index()).place().equals(source.place());
    }

    private boolean isCurrent(ChunkCopier.Source source) {
        return isMember(source) && volume.members().get(source.index()).isCurrent();
    }

    private boolean isGivenUp(ChunkCopier.Source source) {
        Node node = map.nodes().get(source.place().node());
        Disk disk = map.disks().get(source.place().disk());
        return node == null || node.state() == Node.State.LOST || disk == null || disk.state() == Disk.State.FAILED;
    }

    Volume volume() {
        return volume;
    }

    long marks() {
        return marks;
    }

    /** The disk's last commit, at or behind what was copied to it. */
    long sequence() throws ChunkException {
        own.fence(mine.disk(), volume.id(), volume.epoch());
        return own.disks().stream()
                .filter(status -> status.disk().equals(mine.disk()))
                .mapToLong(DiskStatus::sequence)
                .findFirst()
                .orElseThrow(() -> new ChunkException(ChunkError.DISK_FAILED, "disk " + mine.disk() + " isn't here"));
    }

    MemberProgress progress() {
        long left = countedBytes == MemberProgress.UNKNOWN
                ? MemberProgress.UNKNOWN
                : Math.max(0, countedBytes - copiedBytes);
        return new MemberProgress(volume.id(), index, copiedBytes, left);
    }

    /** Whether the member has everything. */
    boolean isKnown() {
        return known;
    }

    /** What stood in the way, for people. */
    String shortage() {
        return gapsLeft
                ? "chunks can't be read anywhere"
                : complete.size() + " of " + sources.size() + " other places could be compared";
    }

    /**
     * Copies what is missing, about so many bytes of it and not more than a page.
     *
     * @return the bytes copied, or -1 when the attempt is over
     * @throws ChunkException if this node's disk can't take it, or the volume has a newer epoch
     */
    long step(long budgetBytes) throws ChunkException {
        if (turn == 0 && !fenced) {
            own.fence(mine.disk(), volume.id(), volume.epoch());
        }
        // Once it is known, other current members may still have what should have been on the first, too; nobody waits
        // for them.
        while (known && turn < sources.size() && !(isCurrent(sources.get(turn)) && isUp(sources.get(turn)))) {
            turn++;
        }
        if (turn == sources.size()) {
            known = !gapsLeft && (known || isEnough());
            return -1;
        }
        return stepIn(sources.get(turn), budgetBytes);
    }

    private long stepIn(ChunkCopier.Source source, long budgetBytes) throws ChunkException {
        ChunkPage current = page;
        if (current == null) {
            try {
                page = next(source);
                inPage = 0;
            } catch (ChunkException e) {
                LOG.info(
                        "volume {} can't be compared with disk {} now: {}",
                        volume.id().value(),
                        source.place().disk(),
                        e.getMessage());
                missing |= !isGivenUp(source);
                nextSource();
            }
            return 0;
        }
        long bytes = 0;
        while (inPage < current.chunks().size() && bytes < budgetBytes) {
            bytes += take(source, current.chunks().get(inPage++));
        }
        if (inPage == current.chunks().size()) {
            page = null;
            after = current.next();
            if (after == null) {
                endOf(source);
            }
        }
        return bytes;
    }

    private ChunkPage next(ChunkCopier.Source source) throws ChunkException {
        ChunkStore store = copier.store(source);
        if (!fenced) {
            store.fence(source.place().disk(), volume.id(), volume.epoch());
            fenced = true;
            counting = mine.isBehindFromTheStart() && countedBytes == MemberProgress.UNKNOWN;
            countedBytes = counting ? 0 : countedBytes;
            after = start();
        }
        return store.listVolume(source.place().disk(), volume.id(), after, PAGE);
    }

    private @Nullable ExtentId start() {
        return mine.isBehindFromTheStart() ? null : ExtentId.lastBefore(mine.behindSinceMillis());
    }

    private void nextSource() {
        turn++;
        fenced = false;
        counting = false;
        after = null;
        page = null;
    }

    private void endOf(ChunkCopier.Source source) {
        if (counting) {
            counting = false;
            after = start();
            return;
        }
        complete.add(source);
        known |= isCurrent(source);
        nextSource();
    }

    private long take(ChunkCopier.Source source, ChunkDescriptor chunk) throws ChunkException {
        ExtentId extent = chunk.address().extent();
        if (chunk.address().index() != source.index()
                || own.has(new ChunkAddress(mine.disk(), volume.id(), volume.epoch(), extent, index))) {
            return 0;
        }
        if (counting) {
            countedBytes += chunk.length();
            return 0;
        }
        if (copy(source, chunk)) {
            copiedBytes += chunk.length();
            return Math.max(1, chunk.length());
        }
        return 0;
    }

    private boolean copy(ChunkCopier.Source listed, ChunkDescriptor chunk) throws ChunkException {
        ChunkCopier.Outcome outcome = copier.copy(volume, listed, index, chunk);
        for (int i = 0; i < sources.size() && outcome == ChunkCopier.Outcome.UNREADABLE; i++) {
            ChunkCopier.Source other = sources.get(i);
            if (!other.equals(listed) && !isGivenUp(other)) {
                ChunkCopier.Outcome elsewhere =
                        copier.copy(volume, other, index, chunk.address().extent());
                outcome = elsewhere == ChunkCopier.Outcome.COPIED ? elsewhere : outcome;
            }
        }
        gapsLeft |= outcome == ChunkCopier.Outcome.UNREADABLE;
        return outcome == ChunkCopier.Outcome.COPIED;
    }

    /** Without a current member. */
    private boolean isEnough() {
        if (missing) {
            return false;
        }
        int reliable = 0;
        for (int slot = 0; slot < volume.members().size(); slot++) {
            reliable += isReliable(slot) ? 1 : 0;
        }
        int meetsEveryQuorum = volume.scheme().width() - volume.scheme().writeQuorum() + 1;
        return complete.size() == sources.size() || reliable >= meetsEveryQuorum;
    }

    /** Whether all that a slot ever acknowledged was seen. */
    private boolean isReliable(int slot) {
        Member member = volume.members().get(slot);
        if (slot != index && !complete.contains(new ChunkCopier.Source(slot, member.place()))) {
            return false;
        }
        Member.Place previous = member.previous();
        return !member.isBehindFromTheStart()
                || previous != null
                        && member.previousComplete()
                        && complete.contains(new ChunkCopier.Source(slot, previous));
    }
}
