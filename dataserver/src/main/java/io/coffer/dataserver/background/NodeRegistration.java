package io.coffer.dataserver.background;

import io.coffer.common.chunk.ChunkException;
import io.coffer.common.chunk.DiskStatus;
import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.cluster.Disk;
import io.coffer.common.cluster.Member;
import io.coffer.common.cluster.Node;
import io.coffer.common.cluster.Volume;
import io.coffer.common.id.NodeId;
import io.coffer.common.metadata.MetadataUnavailableException;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.SystemCommand.RegisterDisk;
import io.coffer.common.metadata.SystemCommand.RegisterNode;
import io.coffer.common.metadata.SystemCommand.ReportDisk;
import io.coffer.dataserver.chunk.OwnChunks;
import java.util.Comparator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a dataserver says when it starts: that it is there, which disks it has and how far they are, and which it doesn't have any more.
 */
public final class NodeRegistration {
    private static final Logger LOG = LoggerFactory.getLogger(NodeRegistration.class);

    private final SystemGroup group;
    private final OwnChunks own;

    public NodeRegistration(SystemGroup group, OwnChunks own) {
        this.group = group;
        this.own = own;
    }

    /**
     * Lets the disks know the epochs that volumes have by now, so that a writer from before the node was away is refused. To be done before
     * it serves; can be repeated when it failed.
     */
    public void learnEpochs(NodeId node) throws MetadataUnavailableException, RefusedException, InterruptedException {
        learnEpochs(group.map(), node);
    }

    /**
     * Can be repeated when it failed.
     *
     * @return the map afterwards
     * @throws RefusedException if the cluster doesn't take the node or one of its disks
     * @throws ChunkException if the disks can't say how they are
     */
    public ClusterMap run(Node node)
            throws MetadataUnavailableException, RefusedException, ChunkException, InterruptedException {
        group.tell(new RegisterNode(node));
        List<DiskStatus> disks = own.disks();
        for (DiskStatus status : disks) {
            group.tell(new RegisterDisk(
                    new Disk(
                            status.disk(),
                            node.id(),
                            status.path(),
                            status.state(),
                            status.totalBytes(),
                            status.freeBytes()),
                    status.sequence()));
        }
        ClusterMap map = group.map();
        for (Disk known : map.disks().values().stream()
                .sorted(Comparator.comparing(disk -> disk.id().value()))
                .toList()) {
            if (known.node().equals(node.id())
                    && known.state() != Disk.State.FAILED
                    && disks.stream().noneMatch(status -> status.disk().equals(known.id()))) {
                LOG.warn("disk {}, last at {}, is not there any more", known.id(), known.path());
                group.tell(new ReportDisk(known.id(), Disk.State.FAILED, known.totalBytes(), known.freeBytes(), 0));
            }
        }
        learnEpochs(map, node.id());
        return group.map();
    }

    private void learnEpochs(ClusterMap map, NodeId node) {
        for (Volume volume : map.volumes().values().stream()
                .sorted(Comparator.comparing(Volume::id))
                .toList()) {
            for (Member member : volume.members()) {
                if (member.node().equals(node)) {
                    try {
                        own.fence(member.disk(), volume.id(), volume.epoch());
                    } catch (ChunkException e) {
                        // It takes no writes, or knows more.
                        LOG.info(
                                "disk {} didn't learn the epoch of volume {}: {}",
                                member.disk(),
                                volume.id().value(),
                                e.getMessage());
                    }
                }
            }
        }
    }
}
