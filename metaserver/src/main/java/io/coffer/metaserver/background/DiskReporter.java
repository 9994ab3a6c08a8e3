package io.coffer.metaserver.background;

import io.coffer.common.chunk.ChunkException;
import io.coffer.common.chunk.ChunkStore;
import io.coffer.common.chunk.ChunkStores;
import io.coffer.common.chunk.DiskStatus;
import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.cluster.Disk;
import io.coffer.common.cluster.Node;
import io.coffer.common.id.GroupId;
import io.coffer.common.metadata.MetadataUnavailableException;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.SystemCommand.ReportDisk;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries what nodes say of their disks into the cluster map, when it has changed so much that placement should know. */
final class DiskReporter implements Step {
    private static final Logger LOG = LoggerFactory.getLogger(DiskReporter.class);

    private final Calls calls;
    private final ChunkStores stores;
    private final Groups groups;

    DiskReporter(Calls calls, ChunkStores stores, Groups groups) {
        this.calls = calls;
        this.stores = stores;
        this.groups = groups;
    }

    @Override
    public Progress run() throws MetadataUnavailableException, RefusedException, InterruptedException {
        if (!groups.leads(GroupId.SYSTEM)) {
            return Progress.DONE;
        }
        ClusterMap map = calls.map();
        for (Node node : map.nodes().values()) {
            Optional<ChunkStore> store = stores.of(node.id());
            if (store.isEmpty()) {
                continue;
            }
            List<DiskStatus> statuses;
            try {
                statuses = store.get().disks();
            } catch (ChunkException e) {
                LOG.debug("node {} doesn't tell of its disks: {}", node.label(), e.getMessage());
                continue; // whether it is there isn't for this step to find out
            }
            for (DiskStatus status : statuses) {
                Disk known = map.disks().get(status.disk());
                if (known != null && differs(known, status)) {
                    report(known, status);
                }
            }
        }
        return Progress.DONE;
    }

    private static boolean differs(Disk known, DiskStatus status) {
        return known.state() != status.state()
                || known.totalBytes() != status.totalBytes()
                || Math.abs(known.freeBytes() - status.freeBytes()) > status.totalBytes() / Limits.REPORTED_FRACTION;
    }

    private void report(Disk known, DiskStatus status)
            throws MetadataUnavailableException, RefusedException, InterruptedException {
        if (known.state() != status.state()) {
            LOG.warn(
                    "disk {} ({}) is {} now{}",
                    status.disk(),
                    status.path(),
                    status.state(),
                    status.reason().isEmpty() ? "" : ": " + status.reason());
        }
        calls.tell(
                GroupId.SYSTEM,
                new ReportDisk(
                        status.disk(), status.state(), status.totalBytes(), status.freeBytes(), status.sequence()));
    }
}
