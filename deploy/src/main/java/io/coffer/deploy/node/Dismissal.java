package io.coffer.deploy.node;

import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends this process when it hears that it is no node of the cluster any more, with an exit code by which whoever looks after it knows not to
 * start it again. Thread-safe.
 */
final class Dismissal {
    /** The exit code: docs/operations/join.md and the units of systemd name it. */
    static final int EXIT_CODE = 3;

    private static final Logger LOG = LoggerFactory.getLogger(Dismissal.class);

    private final Runnable end;
    private final AtomicBoolean told = new AtomicBoolean();

    /** @param end ends the process */
    Dismissal(Runnable end) {
        this.end = end;
    }

    /** Returns at once; also a start that isn't done yet ends. */
    void tell(String why) {
        if (told.compareAndSet(false, true)) {
            LOG.error("{}: this process ends", why);
            // Not on the caller's thread, which the end may have to stop.
            Thread.ofPlatform().name("dismissal").start(end);
        }
    }

    boolean isTold() {
        return told.get();
    }
}
