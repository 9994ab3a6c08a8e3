package io.coffer.common.checksum;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whether a vector kernel is used. Until the compiler is done with it, such a kernel is a hundred times slower than
 * plain code; on a processor without the instructions it stays so; and a JVM may run without the module. So it is run on a
 * thread of its own until it is clearly faster than the plain code and gives the same result, or for long enough.
 */
final class KernelProbe {
    private static final Logger LOG = LoggerFactory.getLogger(KernelProbe.class);

    /** The compiler takes one or two seconds of CPU; a busy machine just started may give it none for minutes. */
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(10);

    /** As long it looks often; from then on for a twentieth of the time. */
    private static final Duration EAGER = Duration.ofSeconds(15);

    private static final int PATIENT_PAUSE = 20;

    /** Clearly faster: what timing makes of two equals it doesn't take for a gain. */
    private static final double REQUIRED_GAIN = 1.3;

    /** A round that was interrupted by others looks slow, so the best of some counts. */
    private static final int ROUNDS = 9;

    /** Between looks, so that the probe takes no core from those who work. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final String name;
    private final LongSupplier plain;
    private final LongSupplier vector;
    private final Duration eager;
    private final AtomicBoolean started = new AtomicBoolean();
    private final CountDownLatch decided = new CountDownLatch(1);
    private volatile boolean faster;

    /** Both suppliers do the same work on the same data, some 100 microseconds of it, and give the same result. */
    KernelProbe(String name, LongSupplier plain, LongSupplier vector) {
        this(name, plain, vector, EAGER);
    }

    KernelProbe(String name, LongSupplier plain, LongSupplier vector, Duration eager) {
        this.name = name;
        this.plain = plain;
        this.vector = vector;
        this.eager = eager;
    }

    /** False until decided; the first call starts the probe. */
    boolean vectorIsFaster() {
        if (!faster) {
            start();
        }
        return faster;
    }

    void start() {
        if (!started.get() && started.compareAndSet(false, true)) {
            Thread.ofPlatform().daemon().name("probe-" + name).start(this::run);
        }
    }

    /** Waits for the decision, starting the probe if need be. */
    boolean awaitDecision(Duration timeout) throws InterruptedException {
        start();
        return decided.await(timeout.toNanos(), TimeUnit.NANOSECONDS) && faster;
    }

    private void run() {
        try {
            decide();
        } catch (LinkageError | RuntimeException e) {
            LOG.info("{}: plain code in use, the vector kernel can't run here: {}", name, e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            decided.countDown();
        }
    }

    private void decide() throws InterruptedException {
        long expected = plain.getAsLong();
        long start = System.nanoTime();
        double gain = 0;
        while (System.nanoTime() - start < PATIENCE_NANOS) {
            long look = System.nanoTime();
            if (vector.getAsLong() != expected) {
                LOG.error("{}: the vector kernel computes wrong results on this machine; plain code in use", name);
                return;
            }
            gain = (double) best(plain) / best(vector);
            if (gain >= REQUIRED_GAIN) {
                faster = true;
                LOG.info(
                        "{}: vector kernel in use, {} times as fast as plain code", name, Math.round(gain * 10) / 10.0);
                return;
            }
            long now = System.nanoTime();
            long pause = now - start < eager.toNanos() ? 0 : PATIENT_PAUSE * (now - look);
            TimeUnit.NANOSECONDS.sleep(Math.max(PAUSE_NANOS, pause));
        }
        LOG.info(
                "{}: plain code in use, the vector kernel runs at {} of its speed",
                name,
                Math.round(gain * 100) / 100.0);
    }

    private static long best(LongSupplier work) {
        long best = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            var _ = work.getAsLong();
            best = Math.min(best, System.nanoTime() - start);
        }
        return best;
    }
}
