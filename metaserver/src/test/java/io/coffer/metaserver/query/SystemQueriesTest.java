package io.coffer.metaserver.query;

import static io.coffer.metaserver.query.Refused.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.cluster.Disk;
import io.coffer.common.cluster.Member;
import io.coffer.common.cluster.Node;
import io.coffer.common.cluster.ProtectionScheme;
import io.coffer.common.cluster.Volume;
import io.coffer.common.id.AccountId;
import io.coffer.common.id.ClusterId;
import io.coffer.common.id.DiskId;
import io.coffer.common.id.NodeId;
import io.coffer.common.id.VolumeId;
import io.coffer.common.metadata.AccessKey;
import io.coffer.common.metadata.Account;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.BucketQuery;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.SystemCommand;
import io.coffer.common.metadata.SystemQuery;
import io.coffer.common.metadata.SystemQuery.GetAccessKey;
import io.coffer.common.metadata.SystemQuery.GetBucket;
import io.coffer.common.metadata.SystemQuery.ListAccessKeys;
import io.coffer.common.metadata.SystemQuery.ListBuckets;
import io.coffer.common.metadata.Versioning;
import io.coffer.metaserver.machine.TestGroup;
import io.coffer.metaserver.model.Limits;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemQueriesTest {
    private static final AccountId ANN = new AccountId("000000000001");
    private static final AccountId BOB = new AccountId("000000000012");

    @TempDir
    Path directory;

    private TestGroup group;

    @BeforeEach
    void open() throws RefusedException {
        group = TestGroup.system(directory);
        group.tell(new SystemCommand.CreateAccount(ANN, "a".repeat(64), "ann", "ann@example.com", true));
        group.tell(new SystemCommand.CreateAccount(BOB, "b".repeat(64), "bob", "", false));
    }

    @AfterEach
    void close() {
        group.close();
    }

    private Account account(AccountId id) throws RefusedException {
        return group.ask(new SystemQuery.GetAccount(id)).account();
    }

    @Test
    void accountsAreAnsweredAsTheyWereCreated() throws RefusedException {
        assertThat(account(ANN))
                .isEqualTo(new Account(ANN, "a".repeat(64), "ann", "ann@example.com", true, true, group.nowMillis()));
        assertThat(group.ask(new SystemQuery.ListAccounts()).accounts())
                .containsExactlyInAnyOrder(account(ANN), account(BOB));
        assertRefused(Refusal.NO_SUCH_ACCOUNT, group, new SystemQuery.GetAccount(new AccountId("000000000002")));
    }

    // Access keys: asked for by every request, and so remembered

    private void createKey(String name, AccountId account) throws RefusedException {
        group.tell(new SystemCommand.CreateAccessKey(name, account, ByteBuffer.wrap(new byte[] {1, 2}), "for " + name));
    }

    @Test
    void anAccessKeyComesWithItsAccount() throws RefusedException {
        createKey("K1", BOB);
        Reply.AccessKeyReply reply = group.ask(new GetAccessKey("K1"));
        assertThat(reply.key())
                .isEqualTo(new AccessKey(
                        "K1", BOB, ByteBuffer.wrap(new byte[] {1, 2}), "for K1", true, group.nowMillis()));
        assertThat(reply.account()).isEqualTo(account(BOB));
        assertThat(group.ask(new GetAccessKey("K1"))).isSameAs(reply);
        assertRefused(Refusal.NO_SUCH_ACCESS_KEY, group, new GetAccessKey("K"));
        assertRefused(Refusal.NO_SUCH_ACCESS_KEY, group, new GetAccessKey("K12"));
    }

    @Test
    void whatIsRememberedOfAnAccessKeyNeverOutlivesAChange() throws RefusedException {
        assertRefused(Refusal.NO_SUCH_ACCESS_KEY, group, new GetAccessKey("K1"));
        createKey("K1", BOB);
        assertThat(group.ask(new GetAccessKey("K1")).key().enabled()).isTrue();
        group.tell(new SystemCommand.SetAccessKeyEnabled("K1", false));
        assertThat(group.ask(new GetAccessKey("K1")).key().enabled()).isFalse();
        group.tell(new SystemCommand.SetAccountEnabled(BOB, false));
        assertThat(group.ask(new GetAccessKey("K1")).account().enabled()).isFalse();
        group.tell(new SystemCommand.DeleteAccessKey("K1"));
        assertRefused(Refusal.NO_SUCH_ACCESS_KEY, group, new GetAccessKey("K1"));
        createKey("K2", BOB);
        group.ask(new GetAccessKey("K2"));
        group.tell(new SystemCommand.DeleteAccount(BOB));
        assertRefused(Refusal.NO_SUCH_ACCESS_KEY, group, new GetAccessKey("K2"));
    }

    @Test
    void accessKeysAreListedByAccount() throws RefusedException {
        createKey("K2", ANN);
        createKey("K1", ANN);
        createKey("K3", BOB);
        assertThat(group.ask(new ListAccessKeys(ANN)).keys())
                .extracting(AccessKey::accessKey)
                .containsExactly("K1", "K2");
        assertThat(group.ask(new ListAccessKeys(null)).keys())
                .extracting(AccessKey::accessKey)
                .containsExactly("K1", "K2", "K3");
    }

    // Buckets

    private Bucket create(String name, AccountId owner, String region) throws RefusedException {
        return group.tell(new SystemCommand.CreateBucket(
                        name, name.toLowerCase(Locale.ROOT), owner, region, "", Versioning.UNVERSIONED))
                .bucket();
    }

    @Test
    void aBucketIsFoundByItsFoldedNameInEveryState() throws RefusedException {
        Bucket created = create("Logs", ANN, "eu-west-1");
        assertThat(group.ask(new GetBucket("logs")).bucket()).isEqualTo(created);
        assertThat(created.partitions()).hasSize(1);
        assertRefused(Refusal.NO_SUCH_BUCKET, group, new GetBucket("Logs"));
        assertRefused(Refusal.NO_SUCH_BUCKET, group, new GetBucket("log"));
    }

    @Test
    void whatIsRememberedOfABucketNeverOutlivesAChange() throws RefusedException {
        Bucket bucket = create("logs", ANN, "");
        assertState(Bucket.State.CREATING);
        group.tell(new SystemCommand.ActivateBucket(bucket.id()));
        assertState(Bucket.State.ACTIVE);
        group.tell(new SystemCommand.BeginBucketDeletion(bucket.id()));
        assertState(Bucket.State.DELETING);
        group.tell(new SystemCommand.CancelBucketDeletion(bucket.id()));
        assertState(Bucket.State.ACTIVE);
        group.tell(new SystemCommand.BeginBucketDeletion(bucket.id()));
        group.tell(new SystemCommand.FinishBucketDeletion(bucket.id()));
        assertRefused(Refusal.NO_SUCH_BUCKET, group, new GetBucket("logs"));
        Bucket second = create("logs", BOB, "");
        assertThat(group.ask(new GetBucket("logs")).bucket()).isEqualTo(second);
    }

    private void assertState(Bucket.State state) throws RefusedException {
        Reply.BucketReply reply = group.ask(new GetBucket("logs"));
        assertThat(reply.bucket().state()).isEqualTo(state);
        assertThat(group.ask(new GetBucket("logs"))).isSameAs(reply);
    }

    @Test
    void bucketsAreListedByName() throws RefusedException {
        create("beta-2", ANN, "eu-west-1");
        create("alpha", ANN, "us-east-1");
        create("beta-1", BOB, "us-east-1");
        create("gamma", ANN, "us-east-1");
        assertThat(names(null, "", "", "", 10)).containsExactly("alpha", "beta-1", "beta-2", "gamma");
        assertThat(names(ANN, "", "", "", 10)).containsExactly("alpha", "beta-2", "gamma");
        assertThat(names(BOB, "", "", "", 10)).containsExactly("beta-1");
        assertThat(names(null, "beta", "", "", 10)).containsExactly("beta-1", "beta-2");
        assertThat(names(null, "beta", "beta-1", "", 10)).containsExactly("beta-2");
        assertThat(names(null, "beta", "a", "", 10)).containsExactly("beta-1", "beta-2");
        assertThat(names(null, "beta", "c", "", 10)).isEmpty();
        assertThat(names(null, "", "beta-1", "", 10)).containsExactly("beta-2", "gamma");
        assertThat(names(ANN, "", "", "us-east-1", 10)).containsExactly("alpha", "gamma");
    }

    private List<String> names(AccountId owner, String prefix, String after, String region, int limit)
            throws RefusedException {
        return group.ask(new ListBuckets(owner, prefix, after, region, limit)).buckets().stream()
                .map(Bucket::name)
                .toList();
    }

    @Test
    void aPageOfBucketsIsTruncatedExactlyWhenOneFollows() throws RefusedException {
        create("alpha", ANN, "r");
        create("beta", ANN, "r");
        create("gamma", ANN, "other");
        assertThat(group.ask(new ListBuckets(ANN, "", "", "", 2)).truncated()).isTrue();
        assertThat(group.ask(new ListBuckets(ANN, "", "", "", 3)).truncated()).isFalse();
        assertThat(group.ask(new ListBuckets(ANN, "", "", "r", 2)).truncated()).isFalse();
        assertThat(names(ANN, "", "", "", 2)).containsExactly("alpha", "beta");
        for (int limit : new int[] {-1, Limits.MAX_BUCKETS_PAGE + 1}) {
            assertRefused(Refusal.INVALID_ARGUMENT, group, new ListBuckets(ANN, "", "", "", limit));
        }
    }

    // The cluster

    @Test
    void theClusterMapFollowsEveryChange() throws RefusedException {
        assertThat(map()).isEqualTo(ClusterMap.EMPTY);
        Node node = new Node(new NodeId(new UUID(1, 1)), "site/rack/node", "localhost:1");
        Disk disk = new Disk(new DiskId(new UUID(2, 2)), node.id(), "/disk", Disk.State.HEALTHY, 0, 0);
        group.tell(new SystemCommand.RegisterNode(node));
        assertThat(map().nodes()).containsOnlyKeys(node.id());
        group.tell(new SystemCommand.RegisterDisk(disk, 1));
        long before = map().revision();
        group.tell(new SystemCommand.ReportDisk(disk.id(), Disk.State.READ_ONLY, 100, 1, 2));
        Volume volume = group.tell(new SystemCommand.CreateVolume(new Volume(
                        new VolumeId(1),
                        1,
                        "single",
                        new ProtectionScheme.Replicated(1),
                        Volume.State.OPEN,
                        List.of(new Member(node.id(), disk.id())))))
                .volume();
        ClusterMap map = map();
        assertThat(map.revision()).isGreaterThan(before);
        assertThat(map.nodes()).containsEntry(node.id(), node);
        assertThat(map.disks())
                .containsEntry(disk.id(), new Disk(disk.id(), node.id(), "/disk", Disk.State.READ_ONLY, 100, 1));
        assertThat(map.volumes()).containsEntry(volume.id(), volume);
        assertThat(map()).isSameAs(map);
        group.restart();
        assertThat(map()).isEqualTo(map);
    }

    private ClusterMap map() throws RefusedException {
        return group.ask(new SystemQuery.GetClusterMap()).map();
    }

    @Test
    void theClusterHasNoNameBeforeItsFirstStart() throws RefusedException {
        assertThat(group.ask(new SystemQuery.GetClusterId()).cluster()).isNull();
        ClusterId cluster = new ClusterId(new UUID(3, 4));
        group.tell(new SystemCommand.InitializeCluster(cluster));
        assertThat(group.ask(new SystemQuery.GetClusterId()).cluster()).isEqualTo(cluster);
    }

    @Test
    void questionsToTheWrongGroupAreRefused(@TempDir Path other) throws RefusedException {
        assertRefused(Refusal.INVALID_ARGUMENT, group, new BucketQuery.GetUsage(TestGroup.PARTITION));
        try (TestGroup bucket = TestGroup.bucket(other)) {
            assertRefused(Refusal.INVALID_ARGUMENT, bucket, new SystemQuery.ListAccounts());
        }
    }
}
