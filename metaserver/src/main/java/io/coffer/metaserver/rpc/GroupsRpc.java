package io.coffer.metaserver.rpc;

import io.coffer.common.id.GroupId;
import io.coffer.common.metadata.MetadataUnavailableException;
import io.coffer.common.metadata.wire.ClusterCodec;
import io.coffer.metaserver.background.GroupHost;
import io.coffer.metaserver.consensus.MemberStatus;
import io.coffer.metaserver.consensus.Peer;
import io.coffer.proto.rpc.GroupsGrpc;
import io.coffer.proto.rpc.MetadataMessages;
import io.coffer.proto.rpc.MetadataMessages.Done;
import io.coffer.proto.rpc.MetadataMessages.DropRequest;
import io.coffer.proto.rpc.MetadataMessages.HostRequest;
import io.coffer.proto.rpc.MetadataMessages.SetMembersRequest;
import io.coffer.proto.rpc.MetadataMessages.StatusReply;
import io.coffer.proto.rpc.MetadataMessages.StatusRequest;
import io.coffer.proto.rpc.MetadataMessages.TransferRequest;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.List;

/** This process' members of groups, for the other metaservers. */
public final class GroupsRpc extends GroupsGrpc.GroupsImplBase {
    private final GroupHost host;

    public GroupsRpc(GroupHost host) {
        this.host = host;
    }

    @FunctionalInterface
    private interface Work {
        void run() throws MetadataUnavailableException, InterruptedException;
    }

    @Override
    public void status(StatusRequest message, StreamObserver<StatusReply> out) {
        serve(out, () -> {
            GroupHost.Status status = host.status();
            StatusReply.Builder reply = StatusReply.newBuilder().setTight(status.tight());
            status.members().forEach(member -> reply.addGroups(encode(member)));
            out.onNext(reply.build());
        });
    }

    static MetadataMessages.GroupStatus encode(MemberStatus status) {
        MetadataMessages.GroupStatus.Builder m = MetadataMessages.GroupStatus.newBuilder()
                .setGroup(status.group().value())
                .setLeads(status.leads())
                .setApplied(status.applied() + 1)
                .setStable(status.stable());
        status.leader().ifPresent(leader -> m.setLeader(ClusterCodec.encode(leader.value())));
        status.members().forEach(peer -> m.addMembers(encode(peer)));
        status.lagging().forEach(node -> m.addLagging(ClusterCodec.encode(node.value())));
        return m.build();
    }

    static MetadataMessages.Peer encode(Peer peer) {
        return MetadataMessages.Peer.newBuilder()
                .setNode(ClusterCodec.encode(peer.node().value()))
                .setAddress(peer.address())
                .build();
    }

    static Peer decode(MetadataMessages.Peer m) {
        return new Peer(ClusterCodec.node(m.getNode()), m.getAddress());
    }

    @Override
    public void host(HostRequest message, StreamObserver<Done> out) {
        serve(out, () -> {
            host.host(new GroupId(message.getGroup()), message.getFound());
            out.onNext(Done.getDefaultInstance());
        });
    }

    @Override
    public void drop(DropRequest message, StreamObserver<Done> out) {
        serve(out, () -> {
            host.drop(new GroupId(message.getGroup()));
            out.onNext(Done.getDefaultInstance());
        });
    }

    @Override
    public void setMembers(SetMembersRequest message, StreamObserver<Done> out) {
        serve(out, () -> {
            List<Peer> members =
                    message.getMembersList().stream().map(GroupsRpc::decode).toList();
            host.setMembers(new GroupId(message.getGroup()), members);
            out.onNext(Done.getDefaultInstance());
        });
    }

    @Override
    public void transfer(TransferRequest message, StreamObserver<Done> out) {
        serve(out, () -> {
            host.transfer(new GroupId(message.getGroup()), ClusterCodec.node(message.getTo()));
            out.onNext(Done.getDefaultInstance());
        });
    }

    private static void serve(StreamObserver<?> out, Work work) {
        try {
            work.run();
            out.onCompleted();
        } catch (MetadataUnavailableException e) {
            out.onError(
                    Status.FAILED_PRECONDITION.withDescription(e.getMessage()).asRuntimeException());
        } catch (IllegalArgumentException e) {
            out.onError(Status.INVALID_ARGUMENT.withDescription(e.getMessage()).asRuntimeException());
        } catch (InterruptedException e) {
            out.onError(Status.UNAVAILABLE.withDescription("the server closes").asRuntimeException());
        }
    }
}
