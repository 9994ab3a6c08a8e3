package io.coffer.deploy.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Supplier;

/**
 * One run: prepares, warms up, measures. One thread per connection, each blocking in its own socket; what they share they
 * touch once per operation.
 */
final class BenchRun {
    private static final Duration RETRY_PAUSE = Duration.ofMillis(100);
    private static final Duration LIVE_INTERVAL = Duration.ofSeconds(1);
    private static final double NANOS_PER_SECOND = 1e9;
    private static final int LIVE_COLUMNS = 100;

    private final BenchSettings settings;
    private final InstantSource clock;
    private final Optional<ServerProcess> server;
    private final Optional<PrintStream> live;
    private final SplittableRandom seeds;

    /** The sequence of the last acknowledged write of each key. */
    private final AtomicLongArray acknowledged;

    private final long firstSequence;
    private final AtomicLong sequence;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicLong left;

    private volatile boolean stopped;
    private volatile boolean measuring;
    private CountDownLatch running = new CountDownLatch(0);

    /** @param live gets a line per second */
    BenchRun(BenchSettings settings, InstantSource clock, Optional<ServerProcess> server, Optional<PrintStream> live) {
        this.settings = settings;
        this.clock = clock;
        this.server = server;
        this.live = live;
        this.seeds = new SplittableRandom(clock.millis());
        this.acknowledged = new AtomicLongArray(settings.objects());
        // Later runs on the same keys must not look older.
        this.firstSequence = clock.millis() * 1000;
        this.sequence = new AtomicLong(firstSequence);
        this.left = new AtomicLong(Long.MAX_VALUE);
    }

    /** What one worker does, over and over; returns the bytes it moved, or -1 when nothing is left to do. */
    private interface Step {
        long run(S3Client client, SplittableRandom random) throws IOException, S3Client.FailedException;
    }

    BenchResult run() throws IOException, InterruptedException {
        try (S3Client client = new S3Client(settings, clock)) {
            client.createBucket();
        } catch (S3Client.FailedException e) {
            throw new IOException("can't make bucket " + settings.bucket() + ": " + e.code(), e);
        }
        if (settings.prepare() && settings.workload().readsObjects()) {
            prepare();
        }
        next.set(0);
        return measure();
    }

    private void prepare() throws IOException, InterruptedException {
        try (S3Client client = new S3Client(settings, clock)) {
            // Whoever made the last made all, unless they have been deleted since.
            if (settings.workload() != Workload.DELETE && client.exists(settings.key(settings.objects() - 1))) {
                return;
            }
        }
        measuring = true;
        List<Tally> tallies = start(() -> (client, _) -> {
            int index = next.getAndIncrement();
            return index < settings.objects() ? put(client, index) : -1;
        });
        Tally all = watch("prepare", tallies, Long.MAX_VALUE);
        measuring = false;
        if (all.operations() < settings.objects()) {
            throw new IOException("could not prepare the objects: " + all.errors());
        }
    }

    private BenchResult measure() throws IOException, InterruptedException {
        left.set(settings.operations() > 0 ? settings.operations() : Long.MAX_VALUE);
        List<Tally> tallies = List.of();
        if (!settings.warmup().isZero()) {
            tallies = start(this::step);
            running.await(settings.warmup().toNanos(), TimeUnit.NANOSECONDS);
        }
        double clientBefore = clientCpuSeconds();
        double serverBefore = serverCpuSeconds();
        long begin = System.nanoTime();
        measuring = true;
        if (settings.warmup().isZero()) {
            tallies = start(this::step);
        }
        Tally all = watch(
                settings.workload().name().toLowerCase(Locale.ROOT),
                tallies,
                begin + settings.duration().toNanos());
        double serverAfter = serverCpuSeconds();
        double clientAfter = clientCpuSeconds();
        long resident = server.isPresent() ? server.get().residentBytes() : 0;
        double seconds = Math.max(all.lastNanos() - begin, 1) / NANOS_PER_SECOND;
        return new BenchResult(
                settings.workload(),
                settings.concurrency(),
                settings.size(),
                seconds,
                all,
                clientAfter - clientBefore,
                server.isPresent() ? serverAfter - serverBefore : -1,
                resident);
    }

    private static double clientCpuSeconds() {
        var system = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return system.getProcessCpuTime() / NANOS_PER_SECOND;
    }

    private double serverCpuSeconds() throws IOException {
        return server.isPresent() ? server.get().cpuTime().toNanos() / NANOS_PER_SECOND : 0;
    }

    // The workers

    private List<Tally> start(Supplier<Step> steps) {
        stopped = false;
        running = new CountDownLatch(settings.concurrency());
        List<Tally> tallies = new ArrayList<>();
        for (int i = 0; i < settings.concurrency(); i++) {
            Tally tally = new Tally();
            Step step = steps.get();
            SplittableRandom random = seeds.split();
            tallies.add(tally);
            Thread.ofPlatform().daemon().name("bench-" + i).start(() -> work(tally, step, random));
        }
        return tallies;
    }

    private void work(Tally tally, Step step, SplittableRandom random) {
        try (S3Client client = new S3Client(settings, clock)) {
            while (!stopped) {
                boolean counts = measuring;
                if (counts && left.getAndDecrement() <= 0 || !once(client, tally, step, random, counts)) {
                    return;
                }
            }
        } catch (IOException e) {
            // closing what is closed already
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            running.countDown();
        }
    }

    /** Returns whether there is more to do. */
    private static boolean once(S3Client client, Tally tally, Step step, SplittableRandom random, boolean counts)
            throws InterruptedException {
        long begin = System.nanoTime();
        try {
            long bytes = step.run(client, random);
            long end = System.nanoTime();
            if (bytes >= 0 && counts) {
                tally.succeeded(end - begin, bytes, end);
            }
            return bytes >= 0;
        } catch (S3Client.FailedException e) {
            if (counts || e.isLie()) {
                tally.failed(e.code(), e.isLie(), System.nanoTime());
            }
        } catch (IOException e) {
            if (counts) {
                tally.failed(e.getClass().getSimpleName(), false, System.nanoTime());
            }
            Thread.sleep(RETRY_PAUSE);
        }
        return true;
    }

    /** Waits for the workers' end, or ends them at the deadline; says every second how it goes. */
    private Tally watch(String name, List<Tally> tallies, long endNanos) throws InterruptedException {
        long begin = System.nanoTime();
        long before = 0;
        while (true) {
            long wait = Math.min(LIVE_INTERVAL.toNanos(), endNanos - System.nanoTime());
            if (wait <= 0 || running.await(wait, TimeUnit.NANOSECONDS)) {
                break;
            }
            before = tell(name, tallies, begin, before);
        }
        stopped = true;
        running.await();
        live.ifPresent(out -> out.print('\r' + " ".repeat(LIVE_COLUMNS) + '\r'));
        Tally all = new Tally();
        tallies.forEach(all::merge);
        return all;
    }

    private long tell(String name, List<Tally> tallies, long begin, long before) {
        long operations = 0;
        long bytes = 0;
        long failures = 0;
        for (Tally tally : tallies) {
            operations += tally.operations();
            bytes += tally.bytes();
            failures += tally.failures();
        }
        double seconds = (System.nanoTime() - begin) / NANOS_PER_SECOND;
        String line = String.format(
                Locale.ROOT,
                "%s %.0f s: %,d operations (%,d in the last second), %.1f MB/s, %,d errors",
                name,
                seconds,
                operations,
                operations - before,
                bytes / seconds / 1e6,
                failures);
        live.ifPresent(out -> {
            out.print('\r' + line + " ".repeat(Math.max(0, LIVE_COLUMNS - line.length())));
            out.flush();
        });
        return operations;
    }

    // The operations

    private Step step() {
        return switch (settings.workload()) {
            case PUT -> (client, _) -> put(client, Math.floorMod(next.getAndIncrement(), settings.objects()));
            case GET -> (client, random) -> get(client, random.nextInt(settings.objects()));
            case MIXED ->
                (client, random) -> {
                    int index = random.nextInt(settings.objects());
                    return random.nextInt(100) < settings.writePercent() ? put(client, index) : get(client, index);
                };
            case DELETE -> (client, _) -> delete(client);
            case LIST -> list();
        };
    }

    private static Step list() {
        String[] token = {""};
        return (client, _) -> {
            token[0] = client.list(token[0]);
            return 0;
        };
    }

    private long put(S3Client client, int index) throws IOException, S3Client.FailedException {
        long mine = sequence.incrementAndGet();
        client.put(settings.key(index), mine);
        acknowledged.accumulateAndGet(index, mine, Math::max);
        return settings.size();
    }

    private long get(S3Client client, int index) throws IOException, S3Client.FailedException {
        long atLeast = acknowledged.get(index);
        long found = client.get(settings.key(index));
        // Writes at the same time may end in either order, so only this can be told: once a write of this run was
        // acknowledged,
        // no read may find one from before it.
        if (found >= 0 && atLeast > 0 && found < firstSequence) {
            throw new S3Client.FailedException("StaleRead");
        }
        return settings.size();
    }

    private long delete(S3Client client) throws IOException, S3Client.FailedException {
        int first = next.getAndAdd(settings.batch());
        if (first >= settings.objects()) {
            return -1;
        }
        if (settings.batch() == 1) {
            client.delete(settings.key(first));
            return 0;
        }
        List<String> keys = new ArrayList<>(settings.batch());
        for (int i = first; i < Math.min(first + settings.batch(), settings.objects()); i++) {
            keys.add(settings.key(i));
        }
        client.delete(keys);
        return 0;
    }
}
