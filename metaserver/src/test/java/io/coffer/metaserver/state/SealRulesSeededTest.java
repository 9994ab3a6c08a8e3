package io.coffer.metaserver.state;

import static io.coffer.metaserver.machine.TestGroup.ETAG;
import static io.coffer.metaserver.machine.TestGroup.OWNER;
import static io.coffer.metaserver.machine.TestGroup.PARTITION;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.id.UploadId;
import io.coffer.common.metadata.BucketCommand;
import io.coffer.common.metadata.BucketCommand.RenewSeals;
import io.coffer.common.metadata.BucketQuery;
import io.coffer.common.metadata.Encryption;
import io.coffer.common.metadata.ExtentSlice;
import io.coffer.common.metadata.ObjectAttributes;
import io.coffer.common.metadata.ObjectCondition;
import io.coffer.common.metadata.ObjectVersion;
import io.coffer.common.metadata.Payload;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.Seal;
import io.coffer.common.metadata.SealRenewal;
import io.coffer.common.metadata.SealTable;
import io.coffer.common.metadata.SealedRow;
import io.coffer.common.metadata.VersionSelector;
import io.coffer.common.metadata.Versioning;
import io.coffer.common.metadata.WriteCondition;
import io.coffer.metaserver.machine.TestGroup;
import io.coffer.metaserver.model.Limits;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Somebody goes over a group's rows and replaces seals of earlier versions of a key, while others copy, rename, append, compose, assemble
 * and delete: where a whole pass has found none and nothing was moved meanwhile there is none, and none comes any more.
 */
@NullMarked
class SealRulesSeededTest {
    private static final UUID KEY = new UUID(11, 12);
    private static final String[] KEYS = {"a", "b", "c", "d", "e", "f"};
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final int ROUNDS = 100;

    /** Few, so that all of them can be where nobody looks just then. */
    private static final int MOST_BEFORE = 5;

    private static final int MOST_BETWEEN = 4;
    private static final int AFTER = 10;

    /** The most pages until a pass finds nothing. */
    private static final int MAX_STEPS = 5000;

    @TempDir
    Path directory;

    private SplittableRandom random = new SplittableRandom(0);
    private TestGroup group = null;
    private final List<UploadId> uploads = new ArrayList<>();
    private int body;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 0})
    void aCleanPassHasMissedNothing(long given) throws RefusedException {
        long seed = given != 0 ? given : Long.getLong("seed", System.nanoTime());
        random = new SplittableRandom(seed);
        for (int round = 0; round < ROUNDS; round++) {
            uploads.clear();
            try (TestGroup opened = TestGroup.bucket(directory.resolve(Integer.toString(round)))) {
                group = opened;
                for (int i = random.nextInt(1, MOST_BEFORE); i > 0; i--) {
                    write(1);
                }
                pass();
                for (int i = 0; i < AFTER; i++) {
                    write(random.nextInt(1, 3));
                }
                assertThat(left()).as("after the clean pass").isEmpty();
            } catch (RefusedException | RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + ", round " + round, e);
            }
        }
    }

    /** Passes, with others at work in between, until one is clean. */
    private void pass() throws RefusedException {
        SealTable[] order = SealTable.values();
        long moved = group.tell(new RenewSeals(KEY, 2, List.of())).moved();
        int table = 0;
        int found = 0;
        ByteBuffer after = NOTHING;
        for (int step = 0; step < MAX_STEPS; step++) {
            for (int i = random.nextInt(MOST_BETWEEN); i > 0; i--) {
                write(random.nextInt(1, 3));
            }
            Reply.SealsPage page =
                    group.ask(new BucketQuery.FindSeals(KEY, 2, order[table], NOTHING, after, random.nextInt(1, 8)));
            found += page.rows().size();
            if (random.nextInt(3) == 0) {
                write(2);
            }
            renew(order[table], page.rows());
            after = page.last();
            if (after.hasRemaining()) {
                continue;
            }
            table++;
            if (table == order.length) {
                if (found == 0 && page.moved() == moved) {
                    assertThat(left()).as("the clean pass").isEmpty();
                    return;
                }
                moved = page.moved();
                table = 0;
                found = 0;
            }
        }
        throw new AssertionError("no pass was clean");
    }

    private void renew(SealTable table, List<SealedRow> rows) throws RefusedException {
        List<SealRenewal> renewals = new ArrayList<>();
        for (SealedRow row : rows) {
            renewals.add(new SealRenewal(
                    table,
                    row.row(),
                    row.seals().stream()
                            .map(seal -> new SealRenewal.Pair(
                                    seal, seal(2, seal.bytes().getInt(86))))
                            .toList()));
        }
        group.tell(new RenewSeals(KEY, 2, renewals));
    }

    private List<SealedRow> left() throws RefusedException {
        List<SealedRow> all = new ArrayList<>();
        for (SealTable table : SealTable.values()) {
            all.addAll(group.ask(new BucketQuery.FindSeals(KEY, 2, table, NOTHING, NOTHING, 1000))
                    .rows());
        }
        return all;
    }

    private static Seal seal(int version, int body) {
        return new Seal(ByteBuffer.allocate(90)
                .put((byte) 1)
                .put((byte) 0)
                .putLong(KEY.getMostSignificantBits())
                .putLong(KEY.getLeastSignificantBits())
                .putInt(version)
                .putInt(86, body)
                .rewind());
    }

    /** Something that brings data in, or moves what is there. */
    private void write(int version) throws RefusedException {
        try {
            BucketCommand<?> command = switch (random.nextInt(14)) {
                case 0, 1 -> put(key(), payload(version));
                case 2 -> put(key(), shared());
                case 3, 4, 10, 11, 12, 13 -> rename();
                case 5 -> append(version);
                case 6 -> compose();
                case 7 -> TestGroup.delete(key(), random.nextBoolean() ? VersionSelector.LATEST : null, versioning());
                case 8 -> part(version);
                default -> complete();
            };
            group.tell(command);
        } catch (RefusedException e) {
            assertThat(e.refusal()).isNotEqualTo(Refusal.WRONG_PARTITION);
        }
        group.pass(1);
        if (random.nextInt(200) == 0) {
            group.restart();
        }
    }

    private String key() {
        return KEYS[random.nextInt(KEYS.length)];
    }

    private Versioning versioning() {
        return random.nextInt(3) == 0 ? Versioning.SUSPENDED : Versioning.ENABLED;
    }

    private Payload payload(int version) {
        Seal seal = seal(version, ++body);
        if (random.nextInt(4) == 0) {
            return new Payload.Inline(
                    ByteBuffer.allocate((int) Limits.MIN_PART_BYTES / 100).limit(1000), seal);
        }
        ExtentSlice slice = group.extent(Limits.MIN_PART_BYTES).withSeal(seal);
        return new Payload.Extents(List.of(slice));
    }

    private Payload shared() throws RefusedException {
        String key = key();
        ObjectVersion version = group.get(key).version();
        return new Payload.Shared(PARTITION, key, version.version(), 0, version.size());
    }

    private static long size(Payload payload) {
        return switch (payload) {
            case Payload.Inline inline -> 900;
            case Payload.Shared shared -> shared.length();
            default -> Limits.MIN_PART_BYTES;
        };
    }

    private BucketCommand.PutObject put(String key, Payload payload) {
        return new BucketCommand.PutObject(
                PARTITION,
                key,
                OWNER,
                ETAG,
                size(payload),
                null,
                ObjectAttributes.EMPTY.withEncryption(Encryption.STORE_KEY),
                payload,
                WriteCondition.NONE,
                versioning());
    }

    private BucketCommand.RenameObject rename() {
        return new BucketCommand.RenameObject(
                PARTITION, key(), null, ObjectCondition.NONE, key(), ObjectCondition.NONE, versioning(), OWNER, null);
    }

    private BucketCommand.AppendObject append(int version) {
        Payload payload = payload(version);
        return new BucketCommand.AppendObject(
                PARTITION,
                key(),
                OWNER,
                ETAG,
                size(payload),
                List.of(),
                false,
                ObjectAttributes.EMPTY.withEncryption(Encryption.STORE_KEY),
                payload,
                WriteCondition.NONE,
                versioning(),
                -1);
    }

    private BucketCommand.ComposeObject compose() {
        return new BucketCommand.ComposeObject(
                PARTITION,
                key(),
                OWNER,
                List.of(
                        new BucketCommand.ComposeSource(key(), VersionSelector.LATEST, ""),
                        new BucketCommand.ComposeSource(key(), VersionSelector.LATEST, "")),
                ObjectAttributes.EMPTY.withEncryption(Encryption.STORE_KEY),
                WriteCondition.NONE,
                versioning());
    }

    /** Of an upload that is there, or a new one. */
    private BucketCommand.PutPart part(int version) throws RefusedException {
        if (uploads.isEmpty() || random.nextInt(3) == 0) {
            UploadId upload = group.upload();
            uploads.add(upload);
            group.tell(new BucketCommand.CreateUpload(
                    PARTITION,
                    "u",
                    upload,
                    OWNER,
                    OWNER,
                    ObjectAttributes.EMPTY.withEncryption(Encryption.STORE_KEY),
                    null,
                    null));
        }
        Payload payload = random.nextInt(3) == 0 ? shared() : payload(version);
        return new BucketCommand.PutPart(
                PARTITION,
                "u",
                uploads.get(random.nextInt(uploads.size())),
                random.nextInt(1, 3),
                ETAG,
                size(payload),
                null,
                payload);
    }

    private BucketCommand<?> complete() {
        UploadId upload = uploads.isEmpty() ? group.upload() : uploads.get(random.nextInt(uploads.size()));
        if (random.nextInt(4) == 0) {
            return new BucketCommand.AbortUpload(PARTITION, "u", upload);
        }
        return new BucketCommand.CompleteUpload(
                PARTITION,
                "u",
                upload,
                List.of(new BucketCommand.PartName(random.nextInt(1, 3), ETAG, null)),
                -1,
                null,
                WriteCondition.NONE,
                versioning());
    }
}
