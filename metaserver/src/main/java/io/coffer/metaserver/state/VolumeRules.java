package io.coffer.metaserver.state;

import io.coffer.common.cluster.Member;
import io.coffer.common.cluster.Volume;
import io.coffer.common.id.DiskId;
import io.coffer.common.id.VolumeId;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.SystemCommand.CreateVolume;
import io.coffer.common.metadata.SystemCommand.MarkBehind;
import io.coffer.common.metadata.SystemCommand.MemberCaughtUp;
import io.coffer.common.metadata.SystemCommand.MissedWrite;
import io.coffer.common.metadata.SystemCommand.UpdateVolume;
import io.coffer.metaserver.model.Allocators;
import io.coffer.metaserver.model.Limits;
import io.coffer.metaserver.store.Keys;
import io.coffer.metaserver.store.Tables;
import io.coffer.metaserver.store.Transaction;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Volumes and how far their members are. Invariants: a volume's members are disks of the map, each once; its epoch rises with every
 * change of members or state; a member is current only if no acknowledged write has passed it by since it last compared itself.
 */
final class VolumeRules {
    private VolumeRules() {}

    static Reply create(Transaction tx, CreateVolume c) throws RefusedException {
        checkMembers(tx, c.volume());
        Allocators ids = BucketNameRules.allocators(tx).nextVolume();
        tx.put(Tables.ALLOCATORS, Tables.ALLOCATORS_ROW, ids);
        return put(tx, with(c.volume(), ids.volume(), 1, c.volume().members()));
    }

    static Reply update(Transaction tx, UpdateVolume c) throws RefusedException {
        Volume wanted = c.volume();
        Volume existing = find(tx, wanted.id());
        if (existing == null) {
            throw new RefusedException(Refusal.NO_SUCH_VOLUME);
        }
        if (existing.epoch() != c.expectedEpoch()) {
            throw new RefusedException(Refusal.STALE_EPOCH, Long.toString(existing.epoch()));
        }
        if (!existing.scheme().equals(wanted.scheme()) || !existing.policy().equals(wanted.policy())) {
            throw new RefusedException(Refusal.INVALID_ARGUMENT, "a volume keeps its policy and scheme");
        }
        checkMembers(tx, wanted);
        List<Member> members = new ArrayList<>();
        for (int index = 0; index < wanted.members().size(); index++) {
            Member before = existing.members().get(index);
            Member after = wanted.members().get(index);
            if (after.isSameDisk(before)) {
                // How far a member is changes without a new epoch, so the caller may not know it.
                members.add(before);
            } else {
                members.add(successor(before, after));
                count(tx, wanted.id(), index);
            }
        }
        return put(tx, with(wanted, wanted.id(), existing.epoch() + 1, members));
    }

    /**
     * A new member, and whoever has more of the slot's chunks: the one that is replaced, or the one before it if that one is still being
     * filled. What was written to the latter in the meantime is on neither.
     */
    private static Member successor(Member before, Member after) {
        boolean isFilled = before.previous() == null;
        Member.Place previous = isFilled ? before.place() : before.previous();
        return new Member(
                after.node(),
                after.disk(),
                Member.BEHIND_FROM_THE_START,
                after.place().equals(previous) ? null : previous,
                isFilled && !before.isBehindFromTheStart());
    }

    private static void checkMembers(Transaction tx, Volume volume) throws RefusedException {
        Set<DiskId> disks = new HashSet<>();
        for (Member member : volume.members()) {
            if (!NodeRules.requireDisk(tx, member.disk()).node().equals(member.node())) {
                throw new RefusedException(Refusal.INVALID_ARGUMENT, "disk " + member.disk() + " is on another node");
            }
            if (!disks.add(member.disk())) {
                throw new RefusedException(Refusal.INVALID_ARGUMENT, "disk " + member.disk() + " is a member twice");
            }
        }
    }

    /** A disk has started: its members may miss chunks of extents born since then. */
    static void markBehind(Transaction tx, DiskId disk, long sinceMillis) {
        for (Volume volume : MapRows.all(tx, Tables.VOLUMES, 'v')) {
            Volume now = volume;
            for (int index = 0; index < volume.members().size(); index++) {
                Member member = now.members().get(index);
                boolean isMember = member.disk().equals(disk);
                boolean isPrevious =
                        member.previous() != null && member.previous().disk().equals(disk);
                if (sinceMillis == Member.BEHIND_FROM_THE_START && (isMember || isPrevious)) {
                    now = put(tx, now, index, member.withPreviousIncomplete());
                }
                if (isMember) {
                    now = markBehind(tx, now, index, sinceMillis);
                }
            }
        }
    }

    static Reply markBehind(Transaction tx, MarkBehind c) throws RefusedException {
        if (c.missed().size() > Limits.MAX_MISSED_WRITES) {
            throw new RefusedException(Refusal.INVALID_ARGUMENT, c.missed().size() + " missed writes");
        }
        Set<VolumeId> stale = new LinkedHashSet<>();
        for (MissedWrite missed : c.missed()) {
            Volume volume = find(tx, missed.volume());
            if (volume == null
                    || volume.epoch() != missed.epoch()
                    || missed.index() < 0
                    || missed.index() >= volume.members().size()) {
                stale.add(missed.volume());
            } else {
                markBehind(tx, volume, missed.index(), Math.max(Member.BEHIND_FROM_THE_START, missed.bornMillis()));
            }
        }
        return new Reply.BehindReply(List.copyOf(stale));
    }

    private static Volume markBehind(Transaction tx, Volume volume, int index, long sinceMillis) {
        count(tx, volume.id(), index);
        Member member = volume.members().get(index);
        return member.isCurrent() || sinceMillis < member.behindSinceMillis()
                ? put(tx, volume, index, member.behindSince(sinceMillis))
                : volume;
    }

    static Reply caughtUp(Transaction tx, Stamp stamp, MemberCaughtUp c) throws RefusedException {
        Volume volume = find(tx, c.volume());
        if (volume == null) {
            throw new RefusedException(Refusal.NO_SUCH_VOLUME);
        }
        if (c.index() < 0 || c.index() >= volume.members().size()) {
            throw new RefusedException(Refusal.INVALID_ARGUMENT, "no member " + c.index());
        }
        if (volume.epoch() != c.epoch() || marks(tx, c.volume(), c.index()) != c.marks()) {
            throw new RefusedException(Refusal.STALE_EPOCH, Long.toString(volume.epoch()));
        }
        Member member = volume.members().get(c.index());
        NodeRules.remember(tx, stamp, member.disk(), c.sequence());
        put(tx, volume, c.index(), member.behindSince(0));
        return Reply.DONE;
    }

    private static Volume put(Transaction tx, Volume volume, int index, Member member) {
        List<Member> members = new ArrayList<>(volume.members());
        members.set(index, member);
        Volume changed = with(volume, volume.id(), volume.epoch(), members);
        put(tx, changed);
        return changed;
    }

    private static void count(Transaction tx, VolumeId volume, int index) {
        tx.put(Tables.MEMBER_MARKS, Keys.memberMarks(volume, index), marks(tx, volume, index) + 1);
    }

    private static long marks(Transaction tx, VolumeId volume, int index) {
        Long marks = tx.get(Tables.MEMBER_MARKS, Keys.memberMarks(volume, index));
        return marks == null ? 0 : marks;
    }

    private static @Nullable Volume find(Transaction tx, VolumeId id) {
        return tx.get(Tables.VOLUMES, Keys.volume(id));
    }

    private static Volume with(Volume volume, VolumeId id, long epoch, List<Member> members) {
        return new Volume(id, epoch, volume.policy(), volume.scheme(), volume.state(), members);
    }

    private static Reply put(Transaction tx, Volume volume) {
        MapRows.put(tx, Tables.VOLUMES, Keys.volume(volume.id()), volume);
        return new Reply.VolumeReply(volume);
    }
}
