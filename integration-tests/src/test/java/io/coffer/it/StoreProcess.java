package io.coffer.it;

import io.coffer.rules.Checkout;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code coffer server} as a child process on free ports, to be killed and started again on the same directories. */
public final class StoreProcess implements AutoCloseable {
    public static final String ACCESS_KEY = "ROOTKEYFORTESTS";
    public static final String SECRET_KEY = "root-secret-for-tests-0123456789";

    private static final Duration READY_TIMEOUT = Duration.ofSeconds(60);
    private static final Pattern READY = Pattern.compile("ready\\b.*?(https?://\\S+).*?(https?://\\S+).*");

    private final Process process;
    private final StringBuffer output = new StringBuffer();
    private final CompletableFuture<Matcher> ready = new CompletableFuture<>();
    private final Thread reader;

    private StoreProcess(Process process) {
        this.process = process;
        this.reader = Thread.ofVirtual().start(this::readOutput);
    }

    /** Starts a server over the directories and waits until it is ready. */
    public static StoreProcess start(List<Path> directories, String... options)
            throws IOException, InterruptedException {
        return start(directories, Map.of(), options);
    }

    /** The same with variables in its environment. */
    public static StoreProcess start(List<Path> directories, Map<String, String> environment, String... options)
            throws IOException, InterruptedException {
        StoreProcess store = launch(directories, environment, options);
        try {
            store.ready.get(READY_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException | java.util.concurrent.ExecutionException e) {
            store.printThreads();
            store.kill();
            throw new IOException("not ready; it said:\n" + store.output, e);
        }
        return store;
    }

    /** Starts a server and doesn't wait; for starts that must fail. */
    public static StoreProcess launch(List<Path> directories, Map<String, String> environment, String... options)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(flags("jvm.options"));
        command.addAll(flags("server.options"));
        command.addAll(flags("vector.options"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.coffer.deploy.Coffer", "server"));
        directories.forEach(directory -> command.add(directory.toString()));
        List<String> given = List.of(options);
        if (!given.contains("--s3")) {
            command.addAll(List.of("--s3", "127.0.0.1:0"));
        }
        if (!given.contains("--admin")) {
            command.addAll(List.of("--admin", "127.0.0.1:0"));
        }
        command.addAll(given);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("COFFER_ROOT_ACCESS_KEY", ACCESS_KEY);
        builder.environment().put("COFFER_ROOT_SECRET_KEY", SECRET_KEY);
        builder.environment().putAll(environment);
        return new StoreProcess(builder.start());
    }

    public URI s3() {
        return URI.create(ready.join().group(1));
    }

    public URI admin() {
        return URI.create(ready.join().group(2));
    }

    public long pid() {
        return process.pid();
    }

    /** Everything it has printed so far. */
    public String output() {
        return output.toString();
    }

    /** {@code kill -9}. */
    public void kill() {
        process.destroyForcibly();
        awaitEnd(Duration.ofSeconds(30));
    }

    /** SIGTERM; returns the exit code. */
    public int stop() {
        process.destroy();
        return awaitEnd(Duration.ofSeconds(60));
    }

    /** Waits for an end of its own; returns the exit code. */
    public int awaitEnd(Duration timeout) {
        try {
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("still running after " + timeout + "; it said:\n" + output);
            }
            reader.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
        return process.exitValue();
    }

    /** Has the JVM print where its threads are, for a start that hangs. */
    private void printThreads() throws IOException, InterruptedException {
        if (process.isAlive()) {
            new ProcessBuilder("kill", "-QUIT", Long.toString(pid())).start().waitFor();
            ready.completeExceptionally(new IOException("not ready"));
            process.waitFor(2, TimeUnit.SECONDS);
        }
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            kill();
        }
    }

    private void readOutput() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            @Nullable String line;
            while ((line = lines.readLine()) != null) {
                output.append(line).append('\n');
                Matcher matcher = READY.matcher(line);
                if (line.startsWith("ready") && matcher.matches()) {
                    ready.complete(matcher);
                }
            }
        } catch (IOException e) {
            output.append("(output broke off: ").append(e.getMessage()).append(")\n");
        }
        ready.completeExceptionally(new IOException("it ended"));
    }

    /** The JVM flags that the launcher gives, so that the tested process is the one users run. */
    private static List<String> flags(String file) throws IOException {
        List<String> flags = new ArrayList<>();
        for (String line : Files.readAllLines(
                Checkout.directory().resolve("deploy/src/main/launcher").resolve(file))) {
            if (!line.isBlank() && !line.startsWith("#")) {
                flags.add(line.strip());
            }
        }
        return flags;
    }
}
