package io.coffer.metaserver.background;

import io.coffer.common.chunk.DiskStatus;
import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.cluster.Disk;
import io.coffer.common.cluster.Node;
import io.coffer.common.id.DiskId;
import io.coffer.common.id.GroupId;
import io.coffer.common.metadata.MetadataUnavailableException;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.SystemCommand.ReportDisk;
import io.coffer.common.time.Ticker;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries what nodes say of their disks into the cluster map: when it has changed so much that placement should know, and now and then
 * while a disk is written to, as its sequence tells an old image from the disk.
 */
final class DiskReporter implements Step {
    private static final Logger LOG = LoggerFactory.getLogger(DiskReporter.class);

    private final Calls calls;
    private final Statuses statuses;
    private final Groups groups;
    private final Ticker ticker;
    private final Map<DiskId, Reported> reported = new HashMap<>();

    /** Since when nodes haven't named disks that they had. */
    private final Map<DiskId, Long> unnamedSinceNanos = new HashMap<>();

    /** What a node says of its disks; nothing if it isn't there. */
    @FunctionalInterface
    interface Statuses {
        List<DiskStatus> of(Node node);
    }

    private record Reported(long sequence, long atNanos) {}

    DiskReporter(Calls calls, Statuses statuses, Groups groups, Ticker ticker) {
        this.calls = calls;
        this.statuses = statuses;
        this.groups = groups;
        this.ticker = ticker;
    }

    @Override
    public Progress run() throws MetadataUnavailableException, RefusedException, InterruptedException {
        if (!groups.leads(GroupId.SYSTEM)) {
            return Progress.DONE;
        }
        ClusterMap map = calls.map();
        reported.keySet().retainAll(map.disks().keySet());
        unnamedSinceNanos.keySet().retainAll(map.disks().keySet());
        for (Node node : map.nodes().values().stream()
                .sorted(Comparator.comparing(node -> node.id().value()))
                .toList()) {
            List<DiskStatus> named = statuses.of(node);
            if (!named.isEmpty()) {
                giveUpUnnamed(map, node, named);
            }
            for (DiskStatus status : named) {
                Disk known = map.disks().get(status.disk());
                if (known != null && known.node().equals(node.id()) && (differs(known, status) || isDue(status))) {
                    report(known, status);
                }
            }
        }
        return Progress.DONE;
    }

    /** The node says the same when it starts; this is for what was reported late, by its life before. */
    private void giveUpUnnamed(ClusterMap map, Node node, List<DiskStatus> named)
            throws MetadataUnavailableException, RefusedException, InterruptedException {
        for (Disk known : map.disks().values().stream()
                .sorted(Comparator.comparing(disk -> disk.id().value()))
                .toList()) {
            if (!known.node().equals(node.id()) || known.state() == Disk.State.FAILED) {
                continue;
            }
            if (named.stream().anyMatch(status -> status.disk().equals(known.id()))) {
                unnamedSinceNanos.remove(known.id());
                continue;
            }
            long now = ticker.nanos();
            long since = unnamedSinceNanos.computeIfAbsent(known.id(), disk -> now);
            if (now - since >= Limits.DISK_GONE_AFTER.toNanos()) {
                LOG.warn("disk {}, last at {}, is not there any more", known.id(), known.path());
                calls.tell(
                        GroupId.SYSTEM,
                        new ReportDisk(known.id(), Disk.State.FAILED, known.totalBytes(), known.freeBytes(), 0));
            }
        }
    }

    private static boolean differs(Disk known, DiskStatus status) {
        return known.state() != status.state()
                || known.totalBytes() != status.totalBytes()
                || Math.abs(known.freeBytes() - status.freeBytes()) > status.totalBytes() / Limits.REPORTED_FRACTION;
    }

    private boolean isDue(DiskStatus status) {
        Reported last = reported.computeIfAbsent(status.disk(), any -> new Reported(0, ticker.nanos()));
        return status.sequence() > last.sequence()
                && ticker.nanos() - last.atNanos() >= Limits.SEQUENCE_REPORTED_EVERY.toNanos();
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
        reported.put(status.disk(), new Reported(status.sequence(), ticker.nanos()));
    }
}
