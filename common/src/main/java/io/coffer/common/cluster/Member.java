package io.coffer.common.cluster;

import io.coffer.common.id.DiskId;
import io.coffer.common.id.NodeId;
import org.jspecify.annotations.Nullable;

/**
 * A slot of a volume: the disk of the node that stores the chunks of this slot's index.
 *
 * @param behindSinceMillis 0 when it has every chunk it should have; otherwise chunks of extents born since then may be missing
 *     until it has compared itself with the other members: 1 for a member that starts empty
 * @param previous the disk that had the slot before and keeps its chunks until this one is current: another place to read them from,
 *     under the same index; null when there is none, and always for a current member
 * @param previousComplete whether every write that the slot ever acknowledged is on one of the two
 */
public record Member(
        NodeId node,
        DiskId disk,
        long behindSinceMillis,
        @Nullable Place previous,
        boolean previousComplete) {
    /** Of a member that has nothing yet. */
    public static final long BEHIND_FROM_THE_START = 1;

    /** A disk of a node. */
    public record Place(NodeId node, DiskId disk) {}

    public Member {
        if (behindSinceMillis < 0) {
            throw new IllegalArgumentException("behind since " + behindSinceMillis);
        }
        previous = behindSinceMillis == 0 ? null : previous;
        previousComplete = previousComplete && previous != null;
    }

    /** A member that has everything. */
    public Member(NodeId node, DiskId disk) {
        this(node, disk, 0, null, false);
    }

    public Place place() {
        return new Place(node, disk);
    }

    public boolean isCurrent() {
        return behindSinceMillis == 0;
    }

    /** Whether it has nothing, or nothing that one may rely on. */
    public boolean isBehindFromTheStart() {
        return behindSinceMillis == BEHIND_FROM_THE_START;
    }

    public Member behindSince(long millis) {
        return new Member(node, disk, millis, previous, previousComplete);
    }

    /** After its disk, or the one before it, has lost something. */
    public Member withPreviousIncomplete() {
        return new Member(node, disk, behindSinceMillis, previous, false);
    }

    /** Whether it is the same slot of the same disk, however far it is. */
    public boolean isSameDisk(Member other) {
        return node.equals(other.node) && disk.equals(other.disk);
    }
}
