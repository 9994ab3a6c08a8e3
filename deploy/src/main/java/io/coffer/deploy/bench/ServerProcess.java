package io.coffer.deploy.bench;

import io.coffer.common.io.ProcessFiles;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** What a process on this machine uses, as Linux tells it. */
record ServerProcess(long pid) {
    private static final long NANOS_PER_TICK = 10_000_000; // USER_HZ is 100 on every Linux that runs Java
    private static final long PAGE_BYTES = 4096;

    private static final int USER_TICKS = 11;
    private static final int SYSTEM_TICKS = 12;
    private static final int RESIDENT_PAGES = 1;

    /** User and system time together. */
    Duration cpuTime() throws IOException {
        List<String> fields = new ProcessFiles(pid).stat();
        return Duration.ofNanos(
                (Long.parseLong(fields.get(USER_TICKS)) + Long.parseLong(fields.get(SYSTEM_TICKS))) * NANOS_PER_TICK);
    }

    long residentBytes() throws IOException {
        return Long.parseLong(new ProcessFiles(pid).statm().get(RESIDENT_PAGES)) * PAGE_BYTES;
    }
}
