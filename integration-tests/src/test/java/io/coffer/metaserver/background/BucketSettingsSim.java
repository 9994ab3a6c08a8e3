package io.coffer.metaserver.background;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coffer.common.id.AccountId;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.PartitionId;
import io.coffer.common.id.RequestId;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.BucketCommand;
import io.coffer.common.metadata.BucketQuery;
import io.coffer.common.metadata.BucketSetting;
import io.coffer.common.metadata.Command;
import io.coffer.common.metadata.MetadataClient;
import io.coffer.common.metadata.ObjectAttributes;
import io.coffer.common.metadata.ObjectVersion;
import io.coffer.common.metadata.Partition;
import io.coffer.common.metadata.Payload;
import io.coffer.common.metadata.Query;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.SystemCommand;
import io.coffer.common.metadata.Versioning;
import io.coffer.common.metadata.WriteCondition;
import io.coffer.common.time.ManualTime;
import io.coffer.gateway.client.BucketCache;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.object.BucketChanges;
import io.coffer.gateway.object.BucketLifecycle;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.metaserver.command.CommandBatch;
import io.coffer.metaserver.command.CommandBatchCodec;
import io.coffer.metaserver.command.Outcome;
import io.coffer.metaserver.machine.GroupMachine;
import io.coffer.metaserver.query.MapListener;
import io.coffer.metaserver.store.StoreResources;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Gateways that switch the versioning of a bucket in two groups, and others that write and delete with a view of it that is up to a
 * second old, on one thread: rules, gateways' changes and caches and the finisher are the real ones; calls and time are simulated. Inside
 * any call another gateway may act, and a gateway may die before or behind it. What a change that was acknowledged promises holds for
 * every write and delete behind it: while versioning is enabled nothing that was there goes away.
 */
final class BucketSettingsSim {
    private static final int RUNS = Integer.getInteger("runs", 40);
    private static final int STEPS = 120;
    private static final String MIDDLE = "m";
    private static final GroupId LOW = new GroupId(1);
    private static final GroupId HIGH = new GroupId(2);

    @TempDir
    Path directory;

    @Test
    void nothingGoesAwayBehindAnEnableThatWasAcknowledged() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("BucketSettingsSim -Dseed=" + seed);
        for (int run = 0; run < RUNS; run++) {
            simulate(seed + run, true);
        }
    }

    @Test
    void withoutTellingPartitionsItFails() {
        assertThatThrownBy(() -> {
                    for (int run = 0; run < RUNS; run++) {
                        simulate(run, false);
                    }
                })
                .isInstanceOf(AssertionError.class);
    }

    private void simulate(long seed, boolean tellsPartitions) throws Exception {
        Path own = Files.createTempDirectory(directory, "run");
        try (Run run = new Run(own, new Random(seed), tellsPartitions)) {
            run.simulate();
        } catch (AssertionError e) {
            throw new AssertionError("-Dseed=" + seed + ": " + e.getMessage(), e);
        }
    }

    /** The end of a gateway. */
    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private static final class Run implements MetadataClient, Groups, AutoCloseable {
        private final Random random;
        private final boolean tellsPartitions;
        private final ManualTime time = new ManualTime(1_800_000_000_000L);
        private final StoreResources resources = new StoreResources(8 << 20, 8 << 20);
        private final Map<GroupId, GroupMachine> machines = new HashMap<>();
        private final InstantSource clock = () -> Instant.ofEpochMilli(time.millis());
        private final MetadataService metadata;
        private final Gateway[] gateways;
        private final BucketFinisher finisher;

        /** What versioning may be as far as clients can know: more than one while a change is under way or its gateway died. */
        private final Set<Versioning> possible = EnumSet.of(Versioning.UNVERSIONED);

        private int changes;
        private int underWay;
        private long index;

        /** How deep calls are inside others; nobody acts before all is set up. */
        private int nested = 1;

        private boolean mortal;

        Run(Path directory, Random random, boolean tellsPartitions) throws S3Exception, RefusedException {
            this.random = random;
            this.tellsPartitions = tellsPartitions;
            for (GroupId group : List.of(GroupId.SYSTEM, LOW, HIGH)) {
                machines.put(
                        group,
                        GroupMachine.open(
                                group,
                                directory.resolve("group" + group.value()).toString(),
                                resources,
                                MapListener.NONE));
            }
            metadata = new MetadataService(this, clock, () -> random, Duration.ofSeconds(1));
            gateways = new Gateway[] {new Gateway(), new Gateway(), new Gateway()};
            finisher = new BucketFinisher(new Calls(this, time, random), this, time);
            AccountId owner = new AccountId("000000000001");
            metadata.tell(new SystemCommand.CreateAccount(owner, "c", "ann", "", false));
            new BucketLifecycle(metadata)
                    .create("bucket", owner, "us-east-1", io.coffer.common.metadata.BucketSettings.UNSET);
        }

        private final class Gateway {
            BucketCache buckets = new BucketCache(metadata, clock);
            BucketChanges changing = new BucketChanges(metadata, buckets);

            void startAgain() {
                buckets = new BucketCache(metadata, clock);
                changing = new BucketChanges(metadata, buckets);
            }

            void act() {
                mortal = random.nextInt(3) == 0;
                try {
                    switch (random.nextInt(6)) {
                        case 0 -> change(random.nextInt(3) == 0 ? Versioning.SUSPENDED : Versioning.ENABLED);
                        case 1 -> look();
                        case 2, 3 -> overwrite(false);
                        default -> overwrite(true);
                    }
                } catch (Killed e) {
                    startAgain();
                } catch (S3Exception | RefusedException e) {
                    throw new AssertionError(e);
                } finally {
                    mortal = false;
                }
            }

            private void change(Versioning versioning) throws S3Exception {
                possible.add(versioning);
                int begun = ++changes;
                underWay++;
                try {
                    changing.set(buckets.find("bucket"), new BucketSetting.Versions(versioning));
                } finally {
                    underWay--;
                }
                if (changes == begun && underWay == 0) {
                    possible.clear();
                    possible.add(versioning);
                }
            }

            /** Who reads the setting may rely on what it reads. */
            private void look() throws S3Exception {
                int begun = changes;
                Bucket bucket = buckets.find("bucket");
                changing.settle(bucket);
                if (changes == begun
                        && underWay == 0
                        && bucket.settings().partition().revision() == truth()) {
                    possible.clear();
                    possible.add(bucket.versioning());
                }
            }

            private void overwrite(boolean delete) throws S3Exception, RefusedException {
                Bucket bucket = buckets.recall("bucket");
                String key = random.nextBoolean() ? "a" : "z";
                Set<Long> before = versions(key);
                boolean enabled = possible.equals(EnumSet.of(Versioning.ENABLED));
                boolean versioned = !possible.contains(Versioning.UNVERSIONED);
                int begun = changes;
                boolean nullVersion = delete
                        ? metadata.tell(
                                        bucket,
                                        key,
                                        ref -> new BucketCommand.DeleteObject(
                                                ref,
                                                new BucketCommand.DeleteTarget(
                                                        key, null, WriteCondition.NONE, -1, -1, false),
                                                bucket.versioning(),
                                                bucket.owner()))
                                .nullVersion()
                        : metadata.tell(
                                        bucket,
                                        key,
                                        ref -> new BucketCommand.PutObject(
                                                ref,
                                                key,
                                                bucket.owner(),
                                                "d41d8cd98f00b204e9800998ecf8427e",
                                                1,
                                                null,
                                                ObjectAttributes.EMPTY,
                                                new Payload.Inline(ByteBuffer.allocate(1)),
                                                WriteCondition.NONE,
                                                bucket.versioning()))
                                .nullVersion();
                if (begun != changes) {
                    return;
                }
                if (enabled) {
                    assertThat(versions(key)).as("versions of %s", key).containsAll(before);
                    assertThat(nullVersion)
                            .as("%s became the null version", key)
                            .isFalse();
                } else if (versioned && !nullVersion) {
                    assertThat(possible).contains(Versioning.ENABLED);
                }
            }
        }

        private long truth() {
            return bucket().settings().partition().revision();
        }

        private Bucket bucket() {
            return ((Reply.BucketReply)
                            answer(GroupId.SYSTEM, new io.coffer.common.metadata.SystemQuery.GetBucket("bucket")))
                    .bucket();
        }

        private Set<Long> versions(String key) {
            Bucket bucket = split(bucket());
            Partition partition = MetadataService.partitionOf(bucket, key);
            Reply.VersionsPage page = (Reply.VersionsPage) answer(
                    partition.group(),
                    new BucketQuery.ListVersions(
                            MetadataService.ref(bucket, partition), key, "", "", null, BucketQuery.MAX_PAGE));
            Set<Long> found = new HashSet<>();
            page.entries().forEach(entry -> {
                if (entry instanceof Reply.Entry.Item<ObjectVersion>(ObjectVersion version)) {
                    found.add(version.version().sequence());
                }
            });
            return found;
        }

        private Reply answer(GroupId group, Query<?> query) {
            try {
                return machines.get(group).answer(query);
            } catch (RefusedException e) {
                throw new AssertionError(e);
            }
        }

        void simulate() throws Exception {
            nested = 0;
            for (int step = 0; step < STEPS; step++) {
                time.advance(Duration.ofMillis(random.nextInt(400)));
                gateways[random.nextInt(gateways.length)].act();
                if (random.nextInt(20) == 0) {
                    finish();
                }
            }
            nested = 1;
            finish();
            assertThat(bucket().settings().isPending()).isFalse();
        }

        private void finish() throws Exception {
            finisher.run();
            time.advance(Duration.ofMinutes(1));
            int begun = changes;
            finisher.run();
            if (begun == changes && !bucket().settings().isPending()) {
                possible.clear();
                possible.add(bucket().versioning());
            }
        }

        /** Others act inside a call, and who calls may die before or behind it. */
        private boolean disturb() {
            boolean dies = mortal && random.nextInt(4) == 0;
            if (nested == 0 && random.nextInt(6) == 0) {
                boolean outer = mortal;
                nested++;
                gateways[random.nextInt(gateways.length)].act();
                nested--;
                mortal = outer;
            }
            return dies;
        }

        /** The bucket as if it had been split, which no rule does yet. */
        private static Bucket split(Bucket bucket) {
            long epoch = bucket.partitions().getFirst().epoch();
            return new Bucket(
                    bucket.id(),
                    bucket.name(),
                    bucket.owner(),
                    bucket.region(),
                    bucket.createdMillis(),
                    bucket.state(),
                    bucket.policy(),
                    List.of(
                            new Partition(new PartitionId(1), "", MIDDLE, LOW, epoch),
                            new Partition(new PartitionId(2), MIDDLE, "", HIGH, epoch)),
                    bucket.settings());
        }

        @SuppressWarnings("unchecked")
        private static <R extends Reply> R seen(R reply) {
            return switch ((Reply) reply) {
                case Reply.BucketReply(Bucket bucket) -> (R) new Reply.BucketReply(split(bucket));
                case Reply.BucketsReply page ->
                    (R) new Reply.BucketsReply(
                            page.buckets().stream().map(Run::split).toList(), page.truncated());
                default -> reply;
            };
        }

        @Override
        @SuppressWarnings("unchecked")
        public <R extends Reply> CompletableFuture<R> submit(GroupId group, RequestId request, Command<R> command) {
            boolean dies = disturb();
            if (dies && random.nextBoolean()) {
                throw new Killed();
            }
            CompletableFuture<R> answer;
            if (!tellsPartitions && command instanceof BucketCommand.ApplySettings) {
                answer = CompletableFuture.completedFuture((R) Reply.DONE);
            } else {
                CommandBatch batch =
                        new CommandBatch(time.millis() * 1000, 0, List.of(new CommandBatch.Envelope(request, command)));
                answer = switch (machines.get(group)
                        .applyBatch(1, ++index, CommandBatchCodec.decode(CommandBatchCodec.encode(batch)))
                        .getFirst()) {
                    case Outcome.Applied applied -> CompletableFuture.completedFuture((R) seen(applied.reply()));
                    case Outcome.Refused refused -> CompletableFuture.failedFuture(refused.why());
                };
            }
            if (dies) {
                throw new Killed();
            }
            return answer;
        }

        @Override
        public <R extends Reply> CompletableFuture<R> query(GroupId group, Query<R> query) {
            if (disturb()) {
                throw new Killed();
            }
            try {
                return CompletableFuture.completedFuture(
                        seen(machines.get(group).answer(query)));
            } catch (RefusedException e) {
                return CompletableFuture.failedFuture(e);
            }
        }

        @Override
        public boolean leads(GroupId group) {
            return true;
        }

        @Override
        public List<GroupId> local() {
            return List.of(LOW, HIGH);
        }

        @Override
        public List<GroupId> all() {
            return local();
        }

        @Override
        public void close() {
            machines.values().forEach(GroupMachine::close);
            resources.close();
        }
    }
}
