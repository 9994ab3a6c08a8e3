package io.coffer.common.metadata.wire;

import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.cluster.Disk;
import io.coffer.common.cluster.Member;
import io.coffer.common.cluster.MetadataGroup;
import io.coffer.common.cluster.Node;
import io.coffer.common.cluster.ProtectionScheme;
import io.coffer.common.cluster.RemovedNode;
import io.coffer.common.cluster.Volume;
import io.coffer.common.id.DiskId;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.NodeId;
import io.coffer.common.id.VolumeId;
import io.coffer.common.metadata.JoinToken;
import io.coffer.common.metadata.Reply;
import io.coffer.proto.metadata.ValueMessages;
import io.coffer.proto.metadata.ValueMessages.Id128;
import java.util.Comparator;
import java.util.UUID;

/** The values of the cluster map. Same rules as {@link ValueCodec}. */
public final class ClusterCodec {
    private ClusterCodec() {}

    public static Id128 encode(UUID id) {
        return ValueCodec.id128(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }

    public static UUID uuid(Id128 id) {
        return new UUID(id.getHigh(), id.getLow());
    }

    public static ValueMessages.Node encode(Node node) {
        return ValueMessages.Node.newBuilder()
                .setId(encode(node.id().value()))
                .setLocation(node.location())
                .setAddress(node.address())
                .setRole(encode(node.role()))
                .setName(node.name())
                .setPeerAddress(node.peerAddress())
                .setState(encode(node.state()))
                .setDraining(node.draining())
                .build();
    }

    public static Node decode(ValueMessages.Node m) {
        return new Node(
                node(m.getId()),
                decode(m.getRole()),
                m.getName(),
                m.getLocation(),
                m.getAddress(),
                m.getPeerAddress(),
                decode(m.getState()),
                m.getDraining());
    }

    public static NodeId node(Id128 m) {
        return new NodeId(uuid(m));
    }

    public static ValueMessages.NodeRole encode(Node.Role role) {
        return switch (role) {
            case DATASERVER -> ValueMessages.NodeRole.DATASERVER;
            case METASERVER -> ValueMessages.NodeRole.METASERVER;
            case GATEWAY -> ValueMessages.NodeRole.GATEWAY;
        };
    }

    public static Node.Role decode(ValueMessages.NodeRole m) {
        return switch (m) {
            case DATASERVER -> Node.Role.DATASERVER;
            case METASERVER -> Node.Role.METASERVER;
            case GATEWAY -> Node.Role.GATEWAY;
            case UNRECOGNIZED -> throw new IllegalArgumentException("unknown role");
        };
    }

    public static ValueMessages.NodeState encode(Node.State state) {
        return switch (state) {
            case UP -> ValueMessages.NodeState.UP;
            case DOWN -> ValueMessages.NodeState.DOWN;
            case LOST -> ValueMessages.NodeState.LOST;
        };
    }

    public static Node.State decode(ValueMessages.NodeState m) {
        return switch (m) {
            case UP -> Node.State.UP;
            case DOWN -> Node.State.DOWN;
            case LOST -> Node.State.LOST;
            case UNRECOGNIZED -> throw new IllegalArgumentException("unknown state of a node");
        };
    }

    public static ValueMessages.DiskState encode(Disk.State state) {
        return switch (state) {
            case HEALTHY -> ValueMessages.DiskState.HEALTHY;
            case READ_ONLY -> ValueMessages.DiskState.DISK_READ_ONLY;
            case FAILED -> ValueMessages.DiskState.FAILED;
        };
    }

    public static Disk.State decode(ValueMessages.DiskState m) {
        return switch (m) {
            case HEALTHY -> Disk.State.HEALTHY;
            case DISK_READ_ONLY -> Disk.State.READ_ONLY;
            case FAILED -> Disk.State.FAILED;
            case UNRECOGNIZED -> throw new IllegalArgumentException("unknown disk state");
        };
    }

    public static ValueMessages.Disk encode(Disk disk) {
        return ValueMessages.Disk.newBuilder()
                .setId(encode(disk.id().value()))
                .setNode(encode(disk.node().value()))
                .setPath(disk.path())
                .setState(encode(disk.state()))
                .setTotalBytes(disk.totalBytes())
                .setFreeBytes(disk.freeBytes())
                .build();
    }

    public static Disk decode(ValueMessages.Disk m) {
        return new Disk(
                new DiskId(uuid(m.getId())),
                new NodeId(uuid(m.getNode())),
                m.getPath(),
                decode(m.getState()),
                m.getTotalBytes(),
                m.getFreeBytes());
    }

    public static ValueMessages.Volume encode(Volume volume) {
        ValueMessages.Volume.Builder m = ValueMessages.Volume.newBuilder()
                .setId(volume.id().value())
                .setEpoch(volume.epoch())
                .setPolicy(volume.policy())
                .setScheme(encode(volume.scheme()))
                .setState(
                        switch (volume.state()) {
                            case OPEN -> ValueMessages.VolumeState.OPEN;
                            case READ_ONLY -> ValueMessages.VolumeState.VOLUME_READ_ONLY;
                        });
        for (Member member : volume.members()) {
            m.addMembers(encode(member));
        }
        return m.build();
    }

    private static ValueMessages.Member encode(Member member) {
        ValueMessages.Member.Builder m = ValueMessages.Member.newBuilder()
                .setNode(encode(member.node().value()))
                .setDisk(encode(member.disk().value()))
                .setBehindSinceMillis(member.behindSinceMillis());
        Member.Place previous = member.previous();
        if (previous != null) {
            m.setPreviousNode(encode(previous.node().value()))
                    .setPreviousDisk(encode(previous.disk().value()))
                    .setPreviousComplete(member.previousComplete());
        }
        return m.build();
    }

    private static Member decode(ValueMessages.Member m) {
        return new Member(
                node(m.getNode()),
                new DiskId(uuid(m.getDisk())),
                m.getBehindSinceMillis(),
                m.hasPreviousDisk()
                        ? new Member.Place(node(m.getPreviousNode()), new DiskId(uuid(m.getPreviousDisk())))
                        : null,
                m.getPreviousComplete());
    }

    public static Volume decode(ValueMessages.Volume m) {
        return new Volume(
                new VolumeId(m.getId()),
                m.getEpoch(),
                m.getPolicy(),
                decode(m.getScheme()),
                switch (m.getState()) {
                    case OPEN -> Volume.State.OPEN;
                    case VOLUME_READ_ONLY -> Volume.State.READ_ONLY;
                    case UNRECOGNIZED -> throw new IllegalArgumentException("unknown volume state");
                },
                ValueCodec.map(m.getMembersList(), ClusterCodec::decode));
    }

    public static ValueMessages.Scheme encode(ProtectionScheme scheme) {
        ValueMessages.Scheme.Builder m = ValueMessages.Scheme.newBuilder();
        return switch (scheme) {
            case ProtectionScheme.Replicated(int copies) -> m.setCopies(copies).build();
            case ProtectionScheme.ErasureCoded(int data, int parity) ->
                m.setData(data).setParity(parity).build();
        };
    }

    public static ProtectionScheme decode(ValueMessages.Scheme m) {
        return m.getCopies() != 0
                ? new ProtectionScheme.Replicated(m.getCopies())
                : new ProtectionScheme.ErasureCoded(m.getData(), m.getParity());
    }

    /** Lists ascend by id, so that equal maps have equal bytes. */
    public static ValueMessages.ClusterMap encode(ClusterMap map) {
        ValueMessages.ClusterMap.Builder m =
                ValueMessages.ClusterMap.newBuilder().setRevision(map.revision());
        map.nodes().values().stream()
                .sorted(Comparator.comparing(node -> node.id().value()))
                .forEach(node -> m.addNodes(encode(node)));
        map.disks().values().stream()
                .sorted(Comparator.comparing(disk -> disk.id().value()))
                .forEach(disk -> m.addDisks(encode(disk)));
        map.volumes().values().stream()
                .sorted(Comparator.comparing(Volume::id))
                .forEach(volume -> m.addVolumes(encode(volume)));
        map.groups().values().stream()
                .sorted(Comparator.comparing(MetadataGroup::id))
                .forEach(group -> m.addGroups(encode(group)));
        map.removed().values().stream()
                .sorted(Comparator.comparing(node -> node.id().value()))
                .forEach(node -> m.addGone(encode(node)));
        return m.build();
    }

    public static ValueMessages.RemovedNode encode(RemovedNode node) {
        return ValueMessages.RemovedNode.newBuilder()
                .setId(encode(node.id().value()))
                .setRemovedMillis(node.removedMillis())
                .build();
    }

    public static RemovedNode decode(ValueMessages.RemovedNode m) {
        return new RemovedNode(node(m.getId()), m.getRemovedMillis());
    }

    public static ValueMessages.MetadataGroup encode(MetadataGroup group) {
        return ValueMessages.MetadataGroup.newBuilder()
                .setId(group.id().value())
                .addAllMembers(ValueCodec.map(group.members(), node -> encode(node.value())))
                .setFounding(group.founding())
                .addAllBehind(ValueCodec.map(group.behind(), node -> encode(node.value())))
                .build();
    }

    public static MetadataGroup decode(ValueMessages.MetadataGroup m) {
        return new MetadataGroup(
                new GroupId(m.getId()),
                ValueCodec.map(m.getMembersList(), ClusterCodec::node),
                m.getFounding(),
                ValueCodec.map(m.getBehindList(), ClusterCodec::node));
    }

    public static ValueMessages.JoinToken encode(JoinToken token) {
        ValueMessages.JoinToken.Builder m = ValueMessages.JoinToken.newBuilder()
                .setId(token.id())
                .setRole(encode(token.role()))
                .setSecretHash(ValueCodec.wrap(token.secretHash()))
                .setExpiresMillis(token.expiresMillis())
                .setKeyHash(ValueCodec.wrap(token.keyHash()));
        if (token.node() != null) {
            m.setNode(encode(token.node().value()));
        }
        return m.build();
    }

    public static ValueMessages.Document encode(Reply.DocumentReply document) {
        return ValueMessages.Document.newBuilder()
                .setName(document.name())
                .setRevision(document.revision())
                .setValue(ValueCodec.wrap(document.value()))
                .build();
    }

    public static Reply.DocumentReply decode(ValueMessages.Document m) {
        return new Reply.DocumentReply(
                m.getName(), m.getRevision(), m.getValue().asReadOnlyByteBuffer());
    }

    public static JoinToken decode(ValueMessages.JoinToken m) {
        return new JoinToken(
                m.getId(),
                decode(m.getRole()),
                m.getSecretHash().asReadOnlyByteBuffer(),
                m.getExpiresMillis(),
                m.hasNode() ? node(m.getNode()) : null,
                m.getKeyHash().asReadOnlyByteBuffer());
    }

    public static ClusterMap decode(ValueMessages.ClusterMap m) {
        return ClusterMap.of(
                m.getRevision(),
                ValueCodec.map(m.getNodesList(), ClusterCodec::decode),
                ValueCodec.map(m.getDisksList(), ClusterCodec::decode),
                ValueCodec.map(m.getVolumesList(), ClusterCodec::decode),
                ValueCodec.map(m.getGroupsList(), ClusterCodec::decode),
                ValueCodec.map(m.getGoneList(), ClusterCodec::decode));
    }
}
