package io.coffer.it.release;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.coffer.rules.Checkout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A release archive unpacked in a directory, and a {@code PATH} with the few tools that its launcher needs: there is no Java in it. */
record Release(Path home, Path path) {
    private static final List<String> TOOLS = List.of("dirname", "readlink");

    /** Unpacks the archive; skips the test, and says why, where none was made. */
    static Release unpack(Path directory) throws IOException, InterruptedException {
        Path archive = assumeArchive();
        run(directory, Map.of(), "tar", "-xzf", archive.toString());
        Path path = Files.createDirectory(directory.resolve("path"));
        for (String tool : TOOLS) {
            Path link = Files.writeString(path.resolve(tool), "#!/bin/sh\nexec /usr/bin/" + tool + " \"$@\"\n");
            Files.setPosixFilePermissions(link, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        return new Release(directory.resolve("coffer"), path);
    }

    static Path assumeArchive() {
        Path archive = Checkout.directory().resolve("deploy/target/coffer-release.tar.gz");
        boolean there = Files.exists(archive);
        if (!there) {
            System.out.println("Skipped, because there is no " + archive.getFileName() + " (.ci/image makes it)");
        }
        assumeTrue(there, "there is no release archive");
        return archive;
    }

    /** A command with {@code bin/coffer}, in an environment of its own. */
    ProcessBuilder coffer(Map<String, String> environment, String... arguments) {
        ProcessBuilder builder = new ProcessBuilder(home.resolve("bin/coffer").toString());
        builder.command().addAll(List.of(arguments));
        builder.environment().clear();
        builder.environment().put("PATH", path.toString());
        builder.environment().putAll(environment);
        return builder.directory(home.toFile()).redirectErrorStream(true);
    }

    String output(Map<String, String> environment, String... arguments) throws IOException, InterruptedException {
        return output(coffer(environment, arguments));
    }

    static String run(Path directory, Map<String, String> environment, String... command)
            throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        return output(builder);
    }

    private static String output(ProcessBuilder builder) throws IOException, InterruptedException {
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(Duration.ofMinutes(1).toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException(String.join(" ", builder.command()) + " failed: " + output);
        }
        return output;
    }
}
