package io.coffer.gateway.client;

import io.coffer.common.concurrent.CoarseWait;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.RequestId;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.BucketCommand;
import io.coffer.common.metadata.BucketQuery;
import io.coffer.common.metadata.Command;
import io.coffer.common.metadata.KeyOrder;
import io.coffer.common.metadata.MetadataClient;
import io.coffer.common.metadata.MetadataUnavailableException;
import io.coffer.common.metadata.Partition;
import io.coffer.common.metadata.PartitionRef;
import io.coffer.common.metadata.Query;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.SystemCommand;
import io.coffer.common.metadata.SystemQuery;
import io.coffer.common.trace.Span;
import io.coffer.common.trace.Tracing;
import io.coffer.common.trace.Work;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Blocking calls to the metadata groups, for the request's own thread: finds the group of a key, repeats a call that found no
 * leader inside its deadline, always under one request id, and follows a partition that has moved. Without a leader the answer is
 * ServiceUnavailable at the deadline; under overload it is SlowDown, soon. Thread-safe.
 */
public final class MetadataService {
    private static final Logger LOG = LoggerFactory.getLogger(MetadataService.class);

    /** How often a call follows a partition map that changed under it. */
    private static final int MAX_REROUTES = 4;

    /** How often a call that was turned away is repeated: load that stays after that must fall, and only clients can do that. */
    private static final int MAX_OVERLOADED_REPEATS = 3;

    /** How long a group may take to show that it has a leader. */
    private static final Duration MOMENT = Duration.ofSeconds(2);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(500);

    private final MetadataClient client;
    private final InstantSource births;
    private final Supplier<RandomGenerator> random;
    private final Duration deadline;
    private final LongAdder repeats = new LongAdder();
    private final LongAdder unanswered = new LongAdder();

    /**
     * @param random a source for the calling thread
     * @param deadline how long one call may take altogether
     */
    public MetadataService(
            MetadataClient client, InstantSource clock, Supplier<RandomGenerator> random, Duration deadline) {
        this.client = client;
        this.births = () -> Instant.ofEpochMilli(client.birthMillis(clock.millis()));
        this.random = random;
        this.deadline = deadline;
    }

    /** Calls that were made again, since the start: no leader was found, or it had too much to do. */
    public long repeats() {
        return repeats.sum();
    }

    /** Calls that were given up, since the start. */
    public long unanswered() {
        return unanswered.sum();
    }

    /** The form in which bucket names are looked up and must be unique. */
    public static String fold(String bucketName) {
        return bucketName.toLowerCase(Locale.ROOT);
    }

    /** The bucket a client means. NoSuchBucket when there is none, or not yet. */
    public Bucket bucket(String name) throws S3Exception {
        try {
            Bucket bucket = ask(new SystemQuery.GetBucket(fold(name))).bucket();
            if (bucket.state() != Bucket.State.CREATING && bucket.name().equals(name)) {
                return bucket;
            }
        } catch (RefusedException e) {
            if (e.refusal() != Refusal.NO_SUCH_BUCKET) {
                throw Refusals.toS3(e);
            }
        }
        throw new S3Exception(S3Error.NO_SUCH_BUCKET).with("BucketName", name);
    }

    public <R extends Reply> R ask(SystemQuery<R> query) throws RefusedException, S3Exception {
        return ask(GroupId.SYSTEM, query);
    }

    public <R extends Reply> R tell(SystemCommand<R> command) throws RefusedException, S3Exception {
        return tell(GroupId.SYSTEM, command);
    }

    /** Asks the group that holds the key. */
    public <R extends Reply> R ask(Bucket bucket, String key, Function<PartitionRef, ? extends BucketQuery<R>> query)
            throws RefusedException, S3Exception {
        return routed(bucket, key, partition -> ask(partition.group(), query.apply(ref(bucket, partition))));
    }

    /** Commits a command in the group that holds the key. */
    public <R extends Reply> R tell(
            Bucket bucket, String key, Function<PartitionRef, ? extends BucketCommand<R>> command)
            throws RefusedException, S3Exception {
        return routed(bucket, key, partition -> tell(partition.group(), command.apply(ref(bucket, partition))));
    }

    /** Asks one group, without routing. */
    public <R extends Reply> R ask(GroupId group, Query<R> query) throws RefusedException, S3Exception {
        return traced(query, () -> retried(() -> client.query(group, query)));
    }

    /** When what is made now should be born: {@link MetadataClient#birthMillis}. */
    public InstantSource births() {
        return births;
    }

    /** Commits a command in one group, without routing. */
    public <R extends Reply> R tell(GroupId group, Command<R> command) throws RefusedException, S3Exception {
        RequestId request = RequestId.create(births.millis(), random.get());
        return traced(command, () -> retried(() -> client.submit(group, request, command)));
    }

    /** Which of these groups don't answer a read now, each being given a moment. */
    public Set<GroupId> silent(Collection<GroupId> groups) throws S3Exception {
        Map<GroupId, CompletableFuture<?>> asked = new HashMap<>();
        for (GroupId group : groups) {
            asked.put(
                    group,
                    group.isSystem()
                            ? client.query(group, new SystemQuery.GetClusterId())
                            : client.query(group, new BucketQuery.FindUnreferenced(List.of())));
        }
        long end = System.nanoTime() + MOMENT.toNanos();
        Set<GroupId> silent = new HashSet<>();
        for (Map.Entry<GroupId, CompletableFuture<?>> one : asked.entrySet()) {
            try {
                one.getValue().get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (ExecutionException | TimeoutException e) {
                LOG.debug("metadata group {} doesn't answer", one.getKey().value(), e);
                silent.add(one.getKey());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new S3Exception(S3Error.SERVICE_UNAVAILABLE);
            }
        }
        return silent;
    }

    public static PartitionRef ref(Bucket bucket, Partition partition) {
        return new PartitionRef(bucket.id(), partition.id(), partition.epoch());
    }

    /** The partition that holds a key. */
    public static Partition partitionOf(Bucket bucket, String key) {
        List<Partition> partitions = bucket.partitions();
        int low = 0;
        int high = partitions.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (KeyOrder.compare(partitions.get(middle).startKey(), key) <= 0) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return partitions.get(low);
    }

    private <R> R routed(Bucket bucket, String key, PartitionCall<R> call) throws RefusedException, S3Exception {
        Bucket current = bucket;
        for (int attempt = 0; ; attempt++) {
            try {
                return call.on(partitionOf(current, key));
            } catch (RefusedException e) {
                if (e.refusal() != Refusal.WRONG_PARTITION || attempt == MAX_REROUTES) {
                    throw e;
                }
            }
            current = bucket(bucket.name());
            if (!current.id().equals(bucket.id())) {
                throw new S3Exception(S3Error.NO_SUCH_BUCKET).with("BucketName", bucket.name());
            }
        }
    }

    /** @param what names the span */
    private static <R> R traced(Object what, MetadataCall<R> call) throws RefusedException, S3Exception {
        if (!Tracing.isOn()) {
            return call.run();
        }
        Span span = Tracing.call("metadata " + what.getClass().getSimpleName());
        try (Work.Scope scope = Work.current().in(span).enter()) {
            return call.run();
        } catch (RefusedException e) {
            span.put("error.type", e.refusal().name());
            throw e;
        } catch (S3Exception e) {
            span.fail(e.error().code());
            throw e;
        } finally {
            span.end();
        }
    }

    private <R> R retried(Supplier<CompletableFuture<R>> call) throws RefusedException, S3Exception {
        long start = System.nanoTime();
        Duration pause = FIRST_PAUSE;
        int turnedAway = 0;
        boolean inDoubt = false;
        while (true) {
            Duration left = deadline.minusNanos(System.nanoTime() - start);
            try {
                return await(call.get(), left);
            } catch (RefusedException e) {
                if (inDoubt && e.refusal() == Refusal.NO_SPACE) {
                    // This repeat never came to the rules: what became of the first attempt isn't known.
                    throw Refusals.toS3(e);
                }
                throw e;
            } catch (MetadataUnavailableException e) {
                boolean late = left.minus(pause).isNegative();
                switch (e.reason()) {
                    case OVERLOADED -> {
                        turnedAway++;
                        if (late || turnedAway > MAX_OVERLOADED_REPEATS) {
                            unanswered.increment();
                            throw new S3Exception(S3Error.SLOW_DOWN);
                        }
                    }
                    case NO_ANSWER, NOT_LEADER, NOT_HERE -> {
                        inDoubt = true;
                        if (late) {
                            unanswered.increment();
                            LOG.warn("metadata unavailable for {}: {}", deadline, e.getMessage());
                            throw new S3Exception(S3Error.SERVICE_UNAVAILABLE);
                        }
                    }
                }
            }
            repeats.increment();
            pause(pause);
            pause = pause.multipliedBy(2);
            if (pause.compareTo(LONGEST_PAUSE) > 0) {
                pause = LONGEST_PAUSE;
            }
        }
    }

    private static <R> R await(CompletableFuture<R> future, Duration left)
            throws RefusedException, MetadataUnavailableException, S3Exception {
        try {
            return CoarseWait.get(future, Math.max(1, left.toNanos()));
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RefusedException refused -> throw refused;
                case MetadataUnavailableException unavailable -> throw unavailable;
                case null, default ->
                    throw new IllegalStateException("a metadata call failed with a bug", e.getCause());
            }
        } catch (TimeoutException e) {
            throw new MetadataUnavailableException("no answer in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new S3Exception(S3Error.SERVICE_UNAVAILABLE);
        }
    }

    private static void pause(Duration pause) throws S3Exception {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new S3Exception(S3Error.SERVICE_UNAVAILABLE);
        }
    }

    @FunctionalInterface
    private interface MetadataCall<R> {
        R run() throws RefusedException, S3Exception;
    }

    @FunctionalInterface
    private interface PartitionCall<R> {
        R on(Partition partition) throws RefusedException, S3Exception;
    }
}
