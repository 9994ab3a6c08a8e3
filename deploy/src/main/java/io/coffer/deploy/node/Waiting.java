package io.coffer.deploy.node;

import io.coffer.deploy.server.StartException;
import java.time.Duration;
import java.util.Optional;

/** Waits, at a start, for what other processes have to bring about. */
final class Waiting {
    /** A whole cluster may be starting on busy machines. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final Duration PAUSE = Duration.ofMillis(250);

    private Waiting() {}

    /** What is asked for again and again. */
    @FunctionalInterface
    interface Attempt<T> {
        /** Empty to be asked again. */
        Optional<T> get() throws InterruptedException, StartException;
    }

    /** @param what to say when it doesn't come */
    static <T> T until(String what, Attempt<T> attempt) throws StartException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Optional<T> found = attempt.get();
            if (found.isPresent()) {
                return found.get();
            }
            if (System.nanoTime() - deadline > 0) {
                throw new StartException(what);
            }
            Thread.sleep(PAUSE);
        }
    }
}
