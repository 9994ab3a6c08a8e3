package io.coffer.metaserver.state;

import static io.coffer.metaserver.machine.TestGroup.PARTITION;
import static io.coffer.metaserver.machine.TestGroup.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.checksum.Checksummer;
import io.coffer.common.checksum.Md5;
import io.coffer.common.id.ExtentId;
import io.coffer.common.id.RequestId;
import io.coffer.common.id.UploadId;
import io.coffer.common.id.VersionId;
import io.coffer.common.metadata.BucketCommand;
import io.coffer.common.metadata.ClientToken;
import io.coffer.common.metadata.Command;
import io.coffer.common.metadata.ExtentSlice;
import io.coffer.common.metadata.ObjectAttributes;
import io.coffer.common.metadata.ObjectCondition;
import io.coffer.common.metadata.Payload;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.VersionSelector;
import io.coffer.common.metadata.Versioning;
import io.coffer.common.metadata.WriteCondition;
import io.coffer.metaserver.command.CommandBatch;
import io.coffer.metaserver.machine.TestGroup;
import io.coffer.metaserver.model.Limits;
import io.coffer.metaserver.state.ModelBucket.Piece;
import io.coffer.metaserver.state.ModelBucket.Version;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random commands against {@link ModelBucket}: every outcome, and from time to time everything that can be read, across
 * restarts. At the end a second machine gets the same log in other batches and must have the same rows, byte by byte.
 */
@NullMarked
class BucketStateSeededTest {
    private static final int STEPS = 1500;
    private static final int CHECK_EVERY = 60;
    private static final String[] KEYS = {"a", "a/b", "a/c", "b", "b\u0000", "\ud83d\ude00", "\uffee", "c/d/e"};
    private static final WriteCondition IF_NONE = new WriteCondition(List.of(), List.of("*"));
    private static final long PART = Limits.MIN_PART_BYTES;

    @TempDir
    Path directory;

    private SplittableRandom random = new SplittableRandom(0);
    private final ModelBucket model = new ModelBucket();
    private final List<CommandBatch> log = new ArrayList<>();
    private final Set<ExtentId> committed = new HashSet<>();
    private Versioning versioning = Versioning.UNVERSIONED;
    private long lastSequence;
    private TestGroup group = null;
    private BucketChecks checks = null;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 0})
    void everythingIsAsInTheModel(long given) throws Exception {
        long seed = given != 0 ? given : Long.getLong("seed", System.nanoTime());
        random = new SplittableRandom(seed);
        try (TestGroup first = TestGroup.bucket(directory.resolve("first"), log)) {
            group = first;
            checks = new BucketChecks(group, model, random);
            for (int step = 0; step < STEPS; step++) {
                try {
                    step(step);
                    if (step % CHECK_EVERY == 0) {
                        checks.all();
                    }
                } catch (RefusedException | RuntimeException | AssertionError e) {
                    throw new AssertionError("seed " + seed + ", step " + step, e);
                }
            }
            checks.releaseEverything();
            checks.all();
            checks.reclaimed(committed);
            try (TestGroup second = TestGroup.replay(directory.resolve("second"), log, random)) {
                assertThat(second.rows()).as("seed %s", seed).isEqualTo(first.rows());
            }
        }
    }

    private void step(int step) throws RefusedException {
        if (step > STEPS / 4 && random.nextInt(20) == 0) {
            versioning = random.nextInt(8) == 0
                    ? Versioning.UNVERSIONED
                    : random.nextInt(3) == 0 ? Versioning.SUSPENDED : Versioning.ENABLED;
        }
        switch (random.nextInt(28)) {
            case 0, 1, 2, 3, 4, 5 -> put();
            case 6, 7 -> copy();
            case 8, 9 -> delete();
            case 10, 11 -> deleteVersion();
            case 12 -> deleteMany();
            case 13 -> createUpload();
            case 14, 15 -> putPart();
            case 16 -> completeUpload();
            case 17 -> abortUpload();
            case 18 -> maintain();
            case 20, 21, 22, 23 -> append();
            case 24, 25 -> compose();
            case 26 -> rename();
            default -> group.pass(random.nextInt(20_000));
        }
    }

    // Commands

    private void put() throws RefusedException {
        String key = key();
        List<Piece> content = new ArrayList<>();
        Payload payload = payload(content, random.nextInt(3) * 100L);
        WriteCondition condition = condition(key);
        String etag = etag();
        commit(
                key,
                command(key, etag, ModelBucket.length(content), payload, condition),
                condition,
                etag,
                content,
                List.of());
    }

    private void commit(
            String key,
            BucketCommand.PutObject command,
            WriteCondition condition,
            String etag,
            List<Piece> content,
            List<Integer> parts)
            throws RefusedException {
        Refusal expected = refusal(() -> ModelBucket.check(condition, model.current(key)));
        Reply.PutReply reply = tell(command, expected);
        if (reply != null) {
            assertThat(reply.nullVersion()).isEqualTo(versioning != Versioning.ENABLED);
            add(key, new Version(sequence(reply.version()), reply.nullVersion(), false, etag, content, parts));
        }
    }

    private BucketCommand.PutObject command(
            String key, String etag, long size, Payload payload, WriteCondition condition) {
        return new BucketCommand.PutObject(
                PARTITION,
                key,
                TestGroup.OWNER,
                etag,
                size,
                null,
                ObjectAttributes.EMPTY,
                payload,
                condition,
                versioning);
    }

    private void append() throws RefusedException {
        String key = key();
        Version current = model.current(key);
        long size = current == null ? 0 : current.size();
        long offset = random.nextInt(3) == 0 ? -1 : random.nextInt(8) == 0 ? size + 1 : size;
        List<Piece> added = new ArrayList<>();
        Payload payload = payload(added, random.nextInt(2) * 100L);
        long bytes = ModelBucket.length(added);
        WriteCondition condition = condition(key);
        String etag = etag();
        Refusal expected =
                bytes == 0 ? Refusal.INVALID_ARGUMENT : refusal(() -> ModelBucket.check(condition, model.current(key)));
        if (expected == null && offset >= 0 && offset != size) {
            expected = Refusal.WRONG_OFFSET;
        }
        Reply.CompleteReply reply = tell(
                new BucketCommand.AppendObject(
                        PARTITION,
                        key,
                        TestGroup.OWNER,
                        etag,
                        bytes,
                        List.of(),
                        false,
                        ObjectAttributes.EMPTY,
                        payload,
                        condition,
                        versioning,
                        offset),
                expected);
        if (reply != null) {
            List<Piece> content = new ArrayList<>(current == null ? List.of() : current.content());
            content.addAll(added);
            assertThat(reply.size()).isEqualTo(size + bytes);
            assertThat(reply.etag().indexOf('-') > 0).isEqualTo(current != null);
            add(
                    key,
                    new Version(
                            sequence(reply.version()), reply.nullVersion(), false, reply.etag(), content, List.of()));
        }
    }

    private void compose() throws RefusedException {
        String key = key();
        WriteCondition condition = condition(key);
        Refusal expected = refusal(() -> ModelBucket.check(condition, model.current(key)));
        List<BucketCommand.ComposeSource> sources = new ArrayList<>();
        List<Piece> content = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            String from = key();
            VersionSelector selector = random.nextBoolean() ? VersionSelector.LATEST : selector(from);
            Version source = model.find(from, selector);
            boolean wrong = random.nextInt(12) == 0;
            sources.add(new BucketCommand.ComposeSource(
                    from, selector, wrong ? "other" : source == null || random.nextBoolean() ? "" : source.etag()));
            if (expected == null && (source == null || source.marker())) {
                boolean latest = selector instanceof VersionSelector.Latest;
                expected = latest ? Refusal.NO_SUCH_KEY : Refusal.NO_SUCH_VERSION;
            }
            if (expected == null && wrong) {
                expected = Refusal.SOURCE_CONDITION_FAILED;
            }
            content.addAll(source == null ? List.of() : source.content());
        }
        Reply.CompleteReply reply = tell(
                new BucketCommand.ComposeObject(
                        PARTITION, key, TestGroup.OWNER, sources, ObjectAttributes.EMPTY, condition, versioning),
                expected);
        if (reply != null) {
            assertThat(reply.size()).isEqualTo(ModelBucket.length(content));
            add(
                    key,
                    new Version(
                            sequence(reply.version()), reply.nullVersion(), false, reply.etag(), content, List.of()));
        }
    }

    private void rename() throws RefusedException {
        String from = key();
        String key = key();
        Version source = model.current(from);
        boolean taken = random.nextInt(3) == 0 && model.current(key) != null;
        ObjectCondition condition = taken ? new ObjectCondition(List.of(), List.of("*"), -1, -1) : ObjectCondition.NONE;
        Refusal expected = from.equals(key)
                ? Refusal.INVALID_ARGUMENT
                : source == null ? Refusal.NO_SUCH_KEY : taken ? Refusal.PRECONDITION_FAILED : null;
        Reply.PutReply reply = tell(
                new BucketCommand.RenameObject(
                        PARTITION,
                        from,
                        null,
                        ObjectCondition.NONE,
                        key,
                        condition,
                        versioning,
                        TestGroup.OWNER,
                        random.nextBoolean()
                                ? new ClientToken(random.nextLong(), 1, ByteBuffer.wrap(new byte[] {1}))
                                : null),
                expected);
        if (reply != null && source != null) {
            add(
                    key,
                    new Version(
                            sequence(reply.version()),
                            reply.nullVersion(),
                            false,
                            source.etag(),
                            source.content(),
                            source.parts()));
            if (model.deletesPlainly(from, versioning)) {
                remove(from, source);
            } else {
                long marker = sequence(group.get(from).version().version());
                add(from, new Version(marker, versioning != Versioning.ENABLED, true, "", List.of(), List.of()));
            }
        }
    }

    private void copy() throws RefusedException {
        String from = key();
        List<Version> versions = model.versions(from);
        VersionId id = versions.isEmpty() || random.nextInt(10) == 0
                ? new VersionId(12345)
                : new VersionId(versions.get(random.nextInt(versions.size())).sequence());
        Version source = model.find(from, new VersionSelector.Exact(id));
        long size = source == null ? 0 : source.size();
        boolean whole = random.nextBoolean();
        long offset = whole || size == 0 ? 0 : random.nextLong(size);
        long length = whole ? size : random.nextLong(size - offset + 1);
        String key = key();
        String etag = etag();
        Payload payload = new Payload.Shared(PARTITION, from, id, offset, length);
        BucketCommand.PutObject command = command(key, etag, length, payload, WriteCondition.NONE);
        if (source == null || source.marker()) {
            tell(command, Refusal.SOURCE_CHANGED);
        } else {
            commit(
                    key,
                    command,
                    WriteCondition.NONE,
                    etag,
                    ModelBucket.slice(source.content(), offset, length),
                    length == size ? source.parts() : List.of());
        }
    }

    private void delete() throws RefusedException {
        String key = key();
        WriteCondition condition = random.nextInt(4) == 0 ? condition(key) : WriteCondition.NONE;
        WriteCondition match = new WriteCondition(condition.ifMatch(), List.of());
        BucketCommand.DeleteTarget target = new BucketCommand.DeleteTarget(key, null, match, -1, -1, false);
        Refusal expected = refusal(() -> ModelBucket.check(match, model.current(key)));
        Reply.DeleteReply reply =
                tell(new BucketCommand.DeleteObject(PARTITION, target, versioning, TestGroup.OWNER), expected);
        if (reply != null) {
            deleted(key, reply);
        }
    }

    private void deleted(String key, Reply.DeleteReply reply) {
        Version current = model.current(key);
        if (model.deletesPlainly(key, versioning)) {
            assertThat(reply.version()).isNull();
            if (current != null) {
                remove(key, current);
            }
        } else {
            assertThat(reply.deleteMarker()).isTrue();
            assertThat(reply.nullVersion()).isEqualTo(versioning != Versioning.ENABLED);
            VersionId id = reply.version();
            assertThat(id).isNotNull();
            if (id != null) {
                add(key, new Version(sequence(id), reply.nullVersion(), true, "", List.of(), List.of()));
            }
        }
    }

    private void deleteVersion() throws RefusedException {
        String key = key();
        VersionSelector selector = selector(key);
        Version version = model.find(key, selector);
        Reply.DeleteReply reply = tell(TestGroup.delete(key, selector, versioning), null);
        if (version == null) {
            assertThat(reply).isEqualTo(new Reply.DeleteReply(null, null, false, false));
        } else {
            assertThat(reply)
                    .isEqualTo(new Reply.DeleteReply(
                            null, new VersionId(version.sequence()), version.nullVersion(), version.marker()));
            remove(key, version);
        }
    }

    private void deleteMany() throws RefusedException {
        List<BucketCommand.DeleteTarget> targets = new ArrayList<>();
        for (int i = random.nextInt(6); i >= 0; i--) {
            String key = key();
            boolean impossible = random.nextInt(4) == 0;
            targets.add(new BucketCommand.DeleteTarget(
                    key,
                    null,
                    impossible ? new WriteCondition(List.of("nothing has this"), List.of()) : WriteCondition.NONE,
                    -1,
                    -1,
                    false));
        }
        Reply.DeletesReply reply =
                tell(new BucketCommand.DeleteObjects(PARTITION, targets, versioning, TestGroup.OWNER), null);
        assertThat(reply).isNotNull();
        for (int i = 0; reply != null && i < targets.size(); i++) {
            BucketCommand.DeleteTarget target = targets.get(i);
            Refusal expected = refusal(() -> ModelBucket.check(target.condition(), model.current(target.key())));
            assertThat(reply.replies().get(i).refusal()).isEqualTo(expected);
            if (expected == null) {
                deleted(target.key(), reply.replies().get(i));
            }
        }
    }

    private void createUpload() throws RefusedException {
        UploadId upload = group.upload();
        String key = key();
        tell(
                new BucketCommand.CreateUpload(
                        PARTITION, key, upload, TestGroup.OWNER, TestGroup.OWNER, ObjectAttributes.EMPTY, null, null),
                null);
        model.uploads.put(upload, new ModelBucket.Upload(key, new TreeMap<>()));
    }

    private void putPart() throws RefusedException {
        UploadId id = anUpload();
        ModelBucket.Upload upload = model.uploads.get(id);
        int number = 1 + random.nextInt(4);
        String etag = etag();
        List<Piece> content = new ArrayList<>();
        Payload payload = payload(content, random.nextInt(5) == 0 ? 10 : PART);
        BucketCommand.PutPart command = new BucketCommand.PutPart(
                PARTITION,
                upload == null ? "a" : upload.key(),
                id,
                number,
                etag,
                ModelBucket.length(content),
                null,
                payload);
        Reply.PartReply reply = tell(command, upload == null ? Refusal.NO_SUCH_UPLOAD : null);
        if (reply != null && upload != null) {
            upload.parts().put(number, new ModelBucket.Part(etag, content));
        }
    }

    private void completeUpload() throws RefusedException {
        UploadId id = anUpload();
        ModelBucket.Upload upload = model.uploads.get(id);
        if (upload == null || upload.parts().isEmpty()) {
            return;
        }
        List<BucketCommand.PartName> names = new ArrayList<>();
        List<Piece> content = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>();
        Checksummer md5 = Md5.newChecksummer();
        Refusal expected = null;
        boolean small = false;
        for (Map.Entry<Integer, ModelBucket.Part> entry : upload.parts().entrySet()) {
            if (random.nextInt(4) == 0) {
                continue;
            }
            ModelBucket.Part part = entry.getValue();
            boolean wrong = random.nextInt(20) == 0;
            names.add(new BucketCommand.PartName(entry.getKey(), wrong ? etag() : part.etag(), null));
            if (expected == null && small) {
                expected = Refusal.ENTITY_TOO_SMALL;
            }
            if (expected == null && wrong) {
                expected = Refusal.INVALID_PART;
            }
            small = ModelBucket.length(part.content()) < PART;
            content.addAll(part.content());
            sizes.add(entry.getKey());
            md5.update(ByteBuffer.wrap(HexFormat.of().parseHex(part.etag())));
        }
        if (names.isEmpty()) {
            expected = Refusal.INVALID_ARGUMENT;
        }
        String key = upload.key();
        WriteCondition condition = condition(key);
        Refusal refused = refusal(() -> ModelBucket.check(condition, model.current(key)));
        expected = names.isEmpty() || refused == null ? expected : refused;
        BucketCommand.CompleteUpload command =
                new BucketCommand.CompleteUpload(PARTITION, key, id, names, -1, null, condition, versioning);
        Reply.CompleteReply reply = tell(command, expected);
        if (reply != null) {
            String etag = HexFormat.of().formatHex(md5.digest()) + "-" + names.size();
            assertThat(reply.etag()).isEqualTo(etag);
            assertThat(reply.size()).isEqualTo(ModelBucket.length(content));
            Version version = new Version(sequence(reply.version()), reply.nullVersion(), false, etag, content, sizes);
            model.uploads.remove(id);
            add(key, version);
            assertThat(tell(command, null)).isEqualTo(reply);
        }
    }

    private void abortUpload() throws RefusedException {
        UploadId id = anUpload();
        ModelBucket.Upload upload = model.uploads.get(id);
        tell(
                new BucketCommand.AbortUpload(PARTITION, upload == null ? "a" : upload.key(), id),
                upload == null ? Refusal.NO_SUCH_UPLOAD : null);
        model.uploads.remove(id);
    }

    private void maintain() throws RefusedException {
        switch (random.nextInt(12)) {
            case 0 -> group.restart();
            case 1, 2 -> group.pass(Limits.RETIRE_GRACE.toMillis() / 2);
            case 3, 4, 5, 6, 7 -> tell(new BucketCommand.ReleaseParts(1 + random.nextInt(5)), null);
            default -> {
                List<ExtentId> due = checks.due();
                tell(new BucketCommand.ForgetExtents(due), null);
                due.forEach(committed::remove);
            }
        }
    }

    private <R extends Reply> @Nullable R tell(Command<R> command, @Nullable Refusal expected) throws RefusedException {
        RequestId request = group.request();
        R reply = once(request, command, expected);
        if (random.nextInt(10) == 0) {
            assertThat(once(request, command, expected)).isEqualTo(reply);
        }
        return reply;
    }

    private <R extends Reply> @Nullable R once(RequestId request, Command<R> command, @Nullable Refusal expected)
            throws RefusedException {
        try {
            R reply = group.tell(request, command);
            assertThat(expected).as("%s", command).isNull();
            return reply;
        } catch (RefusedException e) {
            assertThat(e.refusal()).as("%s: %s", command, e.detail()).isEqualTo(expected);
            return null;
        }
    }

    // Choices

    private String key() {
        return KEYS[random.nextInt(KEYS.length)];
    }

    private String etag() {
        return HexFormat.of().toHexDigits(random.nextLong()) + "0123456789abcdef";
    }

    private UploadId anUpload() {
        List<UploadId> all = new ArrayList<>(model.uploads.keySet());
        all.sort(null);
        return all.isEmpty() || random.nextInt(10) == 0 ? group.upload() : all.get(random.nextInt(all.size()));
    }

    private VersionSelector selector(String key) {
        List<Version> versions = model.versions(key);
        return switch (random.nextInt(3)) {
            case 0 -> VersionSelector.NULL;
            case 1 -> new VersionSelector.Exact(new VersionId(1 + random.nextInt(1000)));
            default ->
                versions.isEmpty()
                        ? VersionSelector.NULL
                        : new VersionSelector.Exact(new VersionId(
                                versions.get(random.nextInt(versions.size())).sequence()));
        };
    }

    private WriteCondition condition(String key) {
        Version current = model.current(key);
        return switch (random.nextInt(6)) {
            case 0 -> IF_NONE;
            case 1 -> new WriteCondition(List.of(current == null ? "x" : current.etag()), List.of());
            case 2 -> new WriteCondition(List.of("other"), List.of());
            default -> WriteCondition.NONE;
        };
    }

    /** Of about {@code size} bytes; none is an inline or empty one. */
    private Payload payload(List<Piece> content, long size) {
        if (size == 0) {
            String text = "x".repeat(random.nextInt(3)) + (random.nextBoolean() ? "y" : "");
            content.add(Piece.of(text));
            return new Payload.Inline(StandardCharsets.US_ASCII.encode(text));
        }
        List<ExtentSlice> slices = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            ExtentSlice slice = group.extent(size + random.nextInt(10));
            committed.add(slice.extent());
            slices.add(slice);
            content.add(Piece.of(slice));
        }
        return new Payload.Extents(slices);
    }

    // Bookkeeping

    private long sequence(VersionId id) {
        assertThat(id.sequence()).isGreaterThan(lastSequence);
        lastSequence = id.sequence();
        return lastSequence;
    }

    private void add(String key, Version version) {
        if (version.nullVersion()) {
            Version replaced = model.find(key, VersionSelector.NULL);
            if (replaced != null) {
                checks.remember(key, replaced);
            }
        }
        model.add(key, version);
    }

    private void remove(String key, Version version) {
        checks.remember(key, version);
        model.remove(key, version);
    }
}
