package io.coffer.gateway.placement;

import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.cluster.Disk;
import io.coffer.common.cluster.Member;
import io.coffer.common.cluster.Node;
import io.coffer.common.cluster.Volume;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The order in which to try the copies of a volume's extent: those that have everything and answer, the nearest first and by turns; then
 * those that may lack it; then those that are expected not to answer.
 */
public final class ReadOrder {
    private ReadOrder() {}

    /**
     * A place to read from.
     *
     * @param index the member whose slot it is
     * @param complete whether it has every chunk it should have
     */
    public record Copy(int index, Member.Place place, boolean complete) {}

    private record Ranked(Copy copy, int rank) {}

    /**
     * @param avoided places that don't answer now
     * @param location of the reader: {@code site/rack/host}; empty when all are as near
     * @param turn rises with every read
     */
    public static List<Copy> of(
            ClusterMap map, Volume volume, Predicate<Member.Place> avoided, String location, long turn) {
        int width = volume.members().size();
        if (width == 1 && volume.members().getFirst().previous() == null) {
            return List.of(copy(volume, 0));
        }
        List<Ranked> ranked = new ArrayList<>(width);
        for (int i = 0; i < width; i++) {
            int index = (int) Math.floorMod(turn + i, (long) width);
            Member member = volume.members().get(index);
            ranked.add(rank(map, copy(volume, index), member, avoided, location));
            Member.Place previous = member.previous();
            if (previous != null) {
                ranked.add(rank(map, new Copy(index, previous, false), null, avoided, location));
            }
        }
        return ranked.stream()
                .sorted(Comparator.comparingInt(Ranked::rank))
                .map(Ranked::copy)
                .toList();
    }

    private static Copy copy(Volume volume, int index) {
        Member member = volume.members().get(index);
        return new Copy(index, member.place(), member.isCurrent());
    }

    /** How many parts of a location are compared. */
    private static final int PARTS = 3;

    /** @param member null for a place that had the slot before */
    private static Ranked rank(
            ClusterMap map, Copy copy, @Nullable Member member, Predicate<Member.Place> avoided, String location) {
        Node node = map.nodes().get(copy.place().node());
        Disk disk = map.disks().get(copy.place().disk());
        boolean answers = node != null
                && node.state() == Node.State.UP
                && disk != null
                && disk.state() != Disk.State.FAILED
                && !avoided.test(copy.place());
        int likelihood = member == null ? 2 : member.isCurrent() ? 0 : member.isBehindFromTheStart() ? 3 : 1;
        int distance = node == null ? PARTS : distance(location, node.location());
        return new Ranked(copy, ((answers ? 0 : 1) * 4 + likelihood) * (PARTS + 1) + distance);
    }

    /** 0 on the same host, and when the reader is nowhere in particular. */
    private static int distance(String here, String there) {
        if (here.isEmpty()) {
            return 0;
        }
        String[] ours = here.split("/", -1);
        String[] theirs = there.split("/", -1);
        int shared = 0;
        while (shared < PARTS
                && shared < ours.length
                && shared < theirs.length
                && ours[shared].equals(theirs[shared])) {
            shared++;
        }
        return PARTS - shared;
    }
}
