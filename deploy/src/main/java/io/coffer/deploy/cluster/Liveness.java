package io.coffer.deploy.cluster;

import io.coffer.common.io.ProcessFiles;
import java.io.IOException;
import java.time.Duration;

/**
 * Whether processes run that aren't children of this one. One that has ended stays in Linux' table until its parent has asked how: if that
 * is gone too, until the first process of the container does, which may be seconds later, or never.
 */
public final class Liveness {
    private static final Duration POLL = Duration.ofMillis(50);

    private Liveness() {}

    public static boolean isAlive(ProcessHandle process) {
        return process.isAlive() && !isZombie(process.pid());
    }

    /** Returns whether it ended within the time. */
    public static boolean awaitEnd(ProcessHandle process, Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (isAlive(process)) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            Thread.sleep(POLL);
        }
        return true;
    }

    private static boolean isZombie(long pid) {
        try {
            return new ProcessFiles(pid).stat().getFirst().equals("Z");
        } catch (IOException e) {
            return false;
        }
    }
}
