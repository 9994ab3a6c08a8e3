package io.coffer.metaserver.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.id.AccountId;
import io.coffer.common.id.BucketId;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.BucketSetting;
import io.coffer.common.metadata.BucketSettings;
import io.coffer.common.metadata.DocumentKind;
import io.coffer.common.metadata.ObjectLock;
import io.coffer.common.metadata.ObjectOwnership;
import io.coffer.common.metadata.PublicAccessBlock;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.RetentionMode;
import io.coffer.common.metadata.SystemCommand;
import io.coffer.common.metadata.SystemCommand.CreateBucket;
import io.coffer.common.metadata.SystemQuery;
import io.coffer.common.metadata.Versioning;
import io.coffer.metaserver.machine.TestGroup;
import io.coffer.metaserver.model.Limits;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NullMarked
class BucketSettingRulesTest {
    private static final AccountId ANN = new AccountId("000000000001");
    private static final ObjectLock LOCK =
            new ObjectLock(true, new ObjectLock.DefaultRetention(RetentionMode.GOVERNANCE, 3, 0));

    @TempDir
    Path directory;

    private TestGroup group;
    private BucketId bucket;

    @BeforeEach
    void open() throws RefusedException {
        group = TestGroup.system(directory);
        group.tell(new SystemCommand.CreateAccount(ANN, "c", "ann", "", false));
        bucket = group.tell(create(BucketSettings.UNSET)).bucket().id();
        group.tell(new SystemCommand.ActivateBucket(bucket));
    }

    @AfterEach
    void close() {
        group.close();
    }

    private static CreateBucket create(BucketSettings settings) {
        return new CreateBucket("b", "b", ANN, "us-east-1", "", settings);
    }

    private BucketSettings set(BucketSetting setting) throws RefusedException {
        return group.tell(new SystemCommand.SetBucketSetting(bucket, setting))
                .bucket()
                .settings();
    }

    private BucketSettings read() throws RefusedException {
        return group.ask(new SystemQuery.GetBucket("b")).bucket().settings();
    }

    private BucketSettings document(DocumentKind kind, @Nullable String content) throws RefusedException {
        return group.tell(new SystemCommand.SetBucketDocument(
                        bucket, kind, content == null ? null : StandardCharsets.UTF_8.encode(content)))
                .bucket()
                .settings();
    }

    private String document(DocumentKind kind) throws RefusedException {
        return StandardCharsets.UTF_8
                .decode(group.ask(new SystemQuery.GetBucketDocument(bucket, kind))
                        .content())
                .toString();
    }

    @Test
    void aNewBucketsPartitionsGetItsFirstSettingsWhenTheyAreOpened() throws RefusedException {
        assertThat(read().revision()).isEqualTo(1);
        assertThat(read().partition().revision()).isEqualTo(1);
        assertThat(read().isPending()).isFalse();
    }

    @Test
    void whatPartitionsMustKnowIsPendingUntilTheyDo() throws RefusedException {
        BucketSettings enabled = set(new BucketSetting.Versions(Versioning.ENABLED));
        assertThat(enabled.partition().versioning()).isEqualTo(Versioning.ENABLED);
        assertThat(enabled.isPending()).isTrue();
        BucketSettings blocked = set(new BucketSetting.PublicAccess(new PublicAccessBlock(true, true, true, true)));
        assertThat(blocked.revision()).isEqualTo(enabled.revision() + 1);
        group.tell(new SystemCommand.NoteSettingsApplied(
                bucket, enabled.partition().revision()));
        assertThat(read().isPending()).isFalse();
        set(new BucketSetting.Versions(Versioning.SUSPENDED));
        group.tell(new SystemCommand.NoteSettingsApplied(
                bucket, enabled.partition().revision()));
        assertThat(read().isPending()).as("an older revision is").isTrue();
        group.tell(new SystemCommand.NoteSettingsApplied(bucket, 1000));
        assertThat(read().applied()).isEqualTo(read().revision());
    }

    @Test
    void otherSettingsConcernNoPartition() throws RefusedException {
        set(new BucketSetting.OwnershipControls(ObjectOwnership.OBJECT_WRITER));
        set(new BucketSetting.AccelerationSuspended());
        document(DocumentKind.CORS, "<c/>");
        BucketSettings all = read();
        assertThat(all.isPending()).isFalse();
        assertThat(all.ownership()).isEqualTo(ObjectOwnership.OBJECT_WRITER);
        assertThat(all.accelerationSuspended()).isTrue();
        assertThat(set(new BucketSetting.OwnershipControls(null)).ownership()).isNull();
        assertThat(set(new BucketSetting.PublicAccess(null)).publicAccessBlock())
                .isNull();
    }

    @Test
    void versioningNeverGoesBackToNone() {
        assertThat(TestGroup.refusal(() -> set(new BucketSetting.Versions(Versioning.UNVERSIONED))))
                .isEqualTo(Refusal.INVALID_ARGUMENT);
    }

    @Test
    void locksNeedVersionsAndKeepThem() throws RefusedException {
        assertThat(TestGroup.refusal(() -> set(new BucketSetting.Locks(LOCK)))).isEqualTo(Refusal.INVALID_BUCKET_STATE);
        set(new BucketSetting.Versions(Versioning.SUSPENDED));
        assertThat(TestGroup.refusal(() -> set(new BucketSetting.Locks(LOCK)))).isEqualTo(Refusal.INVALID_BUCKET_STATE);
        set(new BucketSetting.Versions(Versioning.ENABLED));
        assertThat(set(new BucketSetting.Locks(LOCK)).partition().lock()).isEqualTo(LOCK);
        assertThat(read().isPending()).isTrue();
        assertThat(TestGroup.refusal(() -> set(new BucketSetting.Versions(Versioning.SUSPENDED))))
                .isEqualTo(Refusal.INVALID_BUCKET_STATE);
        assertThat(TestGroup.refusal(() -> set(new BucketSetting.Locks(ObjectLock.OFF))))
                .isEqualTo(Refusal.INVALID_ARGUMENT);
        set(new BucketSetting.Versions(Versioning.ENABLED));
        assertThat(read().partition().lock()).isEqualTo(LOCK);
    }

    @Test
    void aDocumentIsReplacedAndRemoved() throws RefusedException {
        assertThat(TestGroup.refusal(() -> document(DocumentKind.POLICY))).isEqualTo(Refusal.NO_SUCH_DOCUMENT);
        long first = document(DocumentKind.POLICY, "one").revisionOf(DocumentKind.POLICY);
        document(DocumentKind.CORS, "other");
        long second = document(DocumentKind.POLICY, "two").revisionOf(DocumentKind.POLICY);
        assertThat(second).isGreaterThan(first);
        assertThat(document(DocumentKind.POLICY)).isEqualTo("two");
        assertThat(group.ask(new SystemQuery.GetBucketDocument(bucket, DocumentKind.POLICY))
                        .revision())
                .isEqualTo(second);
        group.restart();
        assertThat(document(DocumentKind.CORS)).isEqualTo("other");
        document(DocumentKind.POLICY, null);
        long last = document(DocumentKind.POLICY, null).revision();
        assertThat(read().documents()).containsOnlyKeys(DocumentKind.CORS);
        assertThat(read().revision()).as("removing nothing changes nothing").isEqualTo(last);
        assertThat(TestGroup.refusal(() -> document(DocumentKind.POLICY))).isEqualTo(Refusal.NO_SUCH_DOCUMENT);
    }

    @Test
    void aDocumentHasBounds() {
        assertThat(TestGroup.refusal(() -> group.tell(new SystemCommand.SetBucketDocument(
                        bucket, DocumentKind.LIFECYCLE, ByteBuffer.allocate(Limits.MAX_BUCKET_DOCUMENT_BYTES + 1)))))
                .isEqualTo(Refusal.INVALID_ARGUMENT);
    }

    @Test
    void aDeletedBucketLeavesNoDocumentBehind() throws RefusedException {
        document(DocumentKind.POLICY, "one");
        document(DocumentKind.CORS, "other");
        int with = group.rows("requests").size();
        group.tell(new SystemCommand.BeginBucketDeletion(bucket));
        group.tell(new SystemCommand.FinishBucketDeletion(bucket));
        // The bucket, its two index rows and its two documents.
        assertThat(group.rows("requests")).hasSize(with - 5);
        assertThat(TestGroup.refusal(() -> document(DocumentKind.POLICY))).isEqualTo(Refusal.NO_SUCH_BUCKET);
        assertThat(TestGroup.refusal(() -> document(DocumentKind.POLICY, "late")))
                .isEqualTo(Refusal.NO_SUCH_BUCKET);
        assertThat(TestGroup.refusal(() -> set(new BucketSetting.AccelerationSuspended())))
                .isEqualTo(Refusal.NO_SUCH_BUCKET);
    }

    @Test
    void aCreationThatIsTakenUpWithOtherSettingsGetsThem() throws RefusedException {
        CreateBucket plain = new CreateBucket("c", "c", ANN, "us-east-1", "", BucketSettings.UNSET);
        CreateBucket versioned = new CreateBucket("c", "c", ANN, "us-east-1", "", Versioning.ENABLED);
        Bucket first = group.tell(plain).bucket();
        Bucket second = group.tell(versioned).bucket();
        assertThat(second.id()).isEqualTo(first.id());
        assertThat(second.versioning()).isEqualTo(Versioning.ENABLED);
        assertThat(second.settings().partition().revision())
                .isGreaterThan(first.settings().partition().revision());
        assertThat(second.settings().isPending())
                .as("its partitions may have the first ones")
                .isTrue();
        assertThat(group.tell(versioned).bucket()).isEqualTo(second);
        assertThat(second.settings().documents()).isEqualTo(Map.of());
    }
}
