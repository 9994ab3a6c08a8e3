package io.coffer.common.metadata.wire;

import io.coffer.common.chunk.DiskStatus;
import io.coffer.common.id.DiskId;
import io.coffer.common.id.NodeId;
import io.coffer.common.metadata.Heartbeat;
import io.coffer.common.metadata.MetadataUnavailableException;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.proto.rpc.MetadataMessages.Answer;
import io.coffer.proto.rpc.MetadataMessages.HeartbeatRequest;
import io.coffer.proto.rpc.MetadataMessages.Unavailable;
import org.jspecify.annotations.Nullable;

/** What only the network carries: answers and heartbeats. Same rules as {@link MetadataCodec}. */
public final class RpcCodec {
    private RpcCodec() {}

    public static Answer answer(Reply reply) {
        return Answer.newBuilder().setOutcome(MetadataCodec.success(reply)).build();
    }

    public static Answer answer(RefusedException refused) {
        return Answer.newBuilder().setOutcome(MetadataCodec.refused(refused)).build();
    }

    public static Answer answer(MetadataUnavailableException why) {
        Unavailable.Builder m = Unavailable.newBuilder()
                .setReason(
                        switch (why.reason()) {
                            case NO_ANSWER -> Unavailable.Reason.UNKNOWN;
                            case NOT_LEADER -> Unavailable.Reason.NOT_LEADER;
                            case NOT_HERE -> Unavailable.Reason.NOT_HERE;
                            case OVERLOADED -> Unavailable.Reason.OVERLOADED;
                        })
                .setDetail(String.valueOf(why.getMessage()));
        why.leader().ifPresent(leader -> m.setLeader(ClusterCodec.encode(leader.value())));
        return Answer.newBuilder().setUnavailable(m).build();
    }

    public static MetadataUnavailableException decode(Unavailable m) {
        @Nullable NodeId leader = m.hasLeader() ? ClusterCodec.node(m.getLeader()) : null;
        return switch (m.getReason()) {
            case NOT_LEADER -> MetadataUnavailableException.notLeader(m.getDetail(), leader);
            case NOT_HERE -> MetadataUnavailableException.notHere(m.getDetail());
            case OVERLOADED -> MetadataUnavailableException.overloaded(m.getDetail());
            case UNKNOWN, UNRECOGNIZED -> new MetadataUnavailableException(m.getDetail(), null);
        };
    }

    public static HeartbeatRequest encode(Heartbeat heartbeat) {
        HeartbeatRequest.Builder m = HeartbeatRequest.newBuilder()
                .setNode(ClusterCodec.encode(heartbeat.node().value()))
                .setMillis(heartbeat.millis());
        for (DiskStatus disk : heartbeat.disks()) {
            m.addDisks(io.coffer.proto.rpc.MetadataMessages.DiskStatus.newBuilder()
                    .setDisk(ClusterCodec.encode(disk.disk().value()))
                    .setPath(disk.path())
                    .setState(ClusterCodec.encode(disk.state()))
                    .setTotalBytes(disk.totalBytes())
                    .setFreeBytes(disk.freeBytes())
                    .setLiveBytes(disk.liveBytes())
                    .setSequence(disk.sequence())
                    .setReason(disk.reason()));
        }
        return m.build();
    }

    public static Heartbeat decode(HeartbeatRequest m) {
        return new Heartbeat(
                ClusterCodec.node(m.getNode()),
                ValueCodec.map(
                        m.getDisksList(),
                        disk -> new DiskStatus(
                                new DiskId(ClusterCodec.uuid(disk.getDisk())),
                                disk.getPath(),
                                ClusterCodec.decode(disk.getState()),
                                disk.getTotalBytes(),
                                disk.getFreeBytes(),
                                disk.getLiveBytes(),
                                disk.getSequence(),
                                disk.getReason())),
                m.getMillis());
    }
}
