package io.coffer.metaserver.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.cluster.Disk;
import io.coffer.common.cluster.Member;
import io.coffer.common.cluster.MetadataGroup;
import io.coffer.common.cluster.Node;
import io.coffer.common.cluster.ProtectionScheme;
import io.coffer.common.cluster.Volume;
import io.coffer.common.id.AccountId;
import io.coffer.common.id.DiskId;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.NodeId;
import io.coffer.common.id.VolumeId;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.SystemCommand;
import io.coffer.common.metadata.SystemCommand.MarkBehind;
import io.coffer.common.metadata.SystemCommand.MemberCaughtUp;
import io.coffer.common.metadata.SystemCommand.MissedWrite;
import io.coffer.common.metadata.SystemCommand.RegisterDisk;
import io.coffer.common.metadata.SystemCommand.RegisterNode;
import io.coffer.common.metadata.SystemQuery;
import io.coffer.common.metadata.Versioning;
import io.coffer.metaserver.machine.TestGroup;
import io.coffer.metaserver.model.Limits;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes, how far the members of volumes are, tokens and named values. */
@NullMarked
class ClusterMapRulesTest {
    private static final VolumeId FIRST = new VolumeId(1);
    private static final long REPORTED = 10;

    @TempDir
    Path directory;

    private TestGroup group;

    @BeforeEach
    void open() throws RefusedException {
        group = TestGroup.system(directory);
        for (int i = 1; i <= 4; i++) {
            group.tell(new RegisterNode(node(i)));
            group.tell(new RegisterDisk(disk(i), REPORTED));
        }
        group.tell(new SystemCommand.CreateVolume(volume(1, 1, 2, 3)));
    }

    @AfterEach
    void close() {
        group.close();
    }

    private static Node node(int number) {
        return new Node(
                new NodeId(new UUID(1, number)),
                Node.Role.DATASERVER,
                "data-" + number,
                "site/rack/" + number,
                "127.0.0.1:" + number,
                "",
                Node.State.UP,
                false);
    }

    private static Node metaserver(int number) {
        return new Node(
                new NodeId(new UUID(3, number)),
                Node.Role.METASERVER,
                "meta-" + number,
                "",
                "127.0.0.1:" + number,
                "127.0.0.1:1" + number,
                Node.State.UP,
                false);
    }

    private static Disk disk(int number) {
        return new Disk(new DiskId(new UUID(2, number)), node(number).id(), "/disk", Disk.State.HEALTHY, 1000, 900);
    }

    private static Disk disk(int number, int onNode) {
        return new Disk(new DiskId(new UUID(2, number)), node(onNode).id(), "/other", Disk.State.HEALTHY, 1000, 900);
    }

    private static Volume volume(long epoch, int... disks) {
        List<Member> members = IntStream.of(disks)
                .mapToObj(i -> new Member(node(Math.min(i, 4)).id(), disk(i).id()))
                .toList();
        return new Volume(FIRST, epoch, "replica-3", new ProtectionScheme.Replicated(3), Volume.State.OPEN, members);
    }

    private ClusterMap map() throws RefusedException {
        return group.ask(new SystemQuery.GetClusterMap()).map();
    }

    private Volume first() throws RefusedException {
        Volume volume = map().volumes().get(FIRST);
        assertThat(volume).isNotNull();
        return volume;
    }

    private long behind(int index) throws RefusedException {
        return first().members().get(index).behindSinceMillis();
    }

    private long marks(int index) throws RefusedException {
        return group.ask(new SystemQuery.GetMemberMarks(FIRST, index)).marks();
    }

    private void caughtUp(int index) throws RefusedException {
        group.tell(new MemberCaughtUp(FIRST, index, first().epoch(), marks(index), 0));
    }

    private @Nullable Refusal refusal(SystemCommand<?> command) {
        return TestGroup.refusal(() -> group.tell(command));
    }

    // Nodes

    @Test
    void aNodeThatRegistersAgainIsUpAndStaysDraining() throws RefusedException {
        group.tell(new SystemCommand.SetNodeState(node(1).id(), Node.State.DOWN));
        group.tell(new SystemCommand.SetNodeDraining(node(1).id(), true));
        assertThat(map().nodes().get(node(1).id()))
                .isEqualTo(node(1).withState(Node.State.DOWN).withDraining(true));
        group.tell(new RegisterNode(node(1)));
        assertThat(map().nodes().get(node(1).id())).isEqualTo(node(1).withDraining(true));
    }

    @Test
    void aNodeNeedsANameOfItsOwnAndKeepsItsRole() {
        Node other =
                new Node(new NodeId(new UUID(9, 9)), Node.Role.DATASERVER, "data-1", "", "", "", Node.State.UP, false);
        assertThat(refusal(new RegisterNode(other))).isEqualTo(Refusal.INVALID_ARGUMENT);
        Node gateway = new Node(node(1).id(), Node.Role.GATEWAY, "data-1", "", "", "", Node.State.UP, false);
        assertThat(refusal(new RegisterNode(gateway))).isEqualTo(Refusal.INVALID_ARGUMENT);
        assertThat(refusal(new SystemCommand.SetNodeState(other.id(), Node.State.DOWN)))
                .isEqualTo(Refusal.NO_SUCH_NODE);
    }

    @Test
    void whatIsUsedCantBeRemoved() throws RefusedException {
        assertThat(refusal(new SystemCommand.RemoveNode(node(1).id()))).isEqualTo(Refusal.NODE_IN_USE);
        assertThat(refusal(new SystemCommand.RemoveDisk(disk(1).id()))).isEqualTo(Refusal.NODE_IN_USE);
        group.tell(new SystemCommand.RemoveNode(node(4).id()));
        assertThat(map().nodes()).doesNotContainKey(node(4).id());
        assertThat(map().disks()).doesNotContainKey(disk(4).id());
        group.tell(new RegisterNode(metaserver(1)));
        group.tell(new SystemCommand.SetGroup(
                new MetadataGroup(new GroupId(1), List.of(metaserver(1).id()))));
        assertThat(refusal(new SystemCommand.RemoveNode(metaserver(1).id()))).isEqualTo(Refusal.NODE_IN_USE);
    }

    @Test
    void aNodeThatWasRemovedNeverComesBack() throws RefusedException {
        NodeId gone = node(4).id();
        group.tell(new SystemCommand.CreateToken("t", Node.Role.DATASERVER, hash(1), group.nowMillis() + 60_000));
        group.tell(new SystemCommand.RemoveNode(gone));

        assertThat(map().removed()).containsOnlyKeys(gone);
        assertThat(refusal(new RegisterNode(node(4)))).isEqualTo(Refusal.NODE_REMOVED);
        assertThat(refusal(new SystemCommand.RedeemToken("t", hash(1), Node.Role.DATASERVER, gone, hash(5))))
                .isEqualTo(Refusal.NODE_REMOVED);
        assertThat(refusal(new SystemCommand.RemoveNode(gone))).isEqualTo(Refusal.NO_SUCH_NODE);
        Node heir =
                new Node(new NodeId(new UUID(9, 9)), node(4).role(), node(4).name(), "", "", "", Node.State.UP, false);
        group.tell(new SystemCommand.RedeemToken("t", hash(1), Node.Role.DATASERVER, heir.id(), hash(5)));
        group.tell(new RegisterNode(heir));
        assertThat(map().nodes()).containsKey(heir.id());
    }

    // Groups

    @Test
    void aGroupsMembersAreMetaservers() throws RefusedException {
        group.tell(new RegisterNode(metaserver(1)));
        NodeId meta = metaserver(1).id();
        for (List<NodeId> bad : List.of(List.<NodeId>of(), List.of(meta, meta), List.of(node(1).id()))) {
            assertThat(refusal(new SystemCommand.SetGroup(new MetadataGroup(new GroupId(1), bad))))
                    .isEqualTo(Refusal.INVALID_ARGUMENT);
        }
    }

    @Test
    void newMembersOfAGroupAreBehindUntilTheyAreSaidNotToBe() throws RefusedException {
        GroupId id = new GroupId(1);
        List<NodeId> metas = new java.util.ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            group.tell(new RegisterNode(metaserver(i)));
            metas.add(metaserver(i).id());
        }
        group.tell(new SystemCommand.SetGroup(new MetadataGroup(id, metas.subList(0, 2))));
        assertThat(map().groups().get(id).behind()).isEmpty();
        group.tell(new SystemCommand.SetGroup(new MetadataGroup(id, metas)));
        assertThat(map().groups().get(id).behind()).containsExactly(metas.get(2));

        group.tell(new SystemCommand.SetGroupBehind(id, List.of(metas.get(1), node(1).id())));
        assertThat(map().groups().get(id).behind()).containsExactly(metas.get(1));
        group.tell(new SystemCommand.SetGroup(new MetadataGroup(id, metas.reversed())));
        assertThat(map().groups().get(id))
                .isEqualTo(new MetadataGroup(id, metas.reversed(), false, List.of(metas.get(1))));
        assertThat(refusal(new SystemCommand.SetGroup(new MetadataGroup(id, metas), metas)))
                .as("planned from members that it no longer has")
                .isEqualTo(Refusal.INVALID_ARGUMENT);
        group.tell(new SystemCommand.SetGroupBehind(id, List.of()));
        assertThat(map().groups().get(id).behind()).isEmpty();
        assertThat(refusal(new SystemCommand.SetGroupBehind(new GroupId(2), List.of())))
                .isEqualTo(Refusal.INVALID_ARGUMENT);
    }

    @Test
    void bucketsTakeTheGroupsByTurns() throws RefusedException {
        AccountId ann = new AccountId("000000000001");
        group.tell(new SystemCommand.CreateAccount(ann, "c", "ann", "", false));
        group.tell(new RegisterNode(metaserver(1)));
        for (int id = 0; id <= 3; id++) {
            group.tell(new SystemCommand.SetGroup(
                    new MetadataGroup(new GroupId(id), List.of(metaserver(1).id()))));
        }
        List<Integer> groups = new java.util.ArrayList<>();
        for (int i = 0; i < 6; i++) {
            groups.add(group.tell(new SystemCommand.CreateBucket(
                            "bucket" + i, "bucket" + i, ann, "r", "", Versioning.UNVERSIONED))
                    .bucket()
                    .partitions()
                    .getFirst()
                    .group()
                    .value());
        }
        assertThat(groups.subList(0, 3)).containsExactlyInAnyOrder(1, 2, 3);
        assertThat(groups.subList(3, 6)).isEqualTo(groups.subList(0, 3));
    }

    // Members

    @Test
    void aMissedWriteMakesAMemberBehindUntilItHasComparedItself() throws RefusedException {
        group.tell(new MarkBehind(List.of(new MissedWrite(FIRST, 1, 1, 500))));
        assertThat(behind(0)).isZero();
        assertThat(behind(1)).isEqualTo(500);
        long revision = map().revision();
        group.tell(new MarkBehind(List.of(new MissedWrite(FIRST, 1, 1, 600))));
        assertThat(behind(1)).isEqualTo(500);
        assertThat(map().revision()).as("nothing new for the map").isEqualTo(revision);
        caughtUp(1);
        assertThat(behind(1)).isZero();
        assertThat(first().epoch()).isEqualTo(1);
    }

    @Test
    void aWriteMissedDuringAComparisonAsksForAnother() throws RefusedException {
        group.tell(new MarkBehind(List.of(new MissedWrite(FIRST, 1, 1, 500))));
        long before = marks(1);
        group.tell(new MarkBehind(List.of(new MissedWrite(FIRST, 1, 1, 700))));
        assertThat(refusal(new MemberCaughtUp(FIRST, 1, 1, before, 0))).isEqualTo(Refusal.STALE_EPOCH);
        assertThat(behind(1)).isEqualTo(500);
    }

    @Test
    void aReplacedMemberStartsEmptyAndTheOthersStayAsTheyAre() throws RefusedException {
        group.tell(new MarkBehind(List.of(new MissedWrite(FIRST, 1, 1, 500))));
        Volume updated = group.tell(new SystemCommand.UpdateVolume(volume(1, 4, 2, 3), 1))
                .volume();
        assertThat(updated.epoch()).isEqualTo(2);
        assertThat(updated.members())
                .extracting(Member::behindSinceMillis)
                .containsExactly(Member.BEHIND_FROM_THE_START, 500L, 0L);
        assertThat(refusal(new MemberCaughtUp(FIRST, 0, 1, marks(0), 0)))
                .as("compared under the old epoch")
                .isEqualTo(Refusal.STALE_EPOCH);
        assertThat(updated.members().getFirst().previous()).isEqualTo(new Member.Place(node(1).id(), disk(1).id()));
        assertThat(updated.members().getFirst().previousComplete()).isTrue();
        assertThat(refusal(new SystemCommand.RemoveDisk(disk(1).id())))
                .as("its chunks may be needed")
                .isEqualTo(Refusal.NODE_IN_USE);
        caughtUp(0);
        assertThat(behind(0)).isZero();
        assertThat(first().members().getFirst().previous()).isNull();
        group.tell(new SystemCommand.RemoveDisk(disk(1).id()));
    }

    @Test
    void anOldImageOfEitherDiskLeavesTheSlotIncomplete() throws RefusedException {
        for (int disk : new int[] {1, 4}) {
            group.tell(new SystemCommand.UpdateVolume(volume(1, 4, 2, 3), first().epoch()));
            group.tell(new RegisterDisk(disk(disk), REPORTED));
            assertThat(first().members().getFirst().previousComplete()).isTrue();
            group.tell(new RegisterDisk(disk(disk), REPORTED - 1));
            assertThat(first().members().getFirst().previousComplete()).isFalse();
            assertThat(first().members().getFirst().previous()).isNotNull();
            caughtUp(0);
            group.tell(new SystemCommand.UpdateVolume(volume(1, 1, 2, 3), first().epoch()));
            caughtUp(0);
        }
    }

    @Test
    void anImageFromBeforeAMemberCaughtUpIsAnOldOne() throws RefusedException {
        group.tell(new MarkBehind(List.of(new MissedWrite(FIRST, 1, 1, 500))));
        group.tell(new MemberCaughtUp(FIRST, 1, 1, marks(1), REPORTED + 20));
        group.tell(new RegisterDisk(disk(2), REPORTED + 19));
        assertThat(behind(1)).isEqualTo(Member.BEHIND_FROM_THE_START);
    }

    @Test
    void whoIsReplacedBeforeItIsFilledLeavesTheOneBeforeIt() throws RefusedException {
        group.tell(new RegisterDisk(disk(5, 4), 1));
        group.tell(new SystemCommand.UpdateVolume(volume(1, 4, 2, 3), 1));
        group.tell(new SystemCommand.UpdateVolume(volume(1, 5, 2, 3), 2));
        assertThat(first().members().getFirst().previous()).isEqualTo(new Member.Place(node(1).id(), disk(1).id()));
        assertThat(first().members().getFirst().previousComplete())
                .as("what disk 4 got is on neither")
                .isFalse();
        group.tell(new SystemCommand.UpdateVolume(volume(1, 1, 2, 3), 3));
        assertThat(first().members().getFirst().previous()).isNull();
        assertThat(behind(0)).isEqualTo(Member.BEHIND_FROM_THE_START);
    }

    @Test
    void aWriteToMembersThatHaveChangedDoesNotCount() throws RefusedException {
        VolumeId gone = new VolumeId(77);
        assertThat(group.tell(new MarkBehind(List.of(new MissedWrite(gone, 1, 0, 5), new MissedWrite(FIRST, 1, 2, 0))))
                        .stale())
                .containsExactly(gone);
        assertThat(behind(2)).isEqualTo(1);
        group.tell(new SystemCommand.UpdateVolume(volume(1, 4, 2, 3), 1));
        long before = marks(1);
        assertThat(group.tell(new MarkBehind(List.of(new MissedWrite(FIRST, 1, 1, 5))))
                        .stale())
                .containsExactly(FIRST);
        assertThat(behind(1)).isZero();
        assertThat(marks(1)).isEqualTo(before);
        assertThat(group.tell(new MarkBehind(List.of(new MissedWrite(FIRST, 2, 1, 5))))
                        .stale())
                .isEmpty();
        assertThat(refusal(new MarkBehind(
                        java.util.Collections.nCopies(Limits.MAX_MISSED_WRITES + 1, new MissedWrite(FIRST, 1, 0, 1)))))
                .isEqualTo(Refusal.INVALID_ARGUMENT);
    }

    @Test
    void aDiskThatStartsAgainComparesWhatIsRecentAndAnOldImageEverything() throws RefusedException {
        group.tell(new RegisterDisk(disk(2), REPORTED));
        assertThat(behind(1)).isBetween(2L, group.nowMillis() - Limits.DISK_REPORT_MARGIN.toMillis());
        group.tell(new SystemCommand.ReportDisk(disk(2).id(), Disk.State.HEALTHY, 1000, 900, REPORTED + 5));
        group.tell(new RegisterDisk(disk(2), REPORTED + 4));
        assertThat(behind(1)).isEqualTo(Member.BEHIND_FROM_THE_START);
        assertThat(behind(0)).isZero();
        caughtUp(1);
        group.tell(new RegisterDisk(disk(2), REPORTED + 4));
        assertThat(behind(1)).as("it goes on from there").isGreaterThan(Member.BEHIND_FROM_THE_START);
    }

    // Tokens

    private static ByteBuffer hash(int seed) {
        byte[] bytes = new byte[32];
        bytes[0] = (byte) seed;
        return ByteBuffer.wrap(bytes);
    }

    @Test
    void aTokenIsUsedByOneNode() throws RefusedException {
        long expires = group.nowMillis() + 60_000;
        group.tell(new SystemCommand.CreateToken("t", Node.Role.DATASERVER, hash(1), expires));
        NodeId node = node(1).id();
        for (SystemCommand<?> bad : List.<SystemCommand<?>>of(
                new SystemCommand.RedeemToken("u", hash(1), Node.Role.DATASERVER, node, hash(5)),
                new SystemCommand.RedeemToken("t", hash(2), Node.Role.DATASERVER, node, hash(5)),
                new SystemCommand.RedeemToken("t", hash(1), Node.Role.METASERVER, node, hash(5)))) {
            assertThat(refusal(bad)).isEqualTo(Refusal.INVALID_TOKEN);
        }
        group.tell(new SystemCommand.RedeemToken("t", hash(1), Node.Role.DATASERVER, node, hash(5)));
        group.tell(new SystemCommand.RedeemToken("t", hash(1), Node.Role.DATASERVER, node, hash(5)));
        assertThat(refusal(new SystemCommand.RedeemToken("t", hash(1), Node.Role.DATASERVER, node, hash(6))))
                .isEqualTo(Refusal.INVALID_TOKEN);
        assertThat(refusal(new SystemCommand.RedeemToken("t", hash(1), Node.Role.DATASERVER, node(2).id(), hash(5))))
                .isEqualTo(Refusal.INVALID_TOKEN);
        assertThat(group.ask(new SystemQuery.ListTokens()).tokens())
                .singleElement()
                .satisfies(token -> assertThat(token.node()).isEqualTo(node));
        group.tell(new SystemCommand.DeleteToken("t"));
        assertThat(refusal(new SystemCommand.RedeemToken("t", hash(1), Node.Role.DATASERVER, node, hash(5))))
                .isEqualTo(Refusal.INVALID_TOKEN);
    }

    @Test
    void anExpiredTokenIsNoneAndABadOneIsRefused() throws RefusedException {
        assertThat(refusal(new SystemCommand.CreateToken("t", Node.Role.GATEWAY, hash(1), group.nowMillis() - 1)))
                .isEqualTo(Refusal.INVALID_ARGUMENT);
        assertThat(refusal(new SystemCommand.CreateToken(
                        "t", Node.Role.GATEWAY, ByteBuffer.allocate(3), group.nowMillis() + 60_000)))
                .isEqualTo(Refusal.INVALID_ARGUMENT);
    }

    // Named values

    @Test
    void aNamedValueIsReplacedByWhoHasSeenIt() throws RefusedException {
        ByteBuffer one = ByteBuffer.wrap(new byte[] {1});
        assertThat(TestGroup.refusal(() -> group.ask(new SystemQuery.GetDocument("ca"))))
                .isEqualTo(Refusal.NO_SUCH_DOCUMENT);
        assertThat(group.tell(new SystemCommand.SetDocument("ca", 0, one)).revision())
                .isEqualTo(1);
        assertThat(refusal(new SystemCommand.SetDocument("ca", 0, one))).isEqualTo(Refusal.STALE_EPOCH);
        assertThat(group.tell(new SystemCommand.SetDocument("ca", 1, ByteBuffer.wrap(new byte[] {2})))
                        .revision())
                .isEqualTo(2);
        assertThat(group.ask(new SystemQuery.GetDocument("ca")).value().get(0)).isEqualTo((byte) 2);
        assertThat(refusal(new SystemCommand.SetDocument("big", 0, ByteBuffer.allocate(Limits.MAX_DOCUMENT_BYTES + 1))))
                .isEqualTo(Refusal.INVALID_ARGUMENT);
    }
}
