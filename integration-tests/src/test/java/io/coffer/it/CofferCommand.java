package io.coffer.it;

import io.coffer.rules.Checkout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code ./coffer} of this checkout, as the root account of the tests. */
public final class CofferCommand {
    /** What the JVM of each process gets on top. */
    static final String JAVA_OPTS = "COFFER_JAVA_OPTS";

    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    /** A process that lives for a minute would spend half of its time on compiling well what it soon needs no more. */
    public static final String SHORT_LIVED = "-XX:TieredStopAtLevel=1";

    private CofferCommand() {}

    /** Where the program is. */
    static Path program() {
        return Checkout.directory().resolve("coffer");
    }

    /** A process of it that isn't started yet; those that it starts have its environment. */
    static ProcessBuilder process(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("COFFER_ROOT_ACCESS_KEY", StoreProcess.ACCESS_KEY);
        builder.environment().put("COFFER_ROOT_SECRET_KEY", StoreProcess.SECRET_KEY);
        builder.environment().put(JAVA_OPTS, SHORT_LIVED);
        return builder;
    }

    /** Runs a command; returns what it printed, or throws with what it complained about. */
    static String run(String... arguments) throws IOException, InterruptedException {
        return run(Map.of(), arguments);
    }

    /** The same with variables in its environment. */
    static String run(Map<String, String> environment, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(program().toString());
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile("coffer", ".out");
        Path err = Files.createTempFile("coffer", ".err");
        try {
            ProcessBuilder builder = process(command);
            builder.environment().putAll(environment);
            Process process = builder.redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            if (!process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(String.join(" ", arguments) + " doesn't end");
            }
            if (process.exitValue() != 0) {
                throw new IOException(String.join(" ", arguments) + " ended with " + process.exitValue() + ": "
                        + Files.readString(err, StandardCharsets.UTF_8));
            }
            return Files.readString(out, StandardCharsets.UTF_8);
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    /** {@code ./coffer admin … --json}, asked of a process that serves the admin interface. */
    static JsonNode admin(String url, String... arguments) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("admin", "--admin", url, "--json"));
        all.addAll(List.of(arguments));
        String answer = run(all.toArray(String[]::new));
        return answer.isBlank()
                ? JsonMapper.shared().nullNode()
                : JsonMapper.shared().readTree(answer);
    }
}
