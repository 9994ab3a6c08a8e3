package io.coffer.metaserver.query;

import static io.coffer.metaserver.machine.TestGroup.OWNER;
import static io.coffer.metaserver.machine.TestGroup.PARTITION;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.id.VersionId;
import io.coffer.common.metadata.BucketCommand;
import io.coffer.common.metadata.BucketQuery;
import io.coffer.common.metadata.ObjectVersion;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.VersionSelector;
import io.coffer.common.metadata.Versioning;
import io.coffer.common.metadata.WriteCondition;
import io.coffer.metaserver.machine.TestGroup;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A key with many versions, which is read, listed in the middle and emptied from either end in the time that few take: the medians of many
 * calls, with bounds that tell a seek from a scan, and nothing else, on a busy machine. {@code -Dversions=1000000} measures.
 */
@NullMarked
class ManyVersionsTest {
    private static final int VERSIONS = Integer.getInteger("versions", 30_000);
    private static final int BATCH = 1000;

    /** A scan of all versions takes some 10 ms or more, a seek some 10 µs. */
    private static final long BOUND_MICROS = 2000;

    private static final long FIRST_PAGE_BOUND_MICROS = 200_000;

    @TempDir
    Path directory;

    private interface Call {
        void run() throws RefusedException;
    }

    private static long medianMicros(String what, int times, Call call) throws RefusedException {
        long[] micros = new long[times];
        for (int i = 0; i < times; i++) {
            long start = System.nanoTime();
            call.run();
            micros[i] = (System.nanoTime() - start) / 1000;
        }
        Arrays.sort(micros);
        System.out.println("ManyVersionsTest: " + what + ": median " + micros[times / 2] + " us, longest "
                + micros[times - 1] + " us");
        return micros[times / 2];
    }

    private static Reply.VersionsPage page(TestGroup group, @Nullable VersionSelector after, int limit)
            throws RefusedException {
        return group.ask(new BucketQuery.ListVersions(PARTITION, "", "", after == null ? "" : "key", after, limit));
    }

    @Test
    void aKeyWithManyVersionsHasNoSlowPath() throws RefusedException {
        try (TestGroup group = TestGroup.bucket(directory)) {
            List<VersionId> versions = new ArrayList<>(VERSIONS);
            versions.add(put(group, Versioning.UNVERSIONED));
            while (versions.size() < VERSIONS) {
                versions.add(put(group, Versioning.ENABLED));
            }
            VersionSelector middle = new VersionSelector.Exact(versions.get(VERSIONS / 2));
            check(group, middle);
            // From the newest on, as a client that goes through a listing does.
            int left = VERSIONS;
            for (; left > 2 * VERSIONS / 3; left -= BATCH) {
                delete(group, versions.subList(left - BATCH, left).reversed());
            }
            check(group, middle);
            for (int first = 0; first < VERSIONS / 3; first += BATCH) {
                delete(group, versions.subList(first, first + BATCH));
            }
            check(group, middle);
            long marker = medianMicros(
                    "a delete marker", 50, () -> group.tell(TestGroup.delete("key", null, Versioning.ENABLED)));
            assertThat(marker).isLessThan(BOUND_MICROS);
        }
    }

    private static VersionId put(TestGroup group, Versioning versioning) throws RefusedException {
        return group.tell(TestGroup.put("key", "x", WriteCondition.NONE, versioning))
                .version();
    }

    /** The median delete of those in the batch, each in a command of its own, tells of the batch's end too. */
    private static void delete(TestGroup group, List<VersionId> versions) throws RefusedException {
        List<BucketCommand.DeleteTarget> targets = versions.stream()
                .map(version -> TestGroup.target("key", new VersionSelector.Exact(version)))
                .toList();
        long start = System.nanoTime();
        group.tell(new BucketCommand.DeleteObjects(PARTITION, targets, Versioning.ENABLED, OWNER));
        long each = (System.nanoTime() - start) / 1000 / targets.size();
        assertThat(each).as("microseconds of a delete").isLessThan(BOUND_MICROS);
    }

    private void check(TestGroup group, VersionSelector middle) throws RefusedException {
        assertThat(medianMicros("the latest", 100, () -> group.get("key"))).isLessThan(BOUND_MICROS);
        assertThat(medianMicros("one by its id", 100, () -> group.get("key", middle, BucketQuery.Window.NONE)))
                .isLessThan(BOUND_MICROS);
        assertThat(medianMicros("a page of ten in the middle", 100, () -> page(group, middle, 10)))
                .isLessThan(BOUND_MICROS);
        // Whoever begins at the beginning steps over what was deleted lately there, until RocksDB has cleared it away.
        assertThat(medianMicros("the first page of ten", 20, () -> page(group, null, 10)))
                .isLessThan(FIRST_PAGE_BOUND_MICROS);
        assertThat(medianMicros(
                        "a page of objects",
                        100,
                        () -> group.ask(new BucketQuery.ListObjects(PARTITION, "", "", "", 10))))
                .isLessThan(BOUND_MICROS);
        assertThat(medianMicros("one version more", 100, () -> put(group, Versioning.ENABLED)))
                .isLessThan(BOUND_MICROS);
        Reply.VersionsPage first = page(group, null, 1);
        ObjectVersion latest =
                ((Reply.Entry.Item<ObjectVersion>) first.entries().getFirst()).value();
        assertThat(latest.latest()).isTrue();
        assertThat(medianMicros("delete of the newest", 100, () -> {
                    VersionId newest = group.get("key").version().version();
                    group.tell(TestGroup.delete("key", new VersionSelector.Exact(newest), Versioning.ENABLED));
                }))
                .isLessThan(BOUND_MICROS);
    }
}
