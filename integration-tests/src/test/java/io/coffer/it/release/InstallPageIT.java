package io.coffer.it.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.container.ContainerEngine;
import io.coffer.rules.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.MountableFile;

/** Runs the commands of docs/operations/install.md on a fresh machine, a container without Java. */
class InstallPageIT {
    private static final String BASE = "debian:trixie-slim";
    private static final String BUILD = "./mvnw ";

    @Test
    void oneProcessRunsAsAService() throws Exception {
        try (GenericContainer<?> machine = machine()) {
            run(machine, "The release archive", "As services", "Everything in one process");
            assertThat(sh(machine, "/opt/coffer/docker/ready 127.0.0.1 9001 && stat -c %U /var/lib/coffer/server"))
                    .isEqualTo("coffer\n");
        }
    }

    /** All roles on one host, with as many copies as that has room for. */
    @Test
    void aClusterRunsAsServices() throws Exception {
        try (GenericContainer<?> machine = machine()) {
            sh(machine, "echo COFFER_FOUNDING_PROTECTION=replica-1 > /run/coffer-metaserver.env");
            assertThat(run(machine, "The release archive", "As services", "A cluster"))
                    .containsPattern("ready +true")
                    .contains("metaserver-1", "dataserver-1", "gateway-1");
        }
    }

    /** The others are run where images are made. */
    @Test
    void theCommandsThatMakeTheImageAreThoseOfTheBuild() throws Exception {
        String script = Files.readString(Checkout.directory().resolve(".ci/image"));
        assertThat(commands("In containers").stream()
                        .filter(command -> command.startsWith("tar ") || command.startsWith("docker build ")))
                .hasSize(2)
                .allSatisfy(command -> assertThat(script.replace(" -q ", " ")).contains(command));
    }

    private static GenericContainer<?> machine() throws IOException {
        Path archive = Release.assumeArchive();
        ContainerEngine.assumeImage(BASE);
        GenericContainer<?> machine = new GenericContainer<>(BASE)
                // The configuration files name the first metaserver so.
                .withCreateContainerCmdModifier(command -> command.withHostName("metaserver-1"))
                .withImagePullPolicy(image -> false)
                .withWorkingDirectory("/root")
                .withCopyToContainer(MountableFile.forHostPath(archive), "/root/coffer-release.tar.gz")
                .withCopyToContainer(
                        MountableFile.forClasspathResource("io/coffer/it/release/systemctl", 0755),
                        "/usr/local/bin/systemctl")
                .withCommand("sleep", "600");
        machine.start();
        return machine;
    }

    /** Runs the commands below these headings in one shell, as somebody would who follows the page. */
    private static String run(GenericContainer<?> machine, String... headings)
            throws IOException, InterruptedException {
        StringBuilder script = new StringBuilder();
        for (String heading : headings) {
            List<String> commands = commands(heading);
            assertThat(commands).as("commands below %s", heading).isNotEmpty();
            commands.stream()
                    .filter(command -> !command.startsWith(BUILD))
                    .forEach(command -> script.append(command).append('\n'));
        }
        return sh(machine, script.toString());
    }

    private static String sh(GenericContainer<?> machine, String script) throws IOException, InterruptedException {
        ExecResult result = machine.execInContainer("sh", "-exc", script);
        assertThat(result.getExitCode())
                .as("%s\n%s", result.getStdout(), result.getStderr())
                .isZero();
        return result.getStdout();
    }

    /** The indented lines between a heading and the next one. */
    private static List<String> commands(String heading) throws IOException {
        List<String> commands = new ArrayList<>();
        boolean below = false;
        for (String line : Files.readAllLines(Checkout.directory().resolve("docs/operations/install.md"))) {
            if (line.startsWith("#")) {
                below = line.replaceFirst("#+ ", "").equals(heading);
            } else if (below && line.startsWith("    ")) {
                commands.add(line.strip());
            }
        }
        return commands;
    }
}
