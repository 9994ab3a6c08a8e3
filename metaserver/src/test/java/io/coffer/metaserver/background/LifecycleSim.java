package io.coffer.metaserver.background;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.id.GroupId;
import io.coffer.common.id.RequestId;
import io.coffer.common.id.UploadId;
import io.coffer.common.lifecycle.LifecycleDay;
import io.coffer.common.lifecycle.LifecycleFilter;
import io.coffer.common.lifecycle.LifecycleRule;
import io.coffer.common.lifecycle.LifecycleRule.Expiration;
import io.coffer.common.lifecycle.LifecycleRule.Noncurrent;
import io.coffer.common.lifecycle.LifecycleRules;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.BucketCommand;
import io.coffer.common.metadata.BucketQuery;
import io.coffer.common.metadata.BucketSettings;
import io.coffer.common.metadata.Command;
import io.coffer.common.metadata.DocumentKind;
import io.coffer.common.metadata.MetadataClient;
import io.coffer.common.metadata.MetadataUnavailableException;
import io.coffer.common.metadata.ObjectAttributes;
import io.coffer.common.metadata.ObjectLock;
import io.coffer.common.metadata.ObjectVersion;
import io.coffer.common.metadata.Partition;
import io.coffer.common.metadata.PartitionSettings;
import io.coffer.common.metadata.Payload;
import io.coffer.common.metadata.Query;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.RetentionMode;
import io.coffer.common.metadata.SystemQuery;
import io.coffer.common.metadata.Upload;
import io.coffer.common.metadata.VersionChange;
import io.coffer.common.metadata.VersionLock;
import io.coffer.common.metadata.VersionSelector;
import io.coffer.common.metadata.Versioning;
import io.coffer.common.metadata.WriteCondition;
import io.coffer.common.metadata.wire.LifecycleCodec;
import io.coffer.metaserver.machine.TestGroup;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients that write, delete, tag, lock and change rules, and leaders that apply the rules, come and go, and lose answers, on one thread
 * in simulated time. The group's rules are the real ones. Clients act inside every call of a leader. Nothing is ever removed
 * that a plain reading of the rules would not have removed since it was last looked at, and that still is what it was; when it is
 * quiet, nothing is left that the rules let go.
 */
@NullMarked
final class LifecycleSim {
    private static final int RUNS = Integer.getInteger("runs", 40);
    private static final int STEPS = 250;
    private static final long DAY = 1000;
    private static final List<String> KEYS = List.of("a", "ab", "abc", "b/1", "b/2");
    private static final List<String> PREFIXES = List.of("", "a", "ab", "b/", "c");

    @TempDir
    Path directory;

    @Test
    void onlyWhatTheRulesLetGoGoesAndAllOfIt() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("LifecycleSim -Dseed=" + seed);
        int removed = 0;
        for (int run = 0; run < RUNS; run++) {
            Path own = Files.createTempDirectory(directory, "run");
            try (Run simulation = new Run(own, new Random(seed + run))) {
                simulation.simulate();
                removed += simulation.removed;
            } catch (AssertionError e) {
                throw new AssertionError("-Dseed=" + (seed + run) + ": " + e.getMessage(), e);
            }
        }
        assertThat(removed).as("removals in all runs").isGreaterThan(RUNS);
    }

    private static final class Run implements MetadataClient, Groups, AutoCloseable {
        private final Random random;
        private final TestGroup group;
        private final boolean locks;
        private final List<LifecycleEngine> leaders = new ArrayList<>();
        private BucketSettings settings = BucketSettings.UNSET;
        private Versioning versioning = Versioning.UNVERSIONED;
        private long settingsRevision;
        private List<LifecycleRule> rules = List.of();
        private double faultRate;
        private boolean clientsAct;
        int removed;

        /** What has been due lately, and as what: of this span of time and of the one before. */
        private final Map<Long, Set<LifecycleRemoval.Kind>> due = new HashMap<>();

        private final Map<Long, Set<LifecycleRemoval.Kind>> wasDue = new HashMap<>();
        private final Set<String> dueUploads = new HashSet<>();
        private final Set<String> wasDueUploads = new HashSet<>();

        /** Of each leader in this span, which ends when all have done enough to have removed what they had found before it. */
        private final Map<LifecycleEngine, Integer> steps = new HashMap<>();

        Run(Path directory, Random random) throws RefusedException {
            this.random = random;
            group = TestGroup.bucket(directory);
            locks = random.nextInt(3) == 0;
            if (locks) {
                apply(Versioning.ENABLED);
            }
            lead();
        }

        private void apply(Versioning now) throws RefusedException {
            versioning = now;
            settingsRevision++;
            group.tell(new BucketCommand.ApplySettings(
                    TestGroup.BUCKET,
                    TestGroup.PARTITION.partition(),
                    new PartitionSettings(now, locks ? new ObjectLock(true, null) : ObjectLock.OFF, settingsRevision)));
        }

        private void lead() {
            Calls calls = new Calls(this, group::nowMillis, random);
            leaders.add(new LifecycleEngine(
                    calls,
                    this,
                    new LifecyclePace(Duration.ofMillis(DAY / 10), 1000, new LifecycleDay(DAY)),
                    new LifecycleTally()));
        }

        void simulate() throws Exception {
            faultRate = 0.1;
            clientsAct = true;
            for (int i = 0; i < STEPS; i++) {
                step();
                note();
            }
            faultRate = 0;
            clientsAct = false;
            for (int i = 0; i < 4; i++) {
                group.pass(DAY);
                // What a walk does lets others go: a marker is one more newer version, and may be alone later.
                for (int walk = 0; walk < 4; walk++) {
                    note();
                    leaders.clear();
                    lead();
                    while (leaders.getFirst().run() == Step.Progress.MORE) {}
                }
            }
            Map<Long, Set<LifecycleRemoval.Kind>> left = model().due(versions(), group.nowMillis());
            versions().forEach(version -> {
                // A retention that is over may still hold: the lock clock is late after changes of the leader.
                if (!version.attributes().lock().equals(VersionLock.NONE)) {
                    left.remove(version.version().sequence());
                }
            });
            assertThat(left).as("left over by %s", rules).isEmpty();
            assertThat(model().dueUploads(uploads(), group.nowMillis())).isEmpty();
        }

        private void step() throws Exception {
            switch (random.nextInt(12)) {
                case 0, 1, 2 -> act();
                case 3 -> group.pass(random.nextInt((int) DAY));
                case 4 -> {
                    if (random.nextInt(4) == 0) {
                        changeLeader();
                    }
                }
                default -> {
                    LifecycleEngine leader = leaders.get(random.nextInt(leaders.size()));
                    try {
                        leader.run();
                        steps.merge(leader, 1, Integer::sum);
                    } catch (MetadataUnavailableException e) {
                        // It goes on with its next step.
                    }
                }
            }
        }

        /** The one before may go on for a while, in the belief that it leads. */
        private void changeLeader() {
            if (leaders.size() > 1 || random.nextBoolean()) {
                leaders.removeFirst();
            }
            group.changeLeader();
            lead();
        }

        private LifecycleModel model() {
            return new LifecycleModel(rules, DAY);
        }

        private void note() throws RefusedException {
            if (leaders.stream().allMatch(leader -> steps.getOrDefault(leader, 0) > 4)) {
                wasDue.clear();
                wasDue.putAll(due);
                due.clear();
                wasDueUploads.clear();
                wasDueUploads.addAll(dueUploads);
                dueUploads.clear();
                steps.clear();
            }
            model().due(versions(), group.nowMillis())
                    .forEach((version, kinds) -> due.merge(version, kinds, (a, b) -> {
                        a.addAll(b);
                        return a;
                    }));
            dueUploads.addAll(model().dueUploads(uploads(), group.nowMillis()));
        }

        private List<ObjectVersion> versions() throws RefusedException {
            return items(group.ask(new BucketQuery.ListVersions(TestGroup.PARTITION, "", "", "", null, 1000, true))
                    .entries());
        }

        private List<Upload> uploads() throws RefusedException {
            return items(group.ask(new BucketQuery.ListUploads(TestGroup.PARTITION, "", "", "", null, 1000))
                    .entries());
        }

        private static <T> List<T> items(List<Reply.Entry<T>> entries) {
            List<T> items = new ArrayList<>();
            entries.forEach(entry -> {
                if (entry instanceof Reply.Entry.Item<T>(T item)) {
                    items.add(item);
                }
            });
            return items;
        }

        // Clients

        private void act() throws RefusedException {
            try {
                switch (random.nextInt(12)) {
                    case 0, 1, 2, 3 -> put();
                    case 4 -> group.tell(TestGroup.delete(key(), null, versioning));
                    case 5, 6 -> deleteVersion();
                    case 7 -> change(new VersionChange.Tags(tags()));
                    case 8 -> {
                        if (locks) {
                            change(new VersionChange.LegalHold(random.nextInt(3) == 0));
                        }
                    }
                    case 9 -> upload();
                    case 10 -> {
                        if (random.nextInt(5) == 0) {
                            changeRules();
                        }
                    }
                    default -> {
                        if (!locks && random.nextInt(5) == 0) {
                            apply(random.nextBoolean() ? Versioning.ENABLED : Versioning.SUSPENDED);
                        }
                    }
                }
            } catch (RefusedException e) {
                assertThat(e.refusal()).isIn(Refusal.NO_SUCH_KEY, Refusal.NO_SUCH_VERSION, Refusal.OBJECT_LOCKED);
            }
            note();
        }

        private String key() {
            return KEYS.get(random.nextInt(KEYS.size()));
        }

        private Map<String, String> tags() {
            return random.nextBoolean() ? Map.of() : Map.of("t", Integer.toString(random.nextInt(2)));
        }

        private void put() throws RefusedException {
            byte[] bytes = new byte[random.nextInt(4)];
            VersionLock lock = locks && random.nextInt(3) == 0
                    ? new VersionLock(
                            RetentionMode.COMPLIANCE,
                            group.nowMillis() + 1 + random.nextInt(3 * (int) DAY),
                            random.nextInt(4) == 0)
                    : VersionLock.NONE;
            group.tell(new BucketCommand.PutObject(
                    TestGroup.PARTITION,
                    key(),
                    TestGroup.OWNER,
                    TestGroup.ETAG,
                    bytes.length,
                    null,
                    ObjectAttributes.EMPTY.withTags(tags()).withLock(lock),
                    new Payload.Inline(ByteBuffer.wrap(bytes)),
                    WriteCondition.NONE,
                    versioning));
        }

        private @Nullable ObjectVersion anyVersion() throws RefusedException {
            List<ObjectVersion> all = versions();
            return all.isEmpty() ? null : all.get(random.nextInt(all.size()));
        }

        private void deleteVersion() throws RefusedException {
            ObjectVersion version = anyVersion();
            if (version != null) {
                group.tell(TestGroup.delete(version.key(), new VersionSelector.Exact(version.version()), versioning));
            }
        }

        private void change(VersionChange change) throws RefusedException {
            ObjectVersion version = anyVersion();
            if (version != null) {
                group.tell(new BucketCommand.ChangeVersion(
                        TestGroup.PARTITION, version.key(), new VersionSelector.Exact(version.version()), change));
            }
        }

        private void upload() throws RefusedException {
            List<Upload> all = uploads();
            if (!all.isEmpty() && random.nextBoolean()) {
                Upload upload = all.get(random.nextInt(all.size()));
                group.tell(new BucketCommand.AbortUpload(TestGroup.PARTITION, upload.key(), upload.id()));
            } else {
                UploadId id = group.upload();
                group.tell(new BucketCommand.CreateUpload(
                        TestGroup.PARTITION,
                        key(),
                        id,
                        TestGroup.OWNER,
                        TestGroup.OWNER,
                        ObjectAttributes.EMPTY,
                        null,
                        null));
            }
        }

        private void changeRules() {
            List<LifecycleRule> changed = new ArrayList<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                changed.add(rule("r" + i));
            }
            rules = List.copyOf(changed);
            settings = settings.withDocument(DocumentKind.LIFECYCLE, !rules.isEmpty());
        }

        private LifecycleRule rule(String id) {
            int days = 1 + random.nextInt(3);
            LifecycleFilter filter = new LifecycleFilter(
                    random.nextBoolean() ? null : PREFIXES.get(random.nextInt(PREFIXES.size())),
                    random.nextInt(4) == 0 ? Map.of("t", "1") : Map.of(),
                    random.nextInt(5) == 0 ? random.nextInt(2) : LifecycleFilter.ANY_SIZE,
                    random.nextInt(5) == 0 ? 1 + random.nextInt(3) : LifecycleFilter.ANY_SIZE);
            boolean plain = filter.tags().isEmpty() && !filter.hasSizes();
            Expiration expiration = switch (random.nextInt(4)) {
                case 0 -> new Expiration.AfterDays(days);
                case 1 -> new Expiration.OnDate((group.nowMillis() / DAY + random.nextInt(5) - 1) * DAY);
                case 2 -> plain ? new Expiration.LoneMarker(random.nextInt(4) > 0) : null;
                default -> null;
            };
            return new LifecycleRule(
                    id,
                    random.nextInt(6) > 0,
                    false,
                    filter,
                    expiration,
                    random.nextBoolean() ? new Noncurrent(days, random.nextInt(3)) : null,
                    plain && random.nextInt(3) == 0 ? days : 0);
        }

        // What leaders call

        @Override
        @SuppressWarnings("unchecked")
        public <R extends Reply> CompletableFuture<R> submit(GroupId to, RequestId request, Command<R> command) {
            try {
                meanwhile();
                if (random.nextDouble() < faultRate) {
                    return CompletableFuture.failedFuture(new MetadataUnavailableException("before", null));
                }
                List<ObjectVersion> before = versions();
                List<Upload> uploadsBefore = uploads();
                R reply = group.tell(request, command);
                check(before, uploadsBefore);
                return random.nextDouble() < faultRate
                        ? CompletableFuture.failedFuture(new MetadataUnavailableException("after", null))
                        : CompletableFuture.completedFuture(reply);
            } catch (RefusedException e) {
                return CompletableFuture.failedFuture(e);
            }
        }

        private void meanwhile() throws RefusedException {
            if (clientsAct && random.nextInt(3) == 0) {
                act();
            }
        }

        /** What a leader's command has removed or hidden was to go, and still was what it had been. */
        private void check(List<ObjectVersion> before, List<Upload> uploadsBefore) throws RefusedException {
            Map<Long, ObjectVersion> after = new HashMap<>();
            versions().forEach(version -> after.put(version.version().sequence(), version));
            Set<String> expiredKeys = new HashSet<>();
            for (ObjectVersion version : before) {
                if (version.latest() && is(version, LifecycleRemoval.Kind.OBJECT)) {
                    expiredKeys.add(version.key());
                }
            }
            Set<Long> known = new HashSet<>();
            for (ObjectVersion version : before) {
                known.add(version.version().sequence());
                if (after.containsKey(version.version().sequence())) {
                    continue;
                }
                removed++;
                assertThat(version.attributes().lock().forbidsDeletion(group.nowMillis(), false))
                        .as("locked: %s", version)
                        .isFalse();
                // A null marker takes the place of the null version, wherever that is.
                boolean replaced = version.nullVersion()
                        && versioning == Versioning.SUSPENDED
                        && expiredKeys.contains(version.key());
                boolean allowed = version.latest()
                        ? is(version, LifecycleRemoval.Kind.MARKER)
                                || is(version, LifecycleRemoval.Kind.OBJECT) && versioning == Versioning.UNVERSIONED
                        : is(version, LifecycleRemoval.Kind.VERSION);
                assertThat(allowed || replaced)
                        .as("removed: %s by %s", version, rules)
                        .isTrue();
            }
            after.forEach((sequence, version) -> {
                if (!known.contains(sequence)) {
                    assertThat(version.deleteMarker() && expiredKeys.contains(version.key()))
                            .as("made: %s", version)
                            .isTrue();
                }
            });
            Set<String> uploadsAfter = new HashSet<>();
            uploads().forEach(upload -> uploadsAfter.add(upload.id().toString()));
            for (Upload upload : uploadsBefore) {
                String id = upload.id().toString();
                assertThat(uploadsAfter.contains(id) || dueUploads.contains(id) || wasDueUploads.contains(id))
                        .as("aborted: %s", upload)
                        .isTrue();
            }
        }

        private boolean is(ObjectVersion version, LifecycleRemoval.Kind kind) {
            long sequence = version.version().sequence();
            return due.getOrDefault(sequence, Set.of()).contains(kind)
                    || wasDue.getOrDefault(sequence, Set.of()).contains(kind);
        }

        @Override
        @SuppressWarnings("unchecked")
        public <R extends Reply> CompletableFuture<R> query(GroupId to, Query<R> query) {
            try {
                meanwhile();
                if (random.nextDouble() < faultRate) {
                    return CompletableFuture.failedFuture(new MetadataUnavailableException("no leader", null));
                }
                return CompletableFuture.completedFuture(to.isSystem() ? (R) system(query) : group.ask(query));
            } catch (RefusedException e) {
                return CompletableFuture.failedFuture(e);
            }
        }

        private Reply system(Query<?> query) throws RefusedException {
            return switch (query) {
                case SystemQuery.ListBuckets q -> new Reply.BucketsReply(List.of(bucket()), false);
                case SystemQuery.GetBucketDocument q -> {
                    if (rules.isEmpty()) {
                        throw new RefusedException(Refusal.NO_SUCH_DOCUMENT);
                    }
                    yield new Reply.BucketDocumentReply(
                            settings.revisionOf(q.kind()), LifecycleCodec.encode(new LifecycleRules(rules, false)));
                }
                default -> throw new AssertionError("unexpected " + query);
            };
        }

        private Bucket bucket() {
            return new Bucket(
                    TestGroup.BUCKET,
                    "b",
                    TestGroup.OWNER,
                    "us-east-1",
                    0,
                    Bucket.State.ACTIVE,
                    "",
                    List.of(new Partition(
                            TestGroup.PARTITION.partition(), "", "", TestGroup.GROUP, TestGroup.PARTITION.epoch())),
                    settings);
        }

        @Override
        public boolean leads(GroupId asked) {
            return asked.equals(TestGroup.GROUP);
        }

        @Override
        public List<GroupId> local() {
            return List.of(TestGroup.GROUP);
        }

        @Override
        public List<GroupId> all() {
            return List.of(TestGroup.GROUP);
        }

        @Override
        public void close() {
            group.close();
        }
    }
}
