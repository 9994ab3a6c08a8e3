package io.coffer.metaserver.background;

import io.coffer.common.chunk.DiskStatus;
import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.cluster.Disk;
import io.coffer.common.cluster.Node;
import io.coffer.common.cluster.ProtectionScheme;
import io.coffer.common.cluster.Volume;
import io.coffer.common.id.ClusterId;
import io.coffer.common.id.GroupId;
import io.coffer.common.metadata.Account;
import io.coffer.common.metadata.MetadataClient;
import io.coffer.common.metadata.MetadataUnavailableException;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.SystemCommand.CreateVolume;
import io.coffer.common.metadata.SystemCommand.InitializeCluster;
import io.coffer.common.metadata.SystemCommand.RegisterDisk;
import io.coffer.common.metadata.SystemCommand.RegisterNode;
import io.coffer.common.metadata.SystemCommand.ReportDisk;
import io.coffer.common.time.WallClock;
import java.util.List;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a cluster of one process to where it can serve, at every start: names it, makes the root account, registers the node and
 * its disks, and sees to it that the default policy has volumes on all of them. What is there already stays; a start that was
 * interrupted is finished by the next one.
 */
public final class ClusterBootstrap {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterBootstrap.class);

    private final Calls calls;
    private final RandomGenerator random;

    public ClusterBootstrap(MetadataClient client, WallClock clock, RandomGenerator random) {
        this.calls = new Calls(client, clock, random);
        this.random = random;
    }

    /**
     * What there is when it is done.
     *
     * @param root the cluster's own account
     */
    public record Ready(Account root, ClusterMap map) {}

    /**
     * @param disks this node's, as its chunk store reports them
     * @param policy the cluster's default protection policy, for instance {@code replica-1}
     * @throws RefusedException if the metadata belong to another cluster
     * @throws IllegalArgumentException if the policy wants more disks than there are, or is none
     */
    public Ready run(ClusterId cluster, Node node, List<DiskStatus> disks, String policy)
            throws MetadataUnavailableException, RefusedException, InterruptedException {
        ProtectionScheme scheme = ProtectionScheme.parse(policy);
        calls.tell(GroupId.SYSTEM, new InitializeCluster(cluster));
        Account root = new RootAccount(calls, random).find();
        register(node, disks);
        for (Volume volume : VolumePlan.missing(calls.map(), policy, scheme, Limits.VOLUMES_PER_START)) {
            calls.tell(GroupId.SYSTEM, new CreateVolume(volume));
        }
        ClusterMap map = calls.map();
        if (map.volumes().values().stream().noneMatch(volume -> volume.policy().equals(policy))) {
            throw new IllegalArgumentException(
                    "policy " + policy + " wants " + scheme.width() + " disks, there are " + disks.size());
        }
        return new Ready(root, map);
    }

    private void register(Node node, List<DiskStatus> disks)
            throws MetadataUnavailableException, RefusedException, InterruptedException {
        ClusterMap map = calls.map();
        if (!node.equals(map.nodes().get(node.id()))) {
            calls.tell(GroupId.SYSTEM, new RegisterNode(node));
        }
        for (DiskStatus status : disks) {
            Disk disk = new Disk(
                    status.disk(), node.id(), status.path(), status.state(), status.totalBytes(), status.freeBytes());
            if (!map.disks().containsKey(status.disk())) {
                LOG.info("registering disk {} at {}", disk.id(), disk.path());
            }
            // Known or not: it may have been away, or be an old image of itself, so its members compare themselves.
            calls.tell(GroupId.SYSTEM, new RegisterDisk(disk, status.sequence()));
        }
        giveUpAbsent(map, node, disks);
    }

    /** What the node had and doesn't have now is rebuilt elsewhere if there is room; a disk that comes back registers again. */
    private void giveUpAbsent(ClusterMap map, Node node, List<DiskStatus> disks)
            throws MetadataUnavailableException, RefusedException, InterruptedException {
        for (Disk known : map.disks().values()) {
            if (known.node().equals(node.id())
                    && known.state() != Disk.State.FAILED
                    && disks.stream().noneMatch(status -> status.disk().equals(known.id()))) {
                LOG.warn("disk {}, last at {}, is not there any more", known.id(), known.path());
                calls.tell(
                        GroupId.SYSTEM,
                        new ReportDisk(known.id(), Disk.State.FAILED, known.totalBytes(), known.freeBytes(), 0));
            }
        }
    }
}
