package io.coffer.deploy.cluster;

import io.coffer.common.io.OpenMode;
import io.coffer.common.io.RealFileSystem;
import io.coffer.common.io.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Whether processes run that aren't children of this one. One that has ended stays in Linux' table until its parent has asked how: if that
 * is gone too, until the first process of the container does, which may be seconds later, or never.
 */
public final class Liveness {
    private static final Duration POLL = Duration.ofMillis(50);
    private static final int STAT_BYTES = 4096;

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

    /** See proc_pid_stat(5): the state is what follows the program's name, which may hold anything. */
    private static boolean isZombie(long pid) {
        ByteBuffer content = ByteBuffer.allocate(STAT_BYTES);
        try (StorageFile file = RealFileSystem.at("/proc/" + pid).open("stat", OpenMode.READ)) {
            file.read(content, 0);
            String stat = StandardCharsets.ISO_8859_1.decode(content.flip()).toString();
            return stat.startsWith(") Z", stat.lastIndexOf(')'));
        } catch (IOException e) {
            return false;
        }
    }
}
