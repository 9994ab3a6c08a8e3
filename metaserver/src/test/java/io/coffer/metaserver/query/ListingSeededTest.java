package io.coffer.metaserver.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.id.GroupId;
import io.coffer.common.id.PartitionId;
import io.coffer.common.id.UploadId;
import io.coffer.common.id.VersionId;
import io.coffer.common.metadata.BucketCommand;
import io.coffer.common.metadata.BucketQuery;
import io.coffer.common.metadata.ObjectAttributes;
import io.coffer.common.metadata.ObjectVersion;
import io.coffer.common.metadata.Partition;
import io.coffer.common.metadata.PartitionRef;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.Reply.Entry;
import io.coffer.common.metadata.Upload;
import io.coffer.common.metadata.VersionSelector;
import io.coffer.common.metadata.Versioning;
import io.coffer.common.metadata.WriteCondition;
import io.coffer.metaserver.machine.TestGroup;
import io.coffer.metaserver.query.ListingModel.Ask;
import io.coffer.metaserver.query.ListingModel.Line;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random keys of few letters, so that prefixes, delimiters and neighbours meet, against the rules of S3 in plain collections. */
@NullMarked
class ListingSeededTest {
    private static final int ROUNDS = 8;
    private static final int CHANGES = 60;
    private static final int PAGES = 60;

    /** Among them the lowest byte, a prefix of another's UTF-8 end, and two whose order in UTF-16 is the other way round. */
    private static final String[] LETTERS = {"a", "b", "/", "\0", "\u0001", "é", "\uFFFD", "😀", "😁"};

    private static final String[] DELIMITERS = {"", "", "/", "/", "a", "//", "a/", "\0", "😀", "b/a"};
    private static final String SPLIT = "b/";

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);
    private final ListingModel model = new ListingModel();

    /** Versions that were deleted: a listing may have to continue behind one. */
    private final List<Line> gone = new ArrayList<>();

    /** Where a listing continues behind a null version that is gone: at its key. */
    private static final String GONE_NULL = "";

    /** Of all keys, and of those before and behind a split. */
    private final List<Part> parts =
            List.of(new Part(3, "", ""), new Part(4, "", SPLIT), new Part(5, SPLIT, ""), new Part(6, "a\0", "😀"));

    private record Part(long id, String start, String end) {
        PartitionRef ref() {
            return new PartitionRef(TestGroup.BUCKET, new PartitionId(id), 1);
        }
    }

    @Test
    void pagesAreWhatTheModelSays(@TempDir Path directory) throws RefusedException {
        try (TestGroup group = TestGroup.bucket(directory)) {
            for (Part part : parts) {
                group.tell(new BucketCommand.OpenPartition(
                        TestGroup.BUCKET,
                        new Partition(new PartitionId(part.id()), part.start(), part.end(), new GroupId(1), 1)));
            }
            for (int round = 0; round < ROUNDS; round++) {
                for (int i = 0; i < CHANGES; i++) {
                    change(group);
                }
                if (random.nextInt(3) == 0) {
                    group.machine().flush();
                }
                for (int i = 0; i < PAGES; i++) {
                    checkPages(group, round);
                }
            }
        }
    }

    private String word(int most) {
        StringBuilder word = new StringBuilder();
        for (int letters = random.nextInt(most + 1); letters > 0; letters--) {
            word.append(LETTERS[random.nextInt(LETTERS.length)]);
        }
        return word.toString();
    }

    private <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private void change(TestGroup group) throws RefusedException {
        group.pass(random.nextInt(3));
        String key = LETTERS[random.nextInt(LETTERS.length)] + word(3);
        Versioning versioning = Versioning.values()[random.nextInt(3)];
        List<ListingModel.Version> versions = model.versions(key);
        switch (random.nextInt(8)) {
            case 0, 1, 2, 3 -> {
                Reply.PutReply reply = group.tell(TestGroup.put(key, "x", WriteCondition.NONE, versioning));
                model.put(key, reply.version(), versioning);
            }
            case 4 -> {
                // History is never deleted unasked, whatever the bucket's state.
                Reply.DeleteReply reply = group.tell(TestGroup.delete(key, null, versioning));
                model.delete(key, versioning, reply.version());
            }
            case 5 -> {
                if (!versions.isEmpty()) {
                    VersionId id = pick(versions).id();
                    group.tell(TestGroup.delete(key, new VersionSelector.Exact(id), versioning));
                    model.deleteVersion(key, id);
                    gone.add(new Line(key, ListingModel.rank(id), ""));
                }
            }
            case 6 -> {
                UploadId upload = group.upload();
                group.tell(new BucketCommand.CreateUpload(
                        TestGroup.PARTITION,
                        key,
                        upload,
                        TestGroup.OWNER,
                        TestGroup.OWNER,
                        ObjectAttributes.EMPTY,
                        null,
                        null));
                model.addUpload(key, upload);
            }
            default -> {
                if (!model.uploads(key).isEmpty()) {
                    UploadId upload = pick(List.copyOf(model.uploads(key)));
                    group.tell(new BucketCommand.AbortUpload(TestGroup.PARTITION, key, upload));
                    model.removeUpload(key, upload);
                }
            }
        }
    }

    private void checkPages(TestGroup group, int round) throws RefusedException {
        Part part = pick(parts);
        Ask ask = new Ask(
                part.start(),
                part.end(),
                word(2),
                DELIMITERS[random.nextInt(DELIMITERS.length)],
                random.nextBoolean() ? "" : word(4),
                null,
                random.nextInt(4) == 0 ? BucketQuery.MAX_PAGE : random.nextInt(7));
        String as = ListingModel.visible("seed %d, round %d, %s".formatted(seed, round, ask));
        switch (random.nextInt(3)) {
            case 0 -> checkPages(as, ask, model.objectLines(), next -> objects(group, part, next));
            case 1 -> {
                List<Line> lines = model.versionLines();
                checkPages(as, atVersion(ask, lines), lines, next -> versions(group, part, next));
            }
            default -> {
                List<Line> lines = model.uploadLines();
                checkPages(as, at(ask, lines), lines, next -> uploads(group, part, next));
            }
        }
    }

    /** Often begins at a line instead. */
    private Ask at(Ask ask, List<Line> lines) {
        if (lines.isEmpty() || random.nextInt(3) > 0) {
            return ask;
        }
        Line line = pick(lines);
        return next(ask, line.key(), line.rank());
    }

    private Ask atVersion(Ask ask, List<Line> lines) {
        if (gone.isEmpty() || random.nextInt(4) > 0) {
            return at(ask, lines);
        }
        Line line = pick(gone);
        boolean hasNull = model.versions(line.key()).stream().anyMatch(ListingModel.Version::isNull);
        return next(ask, line.key(), hasNull || random.nextBoolean() ? line.rank() : GONE_NULL);
    }

    private static Ask next(Ask ask, String after, @Nullable String afterRank) {
        return new Ask(ask.start(), ask.end(), ask.prefix(), ask.delimiter(), after, afterRank, ask.limit());
    }

    /** A page, and where the one behind it begins. */
    private record Answer(
            ListingModel.Page page, String last, @Nullable String lastRank) {}

    private void checkPages(String as, Ask first, List<Line> lines, Asker asker) throws RefusedException {
        Ask ask = first;
        List<String> walked = new ArrayList<>();
        Answer answer;
        do {
            answer = asker.ask(ask);
            assertThat(answer.page())
                    .as("%s: %s", as, ListingModel.visible(ask.toString()))
                    .isEqualTo(ListingModel.page(lines, ask));
            walked.addAll(answer.page().entries());
            ask = next(ask, answer.last(), answer.lastRank());
        } while (answer.page().truncated());
        if (first.limit() > 0) {
            Ask all = new Ask(
                    first.start(),
                    first.end(),
                    first.prefix(),
                    first.delimiter(),
                    first.after(),
                    first.afterRank(),
                    Integer.MAX_VALUE);
            assertThat(walked).as(as).isEqualTo(ListingModel.page(lines, all).entries());
        }
    }

    private interface Asker {
        Answer ask(Ask ask) throws RefusedException;
    }

    private static Answer objects(TestGroup group, Part part, Ask ask) throws RefusedException {
        Reply.ObjectsPage page = group.ask(
                new BucketQuery.ListObjects(part.ref(), ask.prefix(), ask.delimiter(), ask.after(), ask.limit()));
        return new Answer(
                new ListingModel.Page(texts(page.entries(), ListingSeededTest::text), page.truncated()),
                page.last(),
                null);
    }

    private Answer versions(TestGroup group, Part part, Ask ask) throws RefusedException {
        Reply.VersionsPage page = group.ask(new BucketQuery.ListVersions(
                part.ref(), ask.prefix(), ask.delimiter(), ask.after(), selector(ask), ask.limit()));
        ObjectVersion last = lastItem(page.entries());
        return new Answer(
                new ListingModel.Page(texts(page.entries(), ListingSeededTest::text), page.truncated()),
                last(page.entries(), ObjectVersion::key),
                last == null ? null : ListingModel.rank(last.version()));
    }

    private @Nullable VersionSelector selector(Ask ask) {
        if (ask.afterRank() == null) {
            return null;
        }
        if (ask.afterRank().equals(GONE_NULL)) {
            return VersionSelector.NULL;
        }
        VersionId id = ListingModel.versionOf(ask.afterRank());
        boolean isNull = model.versions(ask.after()).stream()
                .anyMatch(version -> version.isNull() && version.id().equals(id));
        return isNull ? VersionSelector.NULL : new VersionSelector.Exact(id);
    }

    private static Answer uploads(TestGroup group, Part part, Ask ask) throws RefusedException {
        UploadId after = ask.afterRank() == null ? null : UploadId.parse(ask.afterRank());
        Reply.UploadsPage page = group.ask(new BucketQuery.ListUploads(
                part.ref(), ask.prefix(), ask.delimiter(), ask.after(), after, ask.limit()));
        Upload last = lastItem(page.entries());
        return new Answer(
                new ListingModel.Page(
                        texts(page.entries(), upload -> ListingModel.text(upload.key(), upload.id())),
                        page.truncated()),
                last(page.entries(), Upload::key),
                last == null ? null : last.id().toString());
    }

    private static String text(ObjectVersion version) {
        return ListingModel.text(
                version.key(), version.version(), version.nullVersion(), version.deleteMarker(), version.latest());
    }

    private static <T> List<String> texts(List<Entry<T>> entries, Function<T, String> text) {
        List<String> texts = new ArrayList<>();
        for (Entry<T> entry : entries) {
            texts.add(
                    switch (entry) {
                        case Entry.Item<T>(T value) -> text.apply(value);
                        case Entry.CommonPrefix<T>(String prefix) -> ListingModel.visible(prefix);
                    });
        }
        return texts;
    }

    private static <T> @Nullable T lastItem(List<Entry<T>> entries) {
        return !entries.isEmpty() && entries.getLast() instanceof Entry.Item<T>(T value) ? value : null;
    }

    private static <T> String last(List<Entry<T>> entries, Function<T, String> key) {
        return entries.isEmpty()
                ? ""
                : switch (entries.getLast()) {
                    case Entry.Item<T>(T value) -> key.apply(value);
                    case Entry.CommonPrefix<T>(String prefix) -> prefix;
                };
    }
}
