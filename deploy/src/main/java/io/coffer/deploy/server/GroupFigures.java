package io.coffer.deploy.server;

import io.coffer.deploy.server.FigureTable.Figure;
import io.coffer.metaserver.MetaServer;
import io.coffer.metaserver.MetaServer.GroupStatus;
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

    private final MetaServer meta;

    GroupFigures(MetaServer meta) {
        this.meta = meta;
    }

    Map<Tags, GroupStatus> groups() {
        Map<Tags, GroupStatus> groups = new HashMap<>();
        for (GroupStatus group : meta.status()) {
            groups.put(Tags.of("group", Integer.toString(group.group().value())), group);
        }
        return groups;
    }
}
