package io.coffer.it.release;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A server that a release runs; killed at the end, if it wasn't stopped. */
final class ReleaseProcess implements AutoCloseable {
    private static final Duration READY = Duration.ofMinutes(1);
    private static final Duration STOP = Duration.ofSeconds(30);

    private final Process process;
    private final Path log;

    private ReleaseProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Returns when it is ready. */
    static ReleaseProcess start(ProcessBuilder command, Path log) throws IOException {
        ReleaseProcess started =
                new ReleaseProcess(command.redirectOutput(log.toFile()).start(), log);
        Awaitility.await("the ready line in " + log.getFileName())
                .atMost(READY)
                .until(() -> !started.process.isAlive() || !started.readyLine().isEmpty());
        if (started.readyLine().isEmpty()) {
            started.close();
            throw new IOException("not ready; it said:\n" + Files.readString(log));
        }
        return started;
    }

    /** The line that names the endpoints; empty before it is there. */
    String readyLine() throws IOException {
        return Files.readAllLines(log).stream()
                .filter(line -> line.startsWith("ready"))
                .findFirst()
                .orElse("");
    }

    /** With SIGTERM; returns the exit code. */
    int stop() throws IOException, InterruptedException {
        process.destroy();
        if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
            throw new IOException("doesn't stop");
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
