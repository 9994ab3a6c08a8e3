package io.coffer.metaserver.state;

import static io.coffer.metaserver.machine.TestGroup.PARTITION;
import static io.coffer.metaserver.machine.TestGroup.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.id.VersionId;
import io.coffer.common.metadata.BucketCommand;
import io.coffer.common.metadata.BucketCommand.DeleteTarget;
import io.coffer.common.metadata.BucketQuery;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.Reply.DeleteReply;
import io.coffer.common.metadata.VersionSelector;
import io.coffer.common.metadata.Versioning;
import io.coffer.common.metadata.WriteCondition;
import io.coffer.metaserver.machine.TestGroup;
import io.coffer.metaserver.model.Limits;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@NullMarked
class DeleteRulesTest {
    private static final DeleteReply NOTHING = new DeleteReply(null, null, false, false);

    @TempDir
    Path directory;

    private TestGroup group;

    @BeforeEach
    void open() throws RefusedException {
        group = TestGroup.bucket(directory);
    }

    @AfterEach
    void close() {
        group.close();
    }

    private DeleteReply delete(String key, Versioning versioning) throws RefusedException {
        return group.tell(TestGroup.delete(key, null, versioning));
    }

    private DeleteReply delete(String key, VersionId version) throws RefusedException {
        return group.tell(TestGroup.delete(key, new VersionSelector.Exact(version), Versioning.ENABLED));
    }

    private VersionId put(String key, String body, Versioning versioning) throws RefusedException {
        return group.tell(TestGroup.put(key, body, WriteCondition.NONE, versioning))
                .version();
    }

    private @Nullable Refusal read(String key, VersionSelector selector) {
        return TestGroup.refusal(() -> group.get(key, selector, BucketQuery.Window.NONE));
    }

    @Test
    void anUnversionedObjectIsGone() throws RefusedException {
        put("k", "x", Versioning.UNVERSIONED);
        assertThat(delete("k", Versioning.UNVERSIONED)).isEqualTo(NOTHING);
        assertThat(read("k", VersionSelector.LATEST)).isEqualTo(Refusal.NO_SUCH_KEY);
        assertThat(read("k", VersionSelector.NULL)).isEqualTo(Refusal.NO_SUCH_VERSION);
        assertThat(group.usage()).isEqualTo(new Reply.UsageReply(0, 0, 0, 0, 0));
    }

    @Test
    void deletingNothingSucceeds() throws RefusedException {
        assertThat(delete("k", Versioning.UNVERSIONED)).isEqualTo(NOTHING);
        assertThat(delete("k", new VersionId(5))).isEqualTo(NOTHING);
        assertThat(group.tell(TestGroup.delete("k", VersionSelector.NULL, Versioning.ENABLED)))
                .isEqualTo(NOTHING);
    }

    @Test
    void everyDeleteOfAVersionedKeyMakesAMarker() throws RefusedException {
        DeleteReply first = delete("k", Versioning.ENABLED);
        DeleteReply second = delete("k", Versioning.ENABLED);
        assertThat(first.deleteMarker()).isTrue();
        assertThat(first.nullVersion()).isFalse();
        assertThat(second.version()).isNotEqualTo(first.version());
        assertThat(group.usage()).isEqualTo(new Reply.UsageReply(0, 0, 2, 0, 0));
        Reply.ObjectReply read = group.get("k");
        assertThat(read.version().deleteMarker()).isTrue();
        assertThat(read.version().version()).isEqualTo(second.version());
    }

    @Test
    void aSuspendedBucketHasOneNullMarker() throws RefusedException {
        put("k", "null", Versioning.UNVERSIONED);
        put("k", "id", Versioning.ENABLED);
        DeleteReply first = delete("k", Versioning.SUSPENDED);
        assertThat(first.nullVersion()).isTrue();
        delete("k", Versioning.SUSPENDED);
        assertThat(group.usage()).isEqualTo(new Reply.UsageReply(0, 1, 1, 0, 2));
    }

    @Test
    void aGatewayThatMissedTheSwitchDestroysNoHistory() throws RefusedException {
        VersionId version = put("k", "id", Versioning.ENABLED);
        assertThat(delete("k", Versioning.UNVERSIONED).deleteMarker()).isTrue();
        assertThat(read("k", new VersionSelector.Exact(version))).isNull();
        VersionId nullVersion = put("l", "null", Versioning.UNVERSIONED);
        delete("l", Versioning.ENABLED);
        assertThat(delete("l", Versioning.UNVERSIONED).deleteMarker()).isTrue();
        assertThat(read("l", new VersionSelector.Exact(nullVersion)))
                .as("a null marker takes the place of the null version")
                .isEqualTo(Refusal.NO_SUCH_VERSION);
    }

    @ParameterizedTest
    @EnumSource(
            value = Versioning.class,
            names = {"ENABLED", "SUSPENDED"})
    void theVersionBelowTakesOver(Versioning versioning) throws RefusedException {
        put("k", "null", Versioning.UNVERSIONED);
        VersionId second = put("k", "second", Versioning.ENABLED);
        VersionId third = put("k", "third", Versioning.ENABLED);
        VersionId marker = delete("k", Versioning.ENABLED).version();
        assertThat(marker).isNotNull();
        if (marker != null) {
            assertThat(delete("k", marker)).isEqualTo(new DeleteReply(null, marker, false, true));
        }
        assertThat(group.body("k")).isEqualTo("third");
        assertThat(delete("k", third)).isEqualTo(new DeleteReply(null, third, false, false));
        assertThat(group.body("k")).isEqualTo("second");
        delete("k", second);
        assertThat(group.body("k")).isEqualTo("null");
        assertThat(group.get("k").version().nullVersion()).isTrue();
        assertThat(group.usage()).isEqualTo(new Reply.UsageReply(1, 1, 0, 0, 4));
        put("k", "null again", versioning);
        assertThat(group.usage().versions()).isEqualTo(versioning == Versioning.ENABLED ? 2 : 1);
    }

    @Test
    void aMarkerBelowTakesOverToo() throws RefusedException {
        delete("k", Versioning.ENABLED);
        VersionId version = put("k", "x", Versioning.ENABLED);
        delete("k", version);
        assertThat(group.get("k").version().deleteMarker()).isTrue();
        assertThat(group.ask(new BucketQuery.ListObjects(PARTITION, "", "", "", 10))
                        .entries())
                .isEmpty();
        assertThat(group.usage()).isEqualTo(new Reply.UsageReply(0, 0, 1, 0, 0));
    }

    @Test
    void removingAnOldVersionLeavesTheNewestAlone() throws RefusedException {
        VersionId old = put("k", "old", Versioning.ENABLED);
        put("k", "new", Versioning.ENABLED);
        delete("k", old);
        assertThat(group.body("k")).isEqualTo("new");
        assertThat(group.usage()).isEqualTo(new Reply.UsageReply(1, 1, 0, 0, 3));
    }

    // Conditions: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-deletes.html

    @ParameterizedTest
    @CsvSource({
        // what is there, If-Match, size, seconds from its time, refused with
        "nothing, '',   -1, ,  ",
        "nothing, *,    -1, ,  NO_SUCH_KEY",
        "nothing, x,    -1, ,  NO_SUCH_KEY",
        "nothing, '',   3,  ,  ",
        "nothing, '',   -1, 0, ",
        "object,  *,    -1, ,  ",
        "object,  ETAG, -1, ,  ",
        "object,  x,    -1, ,  PRECONDITION_FAILED",
        "object,  '',   3,  ,  ",
        "object,  '',   4,  ,  PRECONDITION_FAILED",
        "object,  '',   -1, 0, ",
        "object,  '',   -1, 1, PRECONDITION_FAILED",
        "object,  ETAG, 3,  0, ",
        "object,  ETAG, 4,  0, PRECONDITION_FAILED",
        "marker,  *,    -1, ,  NO_SUCH_KEY",
        "marker,  '',   3,  ,  ",
    })
    void aConditionIsAboutTheCurrentObject(
            String there, String ifMatch, long size, @Nullable Long seconds, @Nullable Refusal refusal)
            throws RefusedException {
        if (!there.equals("nothing")) {
            put("k", "old", Versioning.ENABLED);
        }
        if (there.equals("marker")) {
            delete("k", Versioning.ENABLED);
        }
        List<String> etags = ifMatch.isEmpty() ? List.of() : List.of(ifMatch.replace("ETAG", TestGroup.ETAG));
        DeleteTarget target = new DeleteTarget(
                "k",
                null,
                new WriteCondition(etags, List.of()),
                size,
                seconds == null ? -1 : group.nowMillis() / 1000 + seconds,
                false);
        assertThat(TestGroup.refusal(() -> group.tell(
                        new BucketCommand.DeleteObject(PARTITION, target, Versioning.ENABLED, TestGroup.OWNER))))
                .isEqualTo(refusal);
    }

    // What was decided about a version while it was the newest, or wasn't

    private @Nullable Refusal refused(DeleteTarget target) {
        return TestGroup.refusal(() ->
                group.tell(new BucketCommand.DeleteObject(PARTITION, target, Versioning.ENABLED, TestGroup.OWNER)));
    }

    @Test
    void theNewestIsHiddenOnlyWhileItIsTheNewest() throws RefusedException {
        VersionId old = put("k", "old", Versioning.ENABLED);
        VersionId newest = put("k", "new", Versioning.ENABLED);
        assertThat(refused(DeleteTarget.newest("k", old))).isEqualTo(Refusal.PRECONDITION_FAILED);
        assertThat(refused(DeleteTarget.newest("other", old))).isEqualTo(Refusal.PRECONDITION_FAILED);
        assertThat(refused(DeleteTarget.newest("k", newest))).isNull();
        assertThat(group.usage()).isEqualTo(new Reply.UsageReply(0, 2, 1, 0, 6));
        assertThat(refused(DeleteTarget.newest("k", newest)))
                .as("a marker is the newest")
                .isEqualTo(Refusal.PRECONDITION_FAILED);
    }

    @Test
    void anUnversionedObjectThatWasWrittenAnewStays() throws RefusedException {
        VersionId old = put("k", "old", Versioning.UNVERSIONED);
        VersionId newest = put("k", "new", Versioning.UNVERSIONED);
        BucketCommand.DeleteObject stale = new BucketCommand.DeleteObject(
                PARTITION, DeleteTarget.newest("k", old), Versioning.UNVERSIONED, TestGroup.OWNER);
        assertThat(TestGroup.refusal(() -> group.tell(stale))).isEqualTo(Refusal.PRECONDITION_FAILED);
        assertThat(group.body("k")).isEqualTo("new");
        group.tell(new BucketCommand.DeleteObject(
                PARTITION, DeleteTarget.newest("k", newest), Versioning.UNVERSIONED, TestGroup.OWNER));
        assertThat(group.usage()).isEqualTo(new Reply.UsageReply(0, 0, 0, 0, 0));
    }

    @Test
    void aVersionThatBecameTheNewestAgainStays() throws RefusedException {
        VersionId old = put("k", "old", Versioning.ENABLED);
        VersionId newest = put("k", "new", Versioning.ENABLED);
        delete("k", newest);
        assertThat(refused(DeleteTarget.notNewest("k", old))).isEqualTo(Refusal.PRECONDITION_FAILED);
        assertThat(group.body("k")).isEqualTo("old");
        put("k", "newer", Versioning.ENABLED);
        assertThat(refused(DeleteTarget.notNewest("k", old))).isNull();
        assertThat(group.usage()).isEqualTo(new Reply.UsageReply(1, 1, 0, 0, 5));
        assertThat(refused(DeleteTarget.notNewest("k", old))).as("gone").isNull();
    }

    @Test
    void aMarkerGoesOnlyWhileItIsTheNewest() throws RefusedException {
        VersionId marker = delete("k", Versioning.ENABLED).version();
        assertThat(marker).isNotNull();
        put("k", "new", Versioning.ENABLED);
        assertThat(refused(DeleteTarget.onlyNewest("k", marker))).isEqualTo(Refusal.PRECONDITION_FAILED);
        VersionId second = delete("k", Versioning.ENABLED).version();
        assertThat(second).isNotNull();
        assertThat(refused(DeleteTarget.onlyNewest("k", second))).isNull();
        assertThat(group.body("k")).isEqualTo("new");
    }

    // DeleteObjects

    private static BucketCommand.DeleteObjects many(List<DeleteTarget> targets) {
        return new BucketCommand.DeleteObjects(PARTITION, targets, Versioning.ENABLED, TestGroup.OWNER);
    }

    @Test
    void eachOfManyHasItsOwnOutcome() throws RefusedException {
        VersionId version = put("a", "x", Versioning.ENABLED);
        put("b", "x", Versioning.ENABLED);
        List<DeleteTarget> targets = List.of(
                TestGroup.target("a", new VersionSelector.Exact(version)),
                new DeleteTarget("b", null, new WriteCondition(List.of("x"), List.of()), -1, -1, false),
                TestGroup.target("c", null),
                TestGroup.target("c", null));
        List<DeleteReply> replies = group.tell(many(targets)).replies();
        assertThat(replies.get(0)).isEqualTo(new DeleteReply(null, version, false, false));
        assertThat(replies.get(1)).isEqualTo(new DeleteReply(Refusal.PRECONDITION_FAILED, null, false, false));
        assertThat(replies.get(2).deleteMarker()).isTrue();
        assertThat(replies.get(3).deleteMarker()).isTrue();
        assertThat(replies.get(3).version()).isNotEqualTo(replies.get(2).version());
        assertThat(group.usage()).isEqualTo(new Reply.UsageReply(1, 1, 2, 0, 1));
    }

    @Test
    void aThousandAreDeletedAndNoMore() throws RefusedException {
        List<DeleteTarget> targets = new ArrayList<>();
        for (int i = 0; i < Limits.MAX_DELETES; i++) {
            put("k" + i, "x", Versioning.UNVERSIONED);
            targets.add(TestGroup.target("k" + i, VersionSelector.NULL));
        }
        assertThat(group.tell(many(targets)).replies())
                .hasSize(Limits.MAX_DELETES)
                .allMatch(r -> r.version() != null);
        assertThat(group.usage()).isEqualTo(new Reply.UsageReply(0, 0, 0, 0, 0));
        targets.add(TestGroup.target("one more", null));
        assertThat(TestGroup.refusal(() -> group.tell(many(targets)))).isEqualTo(Refusal.INVALID_ARGUMENT);
    }
}
