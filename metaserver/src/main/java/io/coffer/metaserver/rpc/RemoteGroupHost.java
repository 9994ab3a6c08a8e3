package io.coffer.metaserver.rpc;

import io.coffer.common.id.GroupId;
import io.coffer.common.id.NodeId;
import io.coffer.common.metadata.MetadataUnavailableException;
import io.coffer.common.metadata.wire.ClusterCodec;
import io.coffer.metaserver.background.GroupHost;
import io.coffer.metaserver.consensus.MemberStatus;
import io.coffer.metaserver.consensus.Peer;
import io.coffer.proto.rpc.GroupsGrpc;
import io.coffer.proto.rpc.MetadataMessages;
import io.coffer.proto.rpc.MetadataMessages.DropRequest;
import io.coffer.proto.rpc.MetadataMessages.HostRequest;
import io.coffer.proto.rpc.MetadataMessages.SetMembersRequest;
import io.coffer.proto.rpc.MetadataMessages.StatusReply;
import io.coffer.proto.rpc.MetadataMessages.StatusRequest;
import io.coffer.proto.rpc.MetadataMessages.TransferRequest;
import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Another metaserver's members of groups. */
public final class RemoteGroupHost implements GroupHost {
    private final Supplier<Optional<Channel>> channel;
    private final String label;

    /** @param label what to call the server in messages */
    public RemoteGroupHost(Supplier<Optional<Channel>> channel, String label) {
        this.channel = channel;
        this.label = label;
    }

    @Override
    public Status status() throws MetadataUnavailableException {
        StatusReply reply = call(Limits.PEER_CALL, stub -> stub.status(StatusRequest.getDefaultInstance()));
        return new Status(
                reply.getGroupsList().stream().map(RemoteGroupHost::decode).toList(), reply.getTight());
    }

    private static MemberStatus decode(MetadataMessages.GroupStatus m) {
        return new MemberStatus(
                new GroupId(m.getGroup()),
                m.getLeads(),
                m.hasLeader() ? Optional.of(ClusterCodec.node(m.getLeader())) : Optional.empty(),
                m.getMembersList().stream().map(GroupsRpc::decode).toList(),
                m.getApplied() - 1,
                m.getStable(),
                m.getLaggingList().stream().map(ClusterCodec::node).collect(Collectors.toSet()));
    }

    @Override
    public void host(GroupId group, boolean found) throws MetadataUnavailableException {
        HostRequest request =
                HostRequest.newBuilder().setGroup(group.value()).setFound(found).build();
        call(Limits.PEER_CALL, stub -> stub.host(request));
    }

    @Override
    public void drop(GroupId group) throws MetadataUnavailableException {
        DropRequest request = DropRequest.newBuilder().setGroup(group.value()).build();
        call(Limits.MEMBERS_CHANGE, stub -> stub.drop(request));
    }

    @Override
    public void setMembers(GroupId group, List<Peer> members) throws MetadataUnavailableException {
        SetMembersRequest request = SetMembersRequest.newBuilder()
                .setGroup(group.value())
                .addAllMembers(members.stream().map(GroupsRpc::encode).toList())
                .build();
        call(Limits.MEMBERS_CHANGE, stub -> stub.setMembers(request));
    }

    @Override
    public void transfer(GroupId group, NodeId to) throws MetadataUnavailableException {
        TransferRequest request = TransferRequest.newBuilder()
                .setGroup(group.value())
                .setTo(ClusterCodec.encode(to.value()))
                .build();
        call(Limits.PEER_CALL, stub -> stub.transfer(request));
    }

    private <A> A call(Duration atMost, Function<GroupsGrpc.GroupsBlockingStub, A> call)
            throws MetadataUnavailableException {
        Channel connected = channel.get()
                .orElseThrow(() -> new MetadataUnavailableException("metaserver " + label + " has no address", null));
        try {
            return call.apply(
                    GroupsGrpc.newBlockingStub(connected).withDeadlineAfter(atMost.toMillis(), TimeUnit.MILLISECONDS));
        } catch (StatusRuntimeException e) {
            throw new MetadataUnavailableException("metaserver " + label + ": " + e.getStatus(), e);
        }
    }
}
