package io.coffer.dataserver.background;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread that brings a node's members up to date and tidies after them, a step of each in turn. */
public final class RepairThread implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RepairThread.class);

    /** After a bug: the other steps go on. */
    private static final Duration AFTER_A_BUG = Duration.ofSeconds(10);

    private final List<RepairStep> steps;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;

    private RepairThread(List<RepairStep> steps) {
        this.steps = steps;
        this.thread = Thread.ofPlatform().name("catch-up").daemon().unstarted(this::run);
    }

    /** Starts it. */
    public static RepairThread start(CatchUp catchUp, StrayChunks strays) {
        RepairThread started = new RepairThread(List.of(catchUp, strays));
        started.thread.start();
        return started;
    }

    private void run() {
        try {
            Duration pause = Duration.ZERO;
            while (!closing.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
                pause = AFTER_A_BUG;
                for (RepairStep step : steps) {
                    Duration idle = run(step);
                    pause = idle.compareTo(pause) < 0 ? idle : pause;
                }
            }
        } catch (InterruptedException e) {
            // closed
        }
    }

    private static Duration run(RepairStep step) throws InterruptedException {
        try {
            return step.step();
        } catch (RuntimeException e) {
            LOG.error("{} failed", step.getClass().getSimpleName(), e);
            return AFTER_A_BUG;
        }
    }

    /** Ends soon: what is under way is given up. */
    @Override
    public void close() throws InterruptedException {
        closing.countDown();
        thread.interrupt();
        thread.join();
    }
}
