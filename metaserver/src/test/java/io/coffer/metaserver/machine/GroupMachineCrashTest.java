package io.coffer.metaserver.machine;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Versioning;
import io.coffer.common.metadata.WriteCondition;
import io.coffer.metaserver.command.CommandBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The files as a killed process leaves them, at any moment: they are at an entry that was flushed, and the log from there on
 * leads to the same rows.
 */
class GroupMachineCrashTest {
    private static final int COMMANDS = 400;

    @Test
    void theLogBehindWhatWasFlushedLeadsToTheSameRows(@TempDir Path directory) throws RefusedException, IOException {
        SplittableRandom random = new SplittableRandom(11);
        List<CommandBatch> log = new ArrayList<>();
        try (TestGroup group = TestGroup.bucket(directory.resolve("group"), log)) {
            List<Path> crashes = new ArrayList<>();
            for (int i = 0; i < COMMANDS; i++) {
                String key = "k" + random.nextInt(20);
                Versioning versioning = Versioning.values()[random.nextInt(3)];
                if (random.nextInt(4) == 0) {
                    group.tell(TestGroup.delete(key, null, versioning));
                } else if (random.nextBoolean()) {
                    group.tell(TestGroup.put(key, "body" + i, WriteCondition.NONE, versioning));
                } else {
                    group.tell(group.putExtents(key, versioning, group.extent(1 + random.nextInt(100))));
                }
                if (random.nextInt(30) == 0) {
                    group.machine().flush();
                }
                if (random.nextInt(20) == 0) {
                    Path crash = directory.resolve("crash" + i);
                    group.crashImage(crash);
                    crashes.add(crash);
                }
            }
            assertThat(crashes).isNotEmpty();
            for (Path crash : crashes) {
                try (TestGroup survivor = TestGroup.existing(crash)) {
                    int next = Math.toIntExact(survivor.machine().applied().index()) + 1;
                    assertThat(next).isBetween(1, log.size());
                    for (CommandBatch entry : log.subList(next, log.size())) {
                        survivor.apply(entry);
                    }
                    assertThat(survivor.rows()).isEqualTo(group.rows());
                }
            }
        }
    }
}
