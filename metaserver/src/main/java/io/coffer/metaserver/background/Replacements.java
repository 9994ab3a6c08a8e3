package io.coffer.metaserver.background;

import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.cluster.Disk;
import io.coffer.common.cluster.Member;
import io.coffer.common.cluster.Node;
import io.coffer.common.cluster.ProtectionScheme;
import io.coffer.common.cluster.Volume;
import io.coffer.common.id.DiskId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which members of volumes get another disk: those that are gone, and those of nodes that an operator wants empty. A pure function of the
 * cluster map.
 *
 * <p>A member that is gone is replaced only while another one has everything: without such a source a new disk would gain nothing, and the
 * one that comes back is worth more. A member that drains moves only while all members of its volume are current, so one at a time; until
 * the new one is, the old disk keeps its chunks and is read as the member's previous place.
 */
final class Replacements {
    private final ClusterMap map;
    private final DiskChoice choice;
    private final Map<DiskId, Integer> filling = new HashMap<>();

    /** A member's new disk: what to give UpdateVolume. */
    record Move(Volume before, Volume after, int index) {}

    /**
     * @param moves the most exposed volumes first
     * @param waiting members that have to move and can't now: until a disk is free, far enough from the others, and a source is there
     */
    record Plan(List<Move> moves, int waiting) {
        Plan {
            moves = List.copyOf(moves);
        }
    }

    private record Wish(Volume volume, int index, int liveCurrent, boolean possible) {}

    private Replacements(ClusterMap map) {
        this.map = map;
        this.choice = new DiskChoice(map);
        for (Volume volume : map.volumes().values()) {
            choice.count(volume.members());
            for (Member member : volume.members()) {
                if (member.isBehindFromTheStart()) {
                    filling.merge(member.disk(), 1, Integer::sum);
                }
            }
        }
    }

    /** @param limit of the moves */
    static Plan of(ClusterMap map, int limit) {
        return new Replacements(map).plan(limit);
    }

    private Plan plan(int limit) {
        List<Wish> wishes = new ArrayList<>();
        for (Volume volume : map.volumes().values()) {
            wish(volume).ifPresent(wishes::add);
        }
        wishes.sort(Comparator.comparingInt(Wish::liveCurrent)
                .thenComparing(wish -> wish.volume().id()));
        List<Move> moves = new ArrayList<>();
        int waiting = 0;
        for (Wish wish : wishes) {
            Optional<Disk> disk = wish.possible() && moves.size() < limit ? target(wish) : Optional.empty();
            if (disk.isEmpty()) {
                waiting++;
            } else {
                moves.add(move(wish, disk.get()));
            }
        }
        return new Plan(moves, waiting);
    }

    /** The member of a volume to replace next: one at a time. */
    private Optional<Wish> wish(Volume volume) {
        int liveCurrent = DiskChoice.liveCurrent(map, volume);
        for (int index = 0; index < volume.members().size(); index++) {
            if (DiskChoice.isGone(map, volume.members().get(index))) {
                return Optional.of(new Wish(volume, index, liveCurrent, liveCurrent >= sources(volume)));
            }
        }
        for (int index = 0; index < volume.members().size(); index++) {
            Node node = map.nodes().get(volume.members().get(index).node());
            if (node != null && node.draining()) {
                boolean possible = node.state() == Node.State.UP
                        && liveCurrent == volume.members().size();
                return Optional.of(new Wish(volume, index, liveCurrent, possible));
            }
        }
        return Optional.empty();
    }

    /** Members from which a lost one can be made. */
    private static int sources(Volume volume) {
        return switch (volume.scheme()) {
            case ProtectionScheme.Replicated ignored -> 1;
            case ProtectionScheme.ErasureCoded coded -> coded.data();
        };
    }

    private Optional<Disk> target(Wish wish) {
        Set<DiskId> taken = new HashSet<>();
        List<DiskId> staying = new ArrayList<>();
        for (int index = 0; index < wish.volume().members().size(); index++) {
            Member member = wish.volume().members().get(index);
            taken.add(member.disk());
            if (member.previous() != null) {
                taken.add(member.previous().disk());
            }
            if (index != wish.index() && !DiskChoice.isGone(map, member)) {
                staying.add(member.disk());
            }
        }
        return choice.next(
                wish.volume().members().size(),
                staying,
                disk -> disk.state() == Disk.State.HEALTHY
                        && !taken.contains(disk.id())
                        && filling.getOrDefault(disk.id(), 0) < Limits.FILLING_PER_DISK);
    }

    private Move move(Wish wish, Disk disk) {
        Volume before = wish.volume();
        List<Member> members = new ArrayList<>(before.members());
        members.set(wish.index(), new Member(disk.node(), disk.id()));
        filling.merge(disk.id(), 1, Integer::sum);
        choice.count(disk.id(), members);
        Volume after =
                new Volume(before.id(), before.epoch(), before.policy(), before.scheme(), before.state(), members);
        return new Move(before, after, wish.index());
    }
}
