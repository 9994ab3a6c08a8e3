package io.coffer.metaserver.state;

import static io.coffer.metaserver.machine.TestGroup.BUCKET;
import static io.coffer.metaserver.machine.TestGroup.ETAG;
import static io.coffer.metaserver.machine.TestGroup.GROUP;
import static io.coffer.metaserver.machine.TestGroup.OWNER;
import static io.coffer.metaserver.machine.TestGroup.PARTITION;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.id.ExtentId;
import io.coffer.common.id.UploadId;
import io.coffer.common.id.VersionId;
import io.coffer.common.metadata.BucketCommand;
import io.coffer.common.metadata.BucketQuery;
import io.coffer.common.metadata.DataRun;
import io.coffer.common.metadata.ExtentSlice;
import io.coffer.common.metadata.ObjectAttributes;
import io.coffer.common.metadata.ObjectCondition;
import io.coffer.common.metadata.ObjectLock;
import io.coffer.common.metadata.ObjectVersion;
import io.coffer.common.metadata.Partition;
import io.coffer.common.metadata.PartitionSettings;
import io.coffer.common.metadata.Payload;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.RetentionMode;
import io.coffer.common.metadata.Seal;
import io.coffer.common.metadata.SealRenewal;
import io.coffer.common.metadata.SealTable;
import io.coffer.common.metadata.VersionChange;
import io.coffer.common.metadata.VersionLock;
import io.coffer.common.metadata.VersionSelector;
import io.coffer.common.metadata.Versioning;
import io.coffer.common.metadata.WriteCondition;
import io.coffer.metaserver.machine.TestGroup;
import io.coffer.metaserver.model.Limits;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Everything that a gateway, an administrator, a background job or somebody who sets clocks can tell a bucket group, aimed at locked
 * versions: they, their bytes and their locks stay. A command that nobody has aimed yet fails the test.
 */
@NullMarked
class LockedVersionsSeededTest {
    private static final int STEPS = 1000;
    private static final int CHECK_EVERY = 25;
    private static final int MOST_LOCKED = 40;
    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final UUID SEAL_KEY = new UUID(11, 12);

    /** The version of that key which has wrapped what is locked: no fence is set behind it. */
    private static final int SEALED_WITH = 5;

    private static final String[] KEYS = {"a", "b", "c/d"};

    @TempDir
    Path directory;

    private final List<Locked> locked = new ArrayList<>();
    private final Map<UploadId, String> uploads = new LinkedHashMap<>();
    private final Map<Class<?>, Attack> attacks = attacks();
    private SplittableRandom random = new SplittableRandom(0);
    private TestGroup group = null;
    private long revision;
    private ByteBuffer purged = ByteBuffer.allocate(0);

    /** A version that must stay, with at least this lock. */
    private record Locked(String key, VersionSelector version, ExtentSlice extent, VersionLock lock) {}

    /** Makes a command. */
    private interface Attack {
        BucketCommand<?> aim();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 0})
    void nothingTakesALockedVersionAway(long given) throws RefusedException {
        long seed = given != 0 ? given : Long.getLong("seed", System.nanoTime());
        random = new SplittableRandom(seed);
        try (TestGroup opened = TestGroup.bucket(directory)) {
            group = opened;
            group.tell(settings(Versioning.ENABLED, true));
            for (int step = 0; step < STEPS; step++) {
                try {
                    step(step);
                } catch (RefusedException | RuntimeException | AssertionError e) {
                    throw new AssertionError("seed " + seed + ", step " + step, e);
                }
            }
            assertThat(locked).hasSizeGreaterThan(MOST_LOCKED / 2);
        }
    }

    private void step(int step) throws RefusedException {
        if (locked.size() < MOST_LOCKED && random.nextInt(STEPS / MOST_LOCKED / 2) == 0) {
            lockAnother();
        }
        List<Attack> all = List.copyOf(attacks.values());
        BucketCommand<?> command = all.get(random.nextInt(all.size())).aim();
        try {
            if (group.tell(command) instanceof Reply.PurgedReply reply) {
                purged = reply.last();
                // What is locked stays in a bucket that is there again.
                group.tell(new BucketCommand.ReopenPartition(BUCKET, PARTITION.partition()));
            }
        } catch (RefusedException e) {
            assertThat(e.refusal()).isNotNull();
        }
        switch (random.nextInt(100)) {
            case 0 -> group.restart();
            case 1, 2 -> group.changeLeader();
            case 3, 4 -> group.setAhead(random.nextLong(30 * DAY));
            default -> group.pass(random.nextLong(2000));
        }
        checkOpen();
        if (step % CHECK_EVERY == 0) {
            checkVersions();
            checkExtents();
        }
    }

    // What is locked

    private void lockAnother() throws RefusedException {
        group.tell(settings(Versioning.ENABLED, true));
        String key = key();
        ExtentSlice extent = group.extent(Limits.MIN_PART_BYTES).withSeal(seal(SEALED_WITH));
        VersionLock lock = lock();
        VersionSelector version = switch (random.nextInt(4)) {
            case 0 -> assembled(key, extent, lock);
            case 1 -> ofOldTimes(key, extent, lock);
            default -> put(key, extent, lock);
        };
        if (version != null) {
            locked.add(new Locked(key, version, extent, lock));
        }
    }

    private VersionLock lock() {
        long until = group.nowMillis() + 36_500 * DAY;
        return switch (random.nextInt(3)) {
            case 0 -> new VersionLock(RetentionMode.COMPLIANCE, until, false);
            case 1 -> new VersionLock(RetentionMode.GOVERNANCE, until, true);
            default -> new VersionLock(RetentionMode.COMPLIANCE, until, true);
        };
    }

    private VersionSelector put(String key, ExtentSlice extent, VersionLock lock) throws RefusedException {
        return new VersionSelector.Exact(
                group.tell(put(key, new Payload.Extents(List.of(extent)), extent.length(), lock))
                        .version());
    }

    /** A null version, from before the bucket had versions, locked later; null if the key has a locked one. */
    private @Nullable VersionSelector ofOldTimes(String key, ExtentSlice extent, VersionLock lock)
            throws RefusedException {
        group.tell(settings(Versioning.UNVERSIONED, false));
        Refusal refused = TestGroup.refusal(
                () -> group.tell(put(key, new Payload.Extents(List.of(extent)), extent.length(), VersionLock.NONE)));
        group.tell(settings(Versioning.ENABLED, true));
        boolean taken = locked.stream()
                .anyMatch(kept -> kept.key().equals(key) && kept.version().equals(VersionSelector.NULL));
        assertThat(refused).isEqualTo(taken ? Refusal.OBJECT_LOCKED : null);
        if (taken) {
            return null;
        }
        group.tell(new BucketCommand.ChangeVersion(
                PARTITION,
                key,
                VersionSelector.NULL,
                new VersionChange.Retention(lock.mode(), lock.untilMillis(), false)));
        group.tell(new BucketCommand.ChangeVersion(
                PARTITION, key, VersionSelector.NULL, new VersionChange.LegalHold(lock.hold())));
        return VersionSelector.NULL;
    }

    private static BucketCommand.PutObject put(String key, Payload payload, long size, VersionLock lock) {
        ObjectAttributes attributes = ObjectAttributes.EMPTY.withLock(lock);
        return new BucketCommand.PutObject(
                PARTITION,
                key,
                OWNER,
                ETAG,
                size,
                null,
                attributes,
                payload,
                WriteCondition.NONE,
                Versioning.UNVERSIONED);
    }

    private VersionSelector assembled(String key, ExtentSlice extent, VersionLock lock) throws RefusedException {
        UploadId upload = group.upload();
        ObjectAttributes attributes = ObjectAttributes.EMPTY.withLock(lock);
        group.tell(new BucketCommand.CreateUpload(PARTITION, key, upload, OWNER, OWNER, attributes, null, null));
        group.tell(part(key, upload, extent));
        uploads.put(upload, key);
        return new VersionSelector.Exact(group.tell(complete(key, upload)).version());
    }

    private static BucketCommand.PutPart part(String key, UploadId upload, ExtentSlice extent) {
        return new BucketCommand.PutPart(
                PARTITION, key, upload, 1, ETAG, extent.length(), null, new Payload.Extents(List.of(extent)));
    }

    private static BucketCommand.CompleteUpload complete(String key, UploadId upload) {
        return new BucketCommand.CompleteUpload(
                PARTITION,
                key,
                upload,
                List.of(new BucketCommand.PartName(1, ETAG, null)),
                -1,
                null,
                WriteCondition.NONE,
                Versioning.UNVERSIONED);
    }

    // Attacks

    private Map<Class<?>, Attack> attacks() {
        Map<Class<?>, Attack> all = new LinkedHashMap<>();
        all.put(BucketCommand.OpenPartition.class, () -> {
            Partition partition = new Partition(PARTITION.partition(), "", "", GROUP, PARTITION.epoch());
            return random.nextBoolean()
                    ? new BucketCommand.OpenPartition(BUCKET, partition)
                    : new BucketCommand.OpenPartition(
                            BUCKET, partition, anySettings().settings());
        });
        all.put(BucketCommand.ApplySettings.class, this::anySettings);
        all.put(
                BucketCommand.ClosePartition.class,
                () -> new BucketCommand.ClosePartition(BUCKET, PARTITION.partition()));
        all.put(
                BucketCommand.ReopenPartition.class,
                () -> new BucketCommand.ReopenPartition(BUCKET, PARTITION.partition()));
        all.put(BucketCommand.PutObject.class, this::anyPut);
        all.put(BucketCommand.AppendObject.class, this::anyAppend);
        all.put(BucketCommand.ComposeObject.class, this::anyCompose);
        all.put(
                BucketCommand.RenameObject.class,
                () -> new BucketCommand.RenameObject(
                        PARTITION,
                        key(),
                        null,
                        ObjectCondition.NONE,
                        key(),
                        ObjectCondition.NONE,
                        versioning(),
                        OWNER,
                        null));
        all.put(
                BucketCommand.DeleteObject.class,
                () -> new BucketCommand.DeleteObject(PARTITION, target(), versioning(), OWNER));
        all.put(
                BucketCommand.DeleteObjects.class,
                () -> new BucketCommand.DeleteObjects(
                        PARTITION, List.of(target(), target(), target()), versioning(), OWNER));
        all.put(
                BucketCommand.CreateUpload.class,
                () -> new BucketCommand.CreateUpload(
                        PARTITION, key(), upload(), OWNER, OWNER, ObjectAttributes.EMPTY, null, null));
        all.put(BucketCommand.PutPart.class, () -> part(key(), upload(), group.extent(Limits.MIN_PART_BYTES)));
        all.put(BucketCommand.CompleteUpload.class, () -> complete(key(), upload()));
        all.put(BucketCommand.AbortUpload.class, () -> {
            UploadId upload = upload();
            return new BucketCommand.AbortUpload(PARTITION, uploads.getOrDefault(upload, key()), upload);
        });
        all.put(BucketCommand.ChangeVersion.class, this::anyChange);
        all.put(
                BucketCommand.PurgePartition.class,
                () -> new BucketCommand.PurgePartition(BUCKET, PARTITION.partition(), purged, random.nextInt(1, 50)));
        all.put(BucketCommand.RenewSeals.class, this::anyRenewal);
        all.put(
                BucketCommand.ForgetExtents.class,
                () -> new BucketCommand.ForgetExtents(
                        locked.stream().map(kept -> kept.extent().extent()).toList()));
        all.put(BucketCommand.ReleaseParts.class, () -> new BucketCommand.ReleaseParts(Limits.MAX_RELEASED));
        assertThat(all.keySet())
                .as("each command is aimed at locked versions")
                .containsExactlyInAnyOrderElementsOf(Arrays.asList(BucketCommand.class.getPermittedSubclasses()));
        return all;
    }

    private static Seal seal(int version) {
        return new Seal(ByteBuffer.allocate(90)
                .put((byte) 1)
                .put((byte) 0)
                .putLong(SEAL_KEY.getMostSignificantBits())
                .putLong(SEAL_KEY.getLeastSignificantBits())
                .putInt(version)
                .rewind());
    }

    /** Aimed at seals that aren't what is there. */
    private BucketCommand.RenewSeals anyRenewal() {
        SealTable[] tables = {SealTable.OBJECTS, SealTable.VERSIONS, SealTable.PARTS, SealTable.PIECES};
        SealTable table = tables[random.nextInt(tables.length)];
        ByteBuffer nothing = ByteBuffer.allocate(0);
        SealRenewal.Pair pair = new SealRenewal.Pair(seal(random.nextInt(SEALED_WITH)), seal(2 * SEALED_WITH));
        try {
            List<SealRenewal> renewals = group
                    .ask(new BucketQuery.FindSeals(SEAL_KEY, SEALED_WITH + 1, table, nothing, nothing, 1000))
                    .rows()
                    .stream()
                    .map(row -> new SealRenewal(table, row.row(), List.of(pair)))
                    .toList();
            return new BucketCommand.RenewSeals(SEAL_KEY, SEALED_WITH, renewals);
        } catch (RefusedException e) {
            throw new AssertionError(e);
        }
    }

    private BucketCommand.ApplySettings anySettings() {
        return settings(versioning(), random.nextBoolean());
    }

    private BucketCommand.ApplySettings settings(Versioning versioning, boolean locks) {
        ObjectLock lock = locks ? new ObjectLock(true, null) : ObjectLock.OFF;
        return new BucketCommand.ApplySettings(
                BUCKET, PARTITION.partition(), new PartitionSettings(versioning, lock, ++revision));
    }

    /** Also a copy of a locked version, which shares its bytes. */
    private BucketCommand.PutObject anyPut() {
        Locked source = aim();
        if (source == null
                || !(source.version() instanceof VersionSelector.Exact(VersionId version))
                || random.nextBoolean()) {
            ExtentSlice extent = group.extent(100);
            return put(key(), new Payload.Extents(List.of(extent)), extent.length(), VersionLock.NONE);
        }
        long length = source.extent().length();
        return put(key(), new Payload.Shared(PARTITION, source.key(), version, 0, length), length, VersionLock.NONE);
    }

    private BucketCommand.AppendObject anyAppend() {
        ExtentSlice extent = group.extent(100);
        return new BucketCommand.AppendObject(
                PARTITION,
                key(),
                OWNER,
                ETAG,
                extent.length(),
                List.of(),
                false,
                ObjectAttributes.EMPTY,
                new Payload.Extents(List.of(extent)),
                WriteCondition.NONE,
                versioning(),
                random.nextBoolean() ? -1 : Limits.MIN_PART_BYTES);
    }

    private BucketCommand.ComposeObject anyCompose() {
        Locked kept = aim();
        BucketCommand.ComposeSource source = kept == null
                ? new BucketCommand.ComposeSource(key(), VersionSelector.LATEST, "")
                : new BucketCommand.ComposeSource(kept.key(), kept.version(), "");
        return new BucketCommand.ComposeObject(
                PARTITION,
                key(),
                OWNER,
                List.of(source, new BucketCommand.ComposeSource(key(), VersionSelector.LATEST, "")),
                ObjectAttributes.EMPTY,
                WriteCondition.NONE,
                versioning());
    }

    private BucketCommand.DeleteTarget target() {
        Locked kept = aim();
        String key = kept == null ? key() : kept.key();
        VersionSelector selector = switch (random.nextInt(4)) {
            case 0 -> VersionSelector.NULL;
            case 1 -> VersionSelector.LATEST;
            default -> kept == null ? VersionSelector.NULL : kept.version();
        };
        return new BucketCommand.DeleteTarget(
                key, random.nextInt(4) == 0 ? null : selector, WriteCondition.NONE, -1, -1, random.nextBoolean());
    }

    private BucketCommand.ChangeVersion anyChange() {
        Locked kept = aim();
        if (kept == null) {
            return new BucketCommand.ChangeVersion(PARTITION, key(), VersionSelector.LATEST, change(false));
        }
        // Who may take back a hold does so: it is no attack on what only the hold protects.
        boolean mayLift = kept.lock().mode() == RetentionMode.COMPLIANCE;
        return new BucketCommand.ChangeVersion(PARTITION, kept.key(), kept.version(), change(mayLift));
    }

    private VersionChange change(boolean mayLift) {
        long until = group.nowMillis() + random.nextLong(1, 1000) * DAY;
        return switch (random.nextInt(mayLift ? 5 : 4)) {
            case 0 -> new VersionChange.Tags(Map.of("tag", Integer.toString(random.nextInt())));
            case 1 -> new VersionChange.Retention(null, 0, random.nextBoolean());
            case 2 -> new VersionChange.Retention(RetentionMode.GOVERNANCE, until, random.nextBoolean());
            case 3 -> new VersionChange.Retention(RetentionMode.COMPLIANCE, until, random.nextBoolean());
            default -> new VersionChange.LegalHold(random.nextBoolean());
        };
    }

    private String key() {
        return KEYS[random.nextInt(KEYS.length)];
    }

    private Versioning versioning() {
        return Versioning.values()[random.nextInt(Versioning.values().length)];
    }

    /** Null while nothing is locked. */
    private @Nullable Locked aim() {
        return locked.isEmpty() ? null : locked.get(random.nextInt(locked.size()));
    }

    /** One that became a locked version, one that is in progress, or a new one. */
    private UploadId upload() {
        if (uploads.isEmpty() || random.nextInt(3) == 0) {
            UploadId upload = group.upload();
            uploads.put(upload, key());
            return upload;
        }
        return new ArrayList<>(uploads.keySet()).get(random.nextInt(uploads.size()));
    }

    // Checks

    /** A partition with locked versions is never closed; one that still was without any is opened again. */
    private void checkOpen() throws RefusedException {
        if (locked.isEmpty()) {
            group.tell(new BucketCommand.ReopenPartition(BUCKET, PARTITION.partition()));
        } else {
            group.usage();
        }
    }

    private void checkVersions() throws RefusedException {
        for (Locked kept : locked) {
            Reply.ObjectReply found =
                    group.get(kept.key(), kept.version(), new BucketQuery.Window.Range(0, Long.MAX_VALUE));
            assertThat(found.runs()).containsExactly(new DataRun.ExtentRun(kept.extent()));
            checkLock(kept.lock(), found.version());
        }
    }

    private static void checkLock(VersionLock least, ObjectVersion found) {
        VersionLock lock = found.attributes().lock();
        if (least.mode() == RetentionMode.COMPLIANCE) {
            assertThat(lock.mode()).isEqualTo(RetentionMode.COMPLIANCE);
            assertThat(lock.untilMillis()).isGreaterThanOrEqualTo(least.untilMillis());
        } else {
            assertThat(lock.hold()).isTrue();
        }
    }

    /** None of their extents is ever to be deleted. */
    private void checkExtents() throws RefusedException {
        group.releaseAll();
        Set<ExtentId> due = new HashSet<>();
        group.due().forEach(extent -> due.add(extent.extent()));
        for (Locked kept : locked) {
            assertThat(due).doesNotContain(kept.extent().extent());
        }
        group.tell(new BucketCommand.ForgetExtents(List.copyOf(due)));
    }
}
