package io.coffer.it.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.coffer.rules.Checkout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** systemd finds nothing to complain about in the units. */
class SystemdUnitsIT {
    private static final Path ANALYZE = Path.of("/usr/bin/systemd-analyze");

    @TempDir
    private Path temp;

    @Test
    void systemdTakesTheUnits() throws Exception {
        boolean there = Files.isExecutable(ANALYZE);
        if (!there) {
            System.out.println("Skipped, because there is no " + ANALYZE);
        }
        assumeTrue(there, "systemd isn't installed");
        Path sources = Checkout.directory().resolve("deploy/src/main/package");
        List<String> command = new ArrayList<>(List.of(ANALYZE.toString(), "verify"));
        try (Stream<Path> units = Files.list(sources.resolve("systemd"))) {
            for (Path unit : units.toList()) {
                // The program that they start must be there: this one is.
                String text = Files.readString(unit)
                        .replace(
                                "ExecStart=/opt/coffer/bin/coffer",
                                "ExecStart=" + sources.resolve("bin/coffer").toRealPath());
                command.add(Files.writeString(temp.resolve(unit.getFileName()), text)
                        .toString());
            }
        }
        assertThat(command).hasSize(2 + 4);
        assertThat(Release.run(temp, Map.of(), command.toArray(String[]::new)))
                .as("complaints of systemd")
                .isEmpty();
    }
}
