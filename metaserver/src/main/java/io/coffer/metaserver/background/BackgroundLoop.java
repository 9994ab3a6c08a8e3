package io.coffer.metaserver.background;

import io.coffer.common.metadata.MetadataUnavailableException;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.time.Ticker;
import java.io.Closeable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs steps one after the other on one daemon thread, each at its own pace: soon again while it finds work, rarely otherwise. A
 * step that fails waits for its next turn.
 */
final class BackgroundLoop implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(BackgroundLoop.class);

    private final Ticker ticker;
    private final List<Turn> turns = new ArrayList<>();
    private final Thread thread;

    /**
     * A step and its pace.
     *
     * @param busyPause before the next run when there is more to do: what bounds its share of disks and groups
     * @param idlePause before the next run otherwise
     */
    record Task(String name, Step step, Duration busyPause, Duration idlePause) {}

    private static final class Turn {
        final Task task;
        long dueNanos;

        Turn(Task task, long dueNanos) {
            this.task = task;
            this.dueNanos = dueNanos;
        }
    }

    BackgroundLoop(List<Task> tasks, Ticker ticker) {
        this("metadata-background", tasks, ticker);
    }

    BackgroundLoop(String name, List<Task> tasks, Ticker ticker) {
        this.thread = Thread.ofPlatform().daemon().name(name).unstarted(this::loop);
        this.ticker = ticker;
        for (Task task : tasks) {
            turns.add(new Turn(task, ticker.nanos() + task.busyPause().toNanos()));
        }
    }

    void start() {
        thread.start();
    }

    /** Runs every step that is due, once, and says how long it is until the next one is. */
    Duration runDue() throws InterruptedException {
        for (Turn turn : turns) {
            if (turn.dueNanos - ticker.nanos() <= 0) {
                Step.Progress progress = run(turn.task);
                Duration pause = progress == Step.Progress.MORE ? turn.task.busyPause() : turn.task.idlePause();
                turn.dueNanos = ticker.nanos() + pause.toNanos();
            }
        }
        long now = ticker.nanos();
        long next = Long.MAX_VALUE;
        for (Turn turn : turns) {
            next = Math.min(next, Math.max(0, turn.dueNanos - now));
        }
        return Duration.ofNanos(next);
    }

    private static Step.Progress run(Task task) throws InterruptedException {
        try {
            return task.step().run();
        } catch (MetadataUnavailableException e) {
            LOG.debug("{} waits for the metadata: {}", task.name(), e.getMessage());
        } catch (RefusedException e) {
            LOG.warn("{} was refused: {}", task.name(), e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("{} failed; it is tried again in {}", task.name(), task.idlePause(), e);
        }
        return Step.Progress.DONE;
    }

    private void loop() {
        try {
            while (true) {
                Thread.sleep(runDue());
            }
        } catch (InterruptedException e) {
            // closed
        }
    }

    /** Waits for the step under way. */
    @Override
    public void close() {
        thread.interrupt();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
