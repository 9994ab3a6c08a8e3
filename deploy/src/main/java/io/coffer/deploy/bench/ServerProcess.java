package io.coffer.deploy.bench;

import io.coffer.common.io.FileSystem;
import io.coffer.common.io.OpenMode;
import io.coffer.common.io.RealFileSystem;
import io.coffer.common.io.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** What a process on this machine uses, as Linux tells it in {@code /proc}. */
record ServerProcess(long pid) {
    private static final int MAX_FILE_BYTES = 4096;
    private static final long NANOS_PER_TICK = 10_000_000; // USER_HZ is 100 on every Linux that runs Java
    private static final long PAGE_BYTES = 4096;

    /** Fields of stat behind the name, which may hold anything: state is the first. */
    private static final int USER_TICKS = 11;

    private static final int SYSTEM_TICKS = 12;
    private static final int RESIDENT_PAGES = 1;

    /** User and system time together. */
    Duration cpuTime() throws IOException {
        String stat = read("stat");
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Duration.ofNanos(
                (Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS])) * NANOS_PER_TICK);
    }

    long residentBytes() throws IOException {
        return Long.parseLong(read("statm").split(" ")[RESIDENT_PAGES]) * PAGE_BYTES;
    }

    private String read(String file) throws IOException {
        FileSystem directory = RealFileSystem.at("/proc/" + pid);
        ByteBuffer content = ByteBuffer.allocate(MAX_FILE_BYTES);
        try (StorageFile open = directory.open(file, OpenMode.READ)) {
            open.read(content, 0);
        } catch (IOException e) {
            throw new IOException("there is no process " + pid + " to watch", e);
        }
        return StandardCharsets.US_ASCII.decode(content.flip()).toString();
    }
}
