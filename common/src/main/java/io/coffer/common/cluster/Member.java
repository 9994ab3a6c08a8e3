package io.coffer.common.cluster;

import io.coffer.common.id.DiskId;
import io.coffer.common.id.NodeId;

/**
 * A slot of a volume: the disk of the node that stores the chunks of this slot's index.
 *
 * @param behindSinceMillis 0 when it has every chunk it should have; otherwise chunks of extents born since then may be missing
 *     until it has compared itself with the other members: 1 for a member that starts empty
 */
public record Member(NodeId node, DiskId disk, long behindSinceMillis) {
    /** Of a member that has nothing yet. */
    public static final long BEHIND_FROM_THE_START = 1;

    public Member {
        if (behindSinceMillis < 0) {
            throw new IllegalArgumentException("behind since " + behindSinceMillis);
        }
    }

    /** A member that has everything. */
    public Member(NodeId node, DiskId disk) {
        this(node, disk, 0);
    }

    public boolean isCurrent() {
        return behindSinceMillis == 0;
    }

    /** Whether it is the same slot of the same disk, however far it is. */
    public boolean isSameDisk(Member other) {
        return node.equals(other.node) && disk.equals(other.disk);
    }
}
