package io.coffer.common.metadata;

import io.coffer.common.chunk.DiskStatus;
import io.coffer.common.id.NodeId;
import java.util.List;

/**
 * What a process tells the leader of the system group every second.
 *
 * @param disks a dataserver's, as it sees them; empty for the others
 * @param millis its own time of day
 */
public record Heartbeat(NodeId node, List<DiskStatus> disks, long millis) {
    public Heartbeat {
        disks = List.copyOf(disks);
    }
}
