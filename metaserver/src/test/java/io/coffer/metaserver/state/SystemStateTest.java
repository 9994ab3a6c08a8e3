package io.coffer.metaserver.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.cluster.Disk;
import io.coffer.common.cluster.Member;
import io.coffer.common.cluster.Node;
import io.coffer.common.cluster.ProtectionScheme;
import io.coffer.common.cluster.Volume;
import io.coffer.common.id.AccountId;
import io.coffer.common.id.BucketId;
import io.coffer.common.id.ClusterId;
import io.coffer.common.id.DiskId;
import io.coffer.common.id.NodeId;
import io.coffer.common.id.VolumeId;
import io.coffer.common.metadata.AccessKey;
import io.coffer.common.metadata.Account;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.BucketCommand;
import io.coffer.common.metadata.Partition;
import io.coffer.common.metadata.Purge;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.SystemCommand;
import io.coffer.common.metadata.SystemCommand.CreateBucket;
import io.coffer.common.metadata.SystemQuery;
import io.coffer.common.metadata.Versioning;
import io.coffer.metaserver.machine.TestGroup;
import io.coffer.metaserver.model.Limits;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NullMarked
class SystemStateTest {
    private static final AccountId ANN = new AccountId("000000000001");
    private static final AccountId BOB = new AccountId("000000000002");

    @TempDir
    Path directory;

    private TestGroup group;

    @BeforeEach
    void open() {
        group = TestGroup.system(directory);
    }

    @AfterEach
    void close() {
        group.close();
    }

    private @Nullable Refusal refusal(SystemCommand<?> command) {
        return TestGroup.refusal(() -> group.tell(command));
    }

    private @Nullable Refusal refusal(SystemQuery<?> query) {
        return TestGroup.refusal(() -> group.ask(query));
    }

    // Accounts and keys

    private static SystemCommand.CreateAccount account(AccountId id, String name) {
        return new SystemCommand.CreateAccount(id, "canonical of " + name, name, name + "@example.com", false);
    }

    private void createAccounts() throws RefusedException {
        group.tell(account(ANN, "ann"));
        group.tell(account(BOB, "bob"));
    }

    @Test
    void anAccountIsCreatedOnce() throws RefusedException {
        Account ann = group.tell(account(ANN, "ann")).account();
        assertThat(ann)
                .isEqualTo(
                        new Account(ANN, "canonical of ann", "ann", "ann@example.com", false, true, group.nowMillis()));
        assertThat(group.ask(new SystemQuery.GetAccount(ANN)).account()).isEqualTo(ann);
        assertThat(refusal(account(ANN, "other"))).isEqualTo(Refusal.ACCOUNT_EXISTS);
        assertThat(refusal(account(BOB, "ann"))).isEqualTo(Refusal.ACCOUNT_EXISTS);
        assertThat(refusal(new SystemCommand.CreateAccount(BOB, "canonical of ann", "bob", "", false)))
                .isEqualTo(Refusal.ACCOUNT_EXISTS);
        assertThat(refusal(new SystemCommand.CreateAccount(BOB, "c", "", "", false)))
                .isEqualTo(Refusal.INVALID_ARGUMENT);
        assertThat(group.ask(new SystemQuery.ListAccounts()).accounts()).containsExactly(ann);
    }

    @Test
    void aDeletedAccountTakesItsKeysAndFreesItsNames() throws RefusedException {
        createAccounts();
        group.tell(key("K1", ANN));
        group.tell(key("K2", BOB));
        group.tell(new SystemCommand.DeleteAccount(ANN));
        assertThat(refusal(new SystemQuery.GetAccount(ANN))).isEqualTo(Refusal.NO_SUCH_ACCOUNT);
        assertThat(refusal(new SystemQuery.GetAccessKey("K1"))).isEqualTo(Refusal.NO_SUCH_ACCESS_KEY);
        assertThat(group.ask(new SystemQuery.ListAccessKeys(null)).keys())
                .extracting(AccessKey::accessKey)
                .containsExactly("K2");
        assertThat(refusal(new SystemCommand.DeleteAccount(ANN))).isEqualTo(Refusal.NO_SUCH_ACCOUNT);
        assertThat(refusal(new SystemCommand.SetAccountEnabled(ANN, true))).isEqualTo(Refusal.NO_SUCH_ACCOUNT);
        group.tell(account(ANN, "ann"));
    }

    private static SystemCommand.CreateAccessKey key(String key, AccountId account) {
        return new SystemCommand.CreateAccessKey(key, account, ByteBuffer.wrap(new byte[] {1, 2}), "for " + key);
    }

    @Test
    void aKeyIsReadWithItsAccountAsBothAreNow() throws RefusedException {
        createAccounts();
        group.tell(key("K", ANN));
        Reply.AccessKeyReply read = group.ask(new SystemQuery.GetAccessKey("K"));
        assertThat(read.key())
                .isEqualTo(
                        new AccessKey("K", ANN, ByteBuffer.wrap(new byte[] {1, 2}), "for K", true, group.nowMillis()));
        assertThat(read.account().enabled()).isTrue();
        group.tell(new SystemCommand.SetAccountEnabled(ANN, false));
        assertThat(group.ask(new SystemQuery.GetAccessKey("K")).account().enabled())
                .isFalse();
        group.tell(new SystemCommand.SetAccessKeyEnabled("K", false));
        assertThat(group.ask(new SystemQuery.GetAccessKey("K")).key().enabled()).isFalse();
        group.tell(new SystemCommand.DeleteAccessKey("K"));
        assertThat(refusal(new SystemQuery.GetAccessKey("K"))).isEqualTo(Refusal.NO_SUCH_ACCESS_KEY);
        assertThat(group.ask(new SystemQuery.ListAccessKeys(ANN)).keys()).isEmpty();
    }

    @Test
    void badKeysAreRefused() throws RefusedException {
        createAccounts();
        group.tell(key("K", ANN));
        assertThat(refusal(key("K", BOB))).isEqualTo(Refusal.ACCESS_KEY_EXISTS);
        assertThat(refusal(key("L", new AccountId("000000000009")))).isEqualTo(Refusal.NO_SUCH_ACCOUNT);
        assertThat(refusal(key("", ANN))).isEqualTo(Refusal.INVALID_ARGUMENT);
        assertThat(refusal(new SystemCommand.SetAccessKeyEnabled("L", true))).isEqualTo(Refusal.NO_SUCH_ACCESS_KEY);
        assertThat(refusal(new SystemCommand.DeleteAccessKey("L"))).isEqualTo(Refusal.NO_SUCH_ACCESS_KEY);
    }

    // Buckets

    private static CreateBucket bucket(String name, AccountId owner) {
        return new CreateBucket(
                name, name.toLowerCase(java.util.Locale.ROOT), owner, "us-east-1", "replica-3", Versioning.UNVERSIONED);
    }

    private Bucket active(String name, AccountId owner) throws RefusedException {
        Bucket bucket = group.tell(bucket(name, owner)).bucket();
        group.tell(new SystemCommand.ActivateBucket(bucket.id()));
        return bucket;
    }

    private Bucket read(String foldedName) throws RefusedException {
        return group.ask(new SystemQuery.GetBucket(foldedName)).bucket();
    }

    @Test
    void aBucketIsCreatedInSteps() throws RefusedException {
        createAccounts();
        Bucket planned = group.tell(bucket("Photos", ANN)).bucket();
        assertThat(planned.state()).isEqualTo(Bucket.State.CREATING);
        assertThat(planned.name()).isEqualTo("Photos");
        assertThat(planned.partitions()).hasSize(1);
        Partition whole = planned.partitions().getFirst();
        assertThat(whole.startKey() + whole.endKey()).isEmpty();
        assertThat(group.tell(bucket("Photos", ANN)).bucket()).as("going on").isEqualTo(planned);
        assertThat(refusal(bucket("Photos", BOB))).isEqualTo(Refusal.BUCKET_EXISTS);
        group.tell(new SystemCommand.ActivateBucket(planned.id()));
        group.tell(new SystemCommand.ActivateBucket(planned.id()));
        assertThat(read("photos").state()).isEqualTo(Bucket.State.ACTIVE);
        assertThat(refusal(bucket("photos", ANN))).isEqualTo(Refusal.BUCKET_OWNED_BY_YOU);
        assertThat(refusal(bucket("PHOTOS", BOB))).isEqualTo(Refusal.BUCKET_EXISTS);
        assertThat(refusal(bucket("x", new AccountId("000000000009")))).isEqualTo(Refusal.NO_SUCH_ACCOUNT);
        assertThat(refusal(bucket("", ANN))).isEqualTo(Refusal.INVALID_ARGUMENT);
        Bucket second = group.tell(bucket("second", ANN)).bucket();
        assertThat(second.id()).isGreaterThan(planned.id());
        assertThat(second.partitions().getFirst().id()).isGreaterThan(whole.id());
    }

    @Test
    void aPurgeIsKeptUntilTheBucketGoesOrOnlyLockedVersionsAreLeft() throws RefusedException {
        createAccounts();
        Bucket bucket = active("photos", ANN);
        group.tell(new SystemCommand.BeginPurge(bucket.id()));
        group.tell(new SystemCommand.NotePurge(bucket.id(), 2, 3, 0, false));
        group.tell(new SystemCommand.BeginPurge(bucket.id()));
        assertThat(read("photos").state()).isEqualTo(Bucket.State.DELETING);
        assertThat(purges()).containsExactly(2L);
        group.tell(new SystemCommand.CancelBucketDeletion(bucket.id()));
        assertThat(read("photos").state()).as("it goes on").isEqualTo(Bucket.State.DELETING);
        group.tell(new SystemCommand.NotePurge(bucket.id(), 4, 5, 1, true));
        assertThat(read("photos").state()).isEqualTo(Bucket.State.ACTIVE);
        group.tell(new SystemCommand.NotePurge(bucket.id(), 9, 9, 9, false));
        assertThat(purges()).containsExactly(4L);
        group.tell(new SystemCommand.BeginPurge(bucket.id()));
        assertThat(purges()).containsExactly(0L);
        group.tell(new SystemCommand.FinishBucketDeletion(bucket.id()));
        assertThat(purges()).isEmpty();
        assertThat(refusal(new SystemCommand.BeginPurge(bucket.id()))).isEqualTo(Refusal.NO_SUCH_BUCKET);
        Bucket unborn = group.tell(bucket("unborn", ANN)).bucket();
        assertThat(refusal(new SystemCommand.BeginPurge(unborn.id()))).isEqualTo(Refusal.NO_SUCH_BUCKET);
    }

    private List<Long> purges() throws RefusedException {
        return group.ask(new SystemQuery.ListPurges()).purges().stream()
                .map(Purge::versions)
                .toList();
    }

    @Test
    void aBucketIsDeletedInSteps() throws RefusedException {
        createAccounts();
        Bucket bucket = active("photos", ANN);
        assertThat(refusal(new SystemCommand.FinishBucketDeletion(bucket.id()))).isEqualTo(Refusal.INVALID_ARGUMENT);
        group.tell(new SystemCommand.BeginBucketDeletion(bucket.id()));
        group.tell(new SystemCommand.BeginBucketDeletion(bucket.id()));
        assertThat(read("photos").state()).isEqualTo(Bucket.State.DELETING);
        assertThat(refusal(bucket("photos", BOB))).isEqualTo(Refusal.BUCKET_EXISTS);
        assertThat(refusal(new SystemCommand.ActivateBucket(bucket.id()))).isEqualTo(Refusal.NO_SUCH_BUCKET);
        assertThat(refusal(new SystemCommand.DeleteAccount(ANN))).isEqualTo(Refusal.ACCOUNT_NOT_EMPTY);
        group.tell(new SystemCommand.CancelBucketDeletion(bucket.id()));
        group.tell(new SystemCommand.CancelBucketDeletion(bucket.id()));
        assertThat(read("photos").state()).isEqualTo(Bucket.State.ACTIVE);
        group.tell(new SystemCommand.BeginBucketDeletion(bucket.id()));
        group.tell(new SystemCommand.FinishBucketDeletion(bucket.id()));
        group.tell(new SystemCommand.FinishBucketDeletion(bucket.id()));
        assertThat(refusal(new SystemQuery.GetBucket("photos"))).isEqualTo(Refusal.NO_SUCH_BUCKET);
        assertThat(refusal(new SystemCommand.BeginBucketDeletion(bucket.id()))).isEqualTo(Refusal.NO_SUCH_BUCKET);
        assertThat(refusal(new SystemCommand.CancelBucketDeletion(bucket.id()))).isEqualTo(Refusal.NO_SUCH_BUCKET);
        Bucket again = group.tell(bucket("photos", BOB)).bucket();
        assertThat(again.id()).as("never used again").isNotEqualTo(bucket.id());
        group.tell(new SystemCommand.DeleteAccount(ANN));
        assertThat(refusal(new SystemCommand.CancelBucketDeletion(again.id())))
                .as("still being created")
                .isEqualTo(Refusal.INVALID_ARGUMENT);
        assertThat(refusal(new SystemCommand.ActivateBucket(new BucketId(99)))).isEqualTo(Refusal.NO_SUCH_BUCKET);
    }

    @Test
    void anAccountHasABoundedNumberOfBuckets() throws RefusedException {
        createAccounts();
        for (int i = 0; i < Limits.MAX_BUCKETS_PER_ACCOUNT; i++) {
            group.tell(bucket("b" + i, ANN));
        }
        assertThat(refusal(bucket("one-more", ANN))).isEqualTo(Refusal.TOO_MANY_BUCKETS);
        assertThat(group.tell(bucket("b5", ANN)).bucket().name()).isEqualTo("b5");
        group.tell(bucket("one-more", BOB));
    }

    private List<String> list(@Nullable AccountId owner, String prefix, String after, String region, int limit)
            throws RefusedException {
        Reply.BucketsReply reply = group.ask(new SystemQuery.ListBuckets(owner, prefix, after, region, limit));
        List<String> names =
                new ArrayList<>(reply.buckets().stream().map(Bucket::name).toList());
        if (reply.truncated()) {
            names.add("...");
        }
        return names;
    }

    @Test
    void bucketsAreListedByName() throws RefusedException {
        createAccounts();
        for (String name : List.of("cc", "ab", "aa", "b", "ac")) {
            active(name, ANN);
        }
        active("abb", BOB);
        group.tell(new CreateBucket("ad", "ad", ANN, "eu-west-1", "", Versioning.UNVERSIONED));
        assertThat(list(ANN, "", "", "", 100)).containsExactly("aa", "ab", "ac", "ad", "b", "cc");
        assertThat(list(null, "", "", "", 100)).containsExactly("aa", "ab", "abb", "ac", "ad", "b", "cc");
        assertThat(list(ANN, "a", "", "", 100)).containsExactly("aa", "ab", "ac", "ad");
        assertThat(list(ANN, "a", "ab", "", 1)).containsExactly("ac", "...");
        assertThat(list(ANN, "a", "ad", "", 1)).isEmpty();
        assertThat(list(ANN, "b", "a", "", 10)).containsExactly("b");
        assertThat(list(ANN, "a", "zzz", "", 10)).isEmpty();
        assertThat(list(ANN, "", "", "eu-west-1", 10)).containsExactly("ad");
        assertThat(list(ANN, "", "", "us-east-1", 3)).containsExactly("aa", "ab", "ac", "...");
        assertThat(list(ANN, "", "", "us-east-1", 5)).containsExactly("aa", "ab", "ac", "b", "cc");
        assertThat(list(new AccountId("000000000009"), "", "", "", 5)).isEmpty();
    }

    // The cluster map

    private static UUID uuid(int n) {
        return new UUID(0xc0ffee, n);
    }

    private static Node node(int n) {
        return new Node(new NodeId(uuid(n)), "site/rack/node" + n, "host" + n + ":1");
    }

    private static Disk disk(int n, int node) {
        return new Disk(new DiskId(uuid(100 + n)), node(node).id(), "/disk" + n, Disk.State.HEALTHY, 1000, 500);
    }

    private static Volume volume(long id, long epoch, Volume.State state, Disk... disks) {
        List<Member> members = new ArrayList<>();
        for (Disk disk : disks) {
            members.add(new Member(disk.node(), disk.id()));
        }
        return new Volume(new VolumeId(id), epoch, "p", new ProtectionScheme.Replicated(disks.length), state, members);
    }

    private ClusterMap map() throws RefusedException {
        return group.ask(new SystemQuery.GetClusterMap()).map();
    }

    private void registerNodesAndDisks() throws RefusedException {
        for (int i = 1; i <= 2; i++) {
            group.tell(new SystemCommand.RegisterNode(node(i)));
            group.tell(new SystemCommand.RegisterDisk(disk(i, i), 1));
        }
    }

    @Test
    void theClusterIsNamedOnce() throws RefusedException {
        assertThat(group.ask(new SystemQuery.GetClusterId()).cluster()).isNull();
        ClusterId id = new ClusterId(uuid(1));
        group.tell(new SystemCommand.InitializeCluster(id));
        group.tell(new SystemCommand.InitializeCluster(id));
        assertThat(refusal(new SystemCommand.InitializeCluster(new ClusterId(uuid(2)))))
                .isEqualTo(Refusal.INVALID_ARGUMENT);
        assertThat(group.ask(new SystemQuery.GetClusterId()).cluster()).isEqualTo(id);
    }

    @Test
    void theMapsRevisionRisesWithEveryChangeAndOnlyThen() throws RefusedException {
        assertThat(map()).isEqualTo(ClusterMap.EMPTY);
        registerNodesAndDisks();
        assertThat(map())
                .isEqualTo(ClusterMap.of(4, List.of(node(1), node(2)), List.of(disk(1, 1), disk(2, 2)), List.of()));
        group.tell(new SystemCommand.RegisterNode(node(1)));
        group.tell(new SystemCommand.ReportDisk(disk(1, 1).id(), Disk.State.HEALTHY, 1000, 500, 1));
        assertThat(map().revision()).isEqualTo(4);
        group.tell(new SystemCommand.ReportDisk(disk(1, 1).id(), Disk.State.READ_ONLY, 1000, 5, 1));
        assertThat(map().revision()).isEqualTo(5);
        Disk moved = new Disk(disk(1, 1).id(), node(1).id(), "/elsewhere", Disk.State.HEALTHY, 1, 1);
        group.tell(new SystemCommand.RegisterDisk(moved, 1));
        assertThat(map().disks()).containsEntry(moved.id(), moved);
    }

    @Test
    void badNodesAndDisksAreRefused() throws RefusedException {
        registerNodesAndDisks();
        assertThat(refusal(new SystemCommand.RegisterDisk(disk(3, 3), 1))).isEqualTo(Refusal.INVALID_ARGUMENT);
        assertThat(refusal(new SystemCommand.RegisterDisk(disk(1, 2), 1))).isEqualTo(Refusal.INVALID_ARGUMENT);
        assertThat(refusal(new SystemCommand.ReportDisk(disk(3, 1).id(), Disk.State.FAILED, 1, 1, 1)))
                .isEqualTo(Refusal.NO_SUCH_DISK);
    }

    @Test
    void volumesGetIdsAndEpochsFromTheGroup() throws RefusedException {
        registerNodesAndDisks();
        Volume first = group.tell(
                        new SystemCommand.CreateVolume(volume(1, 1, Volume.State.OPEN, disk(1, 1), disk(2, 2))))
                .volume();
        Volume second = group.tell(new SystemCommand.CreateVolume(volume(1, 1, Volume.State.OPEN, disk(1, 1))))
                .volume();
        assertThat(second.id().value()).isEqualTo(first.id().value() + 1);
        Volume closed = volume(second.id().value(), 1, Volume.State.READ_ONLY, disk(2, 2));
        Volume updated = group.tell(new SystemCommand.UpdateVolume(closed, 1)).volume();
        assertThat(updated.epoch()).isEqualTo(2);
        assertThat(map().volumes().get(second.id())).isEqualTo(updated);
        assertThat(refusal(new SystemCommand.UpdateVolume(closed, 1))).isEqualTo(Refusal.STALE_EPOCH);
        assertThat(refusal(new SystemCommand.UpdateVolume(volume(99, 1, Volume.State.OPEN, disk(1, 1)), 1)))
                .isEqualTo(Refusal.NO_SUCH_VOLUME);
        assertThat(refusal(new SystemCommand.UpdateVolume(
                        volume(second.id().value(), 2, Volume.State.OPEN, disk(1, 1), disk(2, 2)), 2)))
                .as("another scheme")
                .isEqualTo(Refusal.INVALID_ARGUMENT);
        assertThat(refusal(new SystemCommand.CreateVolume(volume(1, 1, Volume.State.OPEN, disk(3, 1)))))
                .isEqualTo(Refusal.NO_SUCH_DISK);
        assertThat(refusal(new SystemCommand.CreateVolume(volume(1, 1, Volume.State.OPEN, disk(1, 2)))))
                .isEqualTo(Refusal.INVALID_ARGUMENT);
        assertThat(refusal(new SystemCommand.CreateVolume(volume(1, 1, Volume.State.OPEN, disk(1, 1), disk(1, 1)))))
                .isEqualTo(Refusal.INVALID_ARGUMENT);
    }

    @Test
    void aRestartKeepsAllOfIt() throws RefusedException {
        createAccounts();
        group.tell(key("K", ANN));
        Bucket bucket = active("photos", ANN);
        registerNodesAndDisks();
        ClusterMap before = map();
        group.restart();
        assertThat(map()).isEqualTo(before);
        assertThat(read("photos").id()).isEqualTo(bucket.id());
        assertThat(group.ask(new SystemQuery.GetAccessKey("K")).account().id()).isEqualTo(ANN);
        assertThat(group.tell(bucket("next", ANN)).bucket().id()).isGreaterThan(bucket.id());
    }

    @Test
    void commandsOfBucketGroupsAreRefused() {
        assertThat(TestGroup.refusal(() -> group.tell(new BucketCommand.ReleaseParts(1))))
                .isEqualTo(Refusal.INVALID_ARGUMENT);
    }
}
