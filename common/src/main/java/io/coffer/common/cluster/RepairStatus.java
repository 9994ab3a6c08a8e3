package io.coffer.common.cluster;

/**
 * How whole the volumes of a cluster are.
 *
 * @param volumes all of them
 * @param healthy every member is there and has everything
 * @param degraded some members aren't, but as many as a write needs
 * @param atRisk fewer than that, but what is stored can be read
 * @param unavailable what is stored can't be read, or not all of it
 * @param membersBehind members that lack something
 * @param membersGone members whose node or disk isn't expected back
 */
public record RepairStatus(
        int volumes, int healthy, int degraded, int atRisk, int unavailable, int membersBehind, int membersGone) {
    public static RepairStatus of(ClusterMap map) {
        int healthy = 0;
        int degraded = 0;
        int atRisk = 0;
        int unavailable = 0;
        int behind = 0;
        int gone = 0;
        for (Volume volume : map.volumes().values()) {
            int live = wholeSlots(map, volume);
            for (Member member : volume.members()) {
                behind += member.isCurrent() ? 0 : 1;
                gone += isGone(map, member.place()) ? 1 : 0;
            }
            if (live == volume.scheme().width()) {
                healthy++;
            } else if (live >= volume.scheme().writeQuorum()) {
                degraded++;
            } else if (live >= readable(volume.scheme())) {
                atRisk++;
            } else {
                unavailable++;
            }
        }
        return new RepairStatus(map.volumes().size(), healthy, degraded, atRisk, unavailable, behind, gone);
    }

    /** How many slots of a volume can be read whole now. */
    static int wholeSlots(ClusterMap map, Volume volume) {
        int whole = 0;
        for (Member member : volume.members()) {
            whole += isWhole(map, member) ? 1 : 0;
        }
        return whole;
    }

    /** Whether everything of a slot can be read now: from its member, or from the disk before it while that one is complete. */
    private static boolean isWhole(ClusterMap map, Member member) {
        if (!answers(map, member.place())) {
            return false;
        }
        Member.Place previous = member.previous();
        return member.isCurrent() || previous != null && member.previousComplete() && answers(map, previous);
    }

    /** Whether a disk is there, as far as the map says. */
    static boolean answers(ClusterMap map, Member.Place place) {
        Node node = map.nodes().get(place.node());
        return node != null && node.state() == Node.State.UP && !isGone(map, place);
    }

    /** Whether nobody expects a disk back. */
    static boolean isGone(ClusterMap map, Member.Place place) {
        Node node = map.nodes().get(place.node());
        Disk disk = map.disks().get(place.disk());
        return node == null || node.state() == Node.State.LOST || disk == null || disk.state() == Disk.State.FAILED;
    }

    /** How many slots it takes to read what a volume holds. */
    static int readable(ProtectionScheme scheme) {
        return switch (scheme) {
            case ProtectionScheme.Replicated ignored -> 1;
            case ProtectionScheme.ErasureCoded coded -> coded.data();
        };
    }

    /** Whether nothing is left to do. */
    public boolean isWhole() {
        return healthy == volumes;
    }
}
