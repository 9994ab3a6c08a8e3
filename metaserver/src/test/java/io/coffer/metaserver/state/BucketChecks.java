package io.coffer.metaserver.state;

import static io.coffer.metaserver.machine.TestGroup.PARTITION;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.id.ExtentId;
import io.coffer.common.id.VersionId;
import io.coffer.common.metadata.BucketCommand;
import io.coffer.common.metadata.BucketQuery;
import io.coffer.common.metadata.BucketQuery.Window;
import io.coffer.common.metadata.ExtentSlice;
import io.coffer.common.metadata.ObjectVersion;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.VersionSelector;
import io.coffer.metaserver.machine.TestGroup;
import io.coffer.metaserver.model.Limits;
import io.coffer.metaserver.state.ModelBucket.Piece;
import io.coffer.metaserver.state.ModelBucket.Version;
import io.coffer.metaserver.store.Snapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.NullMarked;

/** Compares all that a bucket group answers with a {@link ModelBucket}, and what was removed with the time it stays readable. */
@NullMarked
final class BucketChecks {
    private final TestGroup group;
    private final ModelBucket model;
    private final SplittableRandom random;
    private final Map<Long, Removed> removed = new HashMap<>();

    /** A version that is gone, with extents. */
    private record Removed(String key, List<Piece> content, long atMillis) {}

    BucketChecks(TestGroup group, ModelBucket model, SplittableRandom random) {
        this.group = group;
        this.model = model;
        this.random = random;
    }

    /** Is told of a version just before it is removed. */
    void remember(String key, Version version) {
        if (version.content().stream().anyMatch(piece -> piece.extent() != null)) {
            removed.put(version.sequence(), new Removed(key, version.content(), group.nowMillis()));
        }
    }

    /** Everything that can be read. */
    void all() throws RefusedException {
        try (Snapshot snapshot = group.snapshot()) {
            RowInvariants.check(snapshot, TestGroup.BUCKET);
        }
        assertThat(group.usage())
                .isEqualTo(new Reply.UsageReply(
                        model.objects(), model.count(false), model.count(true), model.uploads.size(), model.bytes()));
        checkListings();
        for (Map.Entry<String, List<Version>> entry : model.keys.entrySet()) {
            for (Version version : entry.getValue()) {
                checkVersion(entry.getKey(), version);
            }
        }
        for (Map.Entry<Long, Removed> entry : removed.entrySet()) {
            checkRemoved(entry.getKey(), entry.getValue());
        }
    }

    private void checkListings() throws RefusedException {
        List<String> expected = new ArrayList<>();
        model.keys.forEach((key, versions) -> versions.forEach(version -> expected.add(key + " " + version.sequence()
                + (version == versions.getFirst() ? " latest" : "") + (version.nullVersion() ? " null" : "")
                + (version.marker() ? " marker" : ""))));
        List<String> found =
                group.ask(new BucketQuery.ListVersions(PARTITION, "", "", "", null, 1000)).entries().stream()
                        .map(BucketChecks::item)
                        .map(version -> version.key() + " " + version.version().sequence()
                                + (version.latest() ? " latest" : "") + (version.nullVersion() ? " null" : "")
                                + (version.deleteMarker() ? " marker" : ""))
                        .toList();
        assertThat(found).isEqualTo(expected.subList(0, Math.min(expected.size(), 1000)));
        assertThat(group.ask(new BucketQuery.ListObjects(PARTITION, "", "", "", 1000)).entries().stream()
                        .map(BucketChecks::item)
                        .map(ObjectVersion::key))
                .isEqualTo(model.keys.keySet().stream()
                        .filter(key -> model.current(key) != null)
                        .toList());
        assertThat(group.ask(new BucketQuery.ListUploads(PARTITION, "", "", "", null, 1000))
                        .entries())
                .hasSize(Math.min(1000, model.uploads.size()));
    }

    private static ObjectVersion item(Reply.Entry<ObjectVersion> entry) {
        return ((Reply.Entry.Item<ObjectVersion>) entry).value();
    }

    private void checkVersion(String key, Version version) throws RefusedException {
        VersionSelector selector = new VersionSelector.Exact(new VersionId(version.sequence()));
        long size = version.size();
        long offset = size == 0 ? 0 : random.nextLong(size);
        long length = random.nextLong(size - offset + 1);
        Reply.ObjectReply reply = group.get(key, selector, new Window.Range(offset, length));
        assertThat(reply.version().etag()).isEqualTo(version.etag());
        assertThat(reply.version().size()).isEqualTo(size);
        assertThat(reply.version().latest())
                .isEqualTo(version == model.versions(key).getFirst());
        assertThat(reply.version().parts()).isEqualTo(version.parts().size());
        assertThat(ModelBucket.pieces(reply.runs()))
                .isEqualTo(ModelBucket.normalized(ModelBucket.slice(version.content(), offset, length)));
    }

    /** A removed version is readable for the grace, and never wrong. */
    private void checkRemoved(long sequence, Removed version) throws RefusedException {
        BucketQuery.ReadRuns query =
                new BucketQuery.ReadRuns(PARTITION, version.key(), new VersionId(sequence), 0, Long.MAX_VALUE);
        try {
            assertThat(ModelBucket.pieces(group.ask(query).runs()))
                    .isEqualTo(ModelBucket.normalized(version.content()));
        } catch (RefusedException e) {
            assertThat(e.refusal()).isEqualTo(Refusal.NO_SUCH_KEY);
            assertThat(group.nowMillis() - version.atMillis()).isGreaterThanOrEqualTo(Limits.RETIRE_GRACE.toMillis());
        }
    }

    /** Lets the grace pass and everything that was removed go. */
    void releaseEverything() throws RefusedException {
        group.pass(Limits.RETIRE_GRACE.toMillis() + 1);
        boolean more = true;
        while (more) {
            more = group.tell(new BucketCommand.ReleaseParts(100)).more();
        }
        removed.clear();
    }

    /**
     * What nothing refers to is on the queue, and nothing else. Forgets it all.
     *
     * @param committed every extent that was ever committed and not forgotten
     */
    void reclaimed(Set<ExtentId> committed) throws RefusedException {
        Set<ExtentId> used = new HashSet<>();
        model.pieces().forEach(piece -> {
            if (piece.extent() != null) {
                used.add(piece.extent());
            }
        });
        Set<ExtentId> queued = new HashSet<>();
        while (true) {
            List<ExtentId> due = due();
            if (due.isEmpty()) {
                break;
            }
            queued.addAll(due);
            group.tell(new BucketCommand.ForgetExtents(due));
        }
        assertThat(queued).doesNotContainAnyElementsOf(used);
        List<ExtentId> unreferenced = group.ask(new BucketQuery.FindUnreferenced(List.copyOf(committed)))
                .extents();
        assertThat(unreferenced).doesNotContainAnyElementsOf(used);
        Set<ExtentId> all = new HashSet<>(used);
        all.addAll(unreferenced);
        assertThat(all).containsAll(committed);
    }

    /** Extents whose chunks can be deleted. */
    List<ExtentId> due() throws RefusedException {
        return group.ask(new BucketQuery.DueExtents(group.nowMillis(), 1000)).extents().stream()
                .map(ExtentSlice::extent)
                .toList();
    }
}
