package io.coffer.deploy.cluster;

import io.coffer.common.io.FileSystem;
import io.coffer.deploy.server.StartException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One process of a cluster on this host, known by the file {@code pid}, which also holds when it was started: a number alone may mean
 * another process by now.
 */
final class NodeProcess {
    private static final String PID = "pid";
    private static final String LOG = "log";
    private static final int MAX_PID_BYTES = 64;
    private static final int MAX_LOG_BYTES = 64 << 20;
    private static final Pattern PID_FORM = Pattern.compile("(\\d+) (\\d+)\n");
    private static final Duration POLL = Duration.ofMillis(50);

    /** How far the system's idea of a start may be from one call to the next. */
    private static final long START_TOLERANCE_MILLIS = 2_000;

    /** What it does now. */
    enum State {
        STOPPED,
        STARTING,
        READY
    }

    private final ClusterNode node;
    private final FileSystem directory;
    private final String path;
    private final String launcher;

    /**
     * @param directory the process' own
     * @param path where that is on this host
     * @param launcher the program {@code coffer}
     */
    NodeProcess(ClusterNode node, FileSystem directory, String path, String launcher) {
        this.node = node;
        this.directory = directory;
        this.path = path;
        this.launcher = launcher;
    }

    ClusterNode node() {
        return node;
    }

    /** The process, if it runs. */
    Optional<ProcessHandle> running() throws IOException {
        if (!directory.exists(PID)) {
            return Optional.empty();
        }
        Matcher matcher = PID_FORM.matcher(new String(directory.readSmall(PID, MAX_PID_BYTES), StandardCharsets.UTF_8));
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long started = Long.parseLong(matcher.group(2));
        return ProcessHandle.of(Long.parseLong(matcher.group(1)))
                .filter(Liveness::isAlive)
                .filter(handle -> handle.info()
                        .startInstant()
                        .map(start -> Math.abs(start.toEpochMilli() - started) <= START_TOLERANCE_MILLIS)
                        .orElse(true));
    }

    State state() throws IOException {
        return running().isEmpty() ? State.STOPPED : isReady() ? State.READY : State.STARTING;
    }

    private boolean isReady() throws IOException {
        return log().lines().anyMatch(line -> line.startsWith("ready"));
    }

    private String log() throws IOException {
        return directory.exists(LOG) ? new String(directory.readSmall(LOG, MAX_LOG_BYTES), StandardCharsets.UTF_8) : "";
    }

    /** Starts it, unless it runs; {@link #awaitReady} waits for it. */
    void start(String config, Map<String, String> environment) throws IOException {
        if (running().isPresent()) {
            return;
        }
        if (directory.exists(LOG)) {
            directory.rename(LOG, LOG + ".old");
        }
        ProcessBuilder builder = new ProcessBuilder(command(config));
        RoleVariables.narrow(builder.environment(), node.role());
        builder.environment().putAll(environment);
        builder.redirectInput(new File("/dev/null"));
        builder.redirectErrorStream(true);
        builder.redirectOutput(new File(path, LOG));
        Process process = builder.start();
        long started = process.info()
                .startInstant()
                .map(java.time.Instant::toEpochMilli)
                .orElse(0L);
        directory.replace(PID, (process.pid() + " " + started + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** In a session of its own where that can be had, so that a Ctrl-C meant for somebody else doesn't reach it. */
    private List<String> command(String config) {
        List<String> command = new ArrayList<>();
        if (new File("/usr/bin/setsid").canExecute()) {
            command.add("/usr/bin/setsid");
        }
        command.addAll(List.of(launcher, node.command(), "--config", config));
        return command;
    }

    /** @throws StartException if it ends, or isn't ready in time, with the last line it wrote */
    void awaitReady(Duration atMost) throws IOException, InterruptedException, StartException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!isReady()) {
            boolean alive = running().isPresent();
            if (!alive || System.nanoTime() > deadline) {
                String last = log().lines().reduce("", (before, line) -> line);
                throw new StartException(node.name() + (alive ? " is not ready in time" : " has ended") + ": " + last
                        + " (see " + path + "/" + LOG + ")");
            }
            Thread.sleep(POLL);
        }
    }

    /** Asks it to finish what is in flight and end; waits for that. */
    void terminate(Duration atMost) throws IOException, InterruptedException, StartException {
        end(ProcessHandle::destroy, atMost);
    }

    /** Ends it at once, as a crash would. */
    void kill(Duration atMost) throws IOException, InterruptedException, StartException {
        end(ProcessHandle::destroyForcibly, atMost);
    }

    private void end(java.util.function.Consumer<ProcessHandle> how, Duration atMost)
            throws IOException, InterruptedException, StartException {
        Optional<ProcessHandle> handle = running();
        if (handle.isEmpty()) {
            return;
        }
        how.accept(handle.get());
        if (!Liveness.awaitEnd(handle.get(), atMost)) {
            throw new StartException(node.name() + " (process " + handle.get().pid() + ") doesn't end");
        }
    }
}
