package io.coffer.deploy.server;

import io.coffer.deploy.server.FigureTable.Figure;
import io.coffer.metaserver.MetaServer;
import io.coffer.metaserver.MetaServer.GroupStatus;
import io.coffer.metaserver.background.LifecycleTally;
import io.micrometer.core.instrument.Tags;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a metaserver tells of its members of metadata groups. */
final class GroupFigures {
    static final List<Figure<GroupStatus>> GROUP = List.of(
            Figure.gauge(
                    "coffer.metadata.leads",
                    "1 on the server that leads the group, else 0",
                    group -> group.leads() ? 1 : 0),
            Figure.gauge(
                    "coffer.metadata.leader.known",
                    "1 while this server knows a leader, else 0",
                    group -> group.leader().isPresent() ? 1 : 0),
            Figure.gauge(
                    "coffer.metadata.stopped",
                    "1 when the group can't go on on this server, else 0",
                    group -> group.failure().isPresent() ? 1 : 0),
            Figure.gauge("coffer.metadata.applied.index", "The last entry applied here", GroupStatus::appliedIndex),
            Figure.gauge(
                    "coffer.metadata.waiting",
                    "Commands that wait for a proposal",
                    group -> group.load().waiting()),
            Figure.gauge(
                    "coffer.metadata.waiting.bytes",
                    "Bytes of the commands that wait",
                    group -> group.load().waitingBytes()),
            Figure.gauge(
                    "coffer.metadata.proposals.in.flight",
                    "Proposals under way",
                    group -> group.load().inFlight()),
            Figure.counter(
                    "coffer.metadata.commands",
                    "Commands taken by this server",
                    group -> group.load().commands()),
            Figure.counter(
                    "coffer.metadata.proposals",
                    "Proposals, each of one or more commands",
                    group -> group.load().proposals()),
            Figure.counter(
                    "coffer.metadata.turned.away",
                    "Commands refused because too many waited",
                    group -> group.load().turnedAway()),
            Figure.gauge(
                    "coffer.raft.members",
                    "Members of the group",
                    group -> group.raft().members()),
            Figure.gauge(
                    "coffer.raft.term",
                    "The newest term seen; it rises with every election",
                    group -> group.raft().term()),
            Figure.gauge(
                    "coffer.raft.commit.index",
                    "The last entry known to be committed",
                    group -> group.raft().committed()),
            Figure.gauge(
                    "coffer.raft.uncommitted.entries",
                    "Entries in the log here that aren't known to be committed",
                    group -> Math.max(0, group.raft().lastEntry() - group.raft().committed())),
            Figure.gauge(
                    "coffer.raft.unapplied.entries",
                    "Committed entries that aren't applied here yet",
                    group -> Math.max(0, group.raft().committed() - group.appliedIndex())),
            Figure.gauge(
                    "coffer.raft.follower.lag.entries",
                    "On the leader: what the follower furthest behind lacks; else 0",
                    group -> group.raft().followerLag()),
            Figure.gauge(
                    "coffer.raft.log.entries",
                    "Entries that the log here still holds",
                    group -> group.raft().logEntries()),
            Figure.gauge(
                    "coffer.raft.checkpoint.lag.entries",
                    "Entries applied since the newest checkpoint",
                    group -> group.raft().checkpointLag()),
            Figure.gauge(
                    "coffer.raft.checkpoint.age.seconds",
                    "Since the newest checkpoint, or since the start if none was taken since",
                    group -> group.raft().checkpointSeconds()));

    /** What lifecycle rules have done on a server, whatever it leads. */
    static final List<Figure<LifecycleTally.Figures>> LIFECYCLE = List.of(
            Figure.counter(
                    "coffer.lifecycle.looked",
                    "Versions and uploads that lifecycle rules were held against",
                    LifecycleTally.Figures::looked),
            Figure.counter(
                    "coffer.lifecycle.objects.expired",
                    "Objects deleted by rules, or hidden behind a delete marker",
                    LifecycleTally.Figures::expired),
            Figure.counter(
                    "coffer.lifecycle.versions.removed",
                    "Versions removed by rules that were not the newest of their keys",
                    LifecycleTally.Figures::versions),
            Figure.counter(
                    "coffer.lifecycle.markers.removed",
                    "Delete markers removed by rules that were all there was of their keys",
                    LifecycleTally.Figures::markers),
            Figure.counter(
                    "coffer.lifecycle.uploads.aborted", "Uploads aborted by rules", LifecycleTally.Figures::uploads),
            Figure.counter(
                    "coffer.lifecycle.kept",
                    "Removals refused: a lock forbade it, or something had changed meanwhile",
                    LifecycleTally.Figures::kept),
            Figure.counter("coffer.lifecycle.scans", "Scans of partitions finished", LifecycleTally.Figures::scans),
            Figure.gauge(
                    "coffer.lifecycle.scans.under.way",
                    "Scans of partitions under way",
                    LifecycleTally.Figures::scansUnderWay),
            Figure.gauge(
                    "coffer.lifecycle.last.scan.seconds",
                    "How long the last scan took that was finished",
                    figures -> figures.lastScanMillis() / 1000.0));

    private final MetaServer meta;

    GroupFigures(MetaServer meta) {
        this.meta = meta;
    }

    Map<Tags, LifecycleTally.Figures> lifecycle() {
        return meta.lifecycle().map(figures -> Map.of(Tags.empty(), figures)).orElse(Map.of());
    }

    Map<Tags, GroupStatus> groups() {
        Map<Tags, GroupStatus> groups = new HashMap<>();
        for (GroupStatus group : meta.status()) {
            groups.put(Tags.of("group", Integer.toString(group.group().value())), group);
        }
        return groups;
    }
}
