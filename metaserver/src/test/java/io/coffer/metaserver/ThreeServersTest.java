package io.coffer.metaserver;

import static io.coffer.metaserver.Servers.etag;
import static io.coffer.metaserver.Servers.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coffer.common.metadata.WriteCondition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ThreeServersTest {
    @TempDir
    Path directory;

    /** With the real store: the checkpoint's files travel, become the state, and survive a restart. */
    @Test
    void aServerThatWasAwayForLongReceivesACheckpointAndGoesOnFromIt() throws Exception {
        Random random = new Random(1);
        try (ThreeServers servers = new ThreeServers(directory)) {
            servers.start(0);
            servers.start(1);
            servers.submit(random, Servers.openPartitionCommand());
            for (int i = 0; i < 200; i++) {
                servers.submit(random, put("key-" + i, "etag-" + i, WriteCondition.NONE));
            }
            servers.server(0).checkpoint();
            servers.server(1).checkpoint();
            servers.submit(random, put("behind", "it", WriteCondition.NONE));
            await().atMost(Servers.PATIENCE)
                    .untilAsserted(
                            () -> assertThat(firstLogIndices()).hasSize(2).allMatch(index -> index > 50));
            servers.start(2);
            awaitEtag(servers, "behind", "it");
            assertThat(firstLogIndices()).hasSize(3).allMatch(index -> index > 50);
            for (int i = 0; i < 200; i += 13) {
                assertThat(etag(servers.server(2).client(), "key-" + i)).isEqualTo("etag-" + i);
            }
            servers.stop(2);
            servers.submit(random, put("while", "away", WriteCondition.NONE));
            servers.start(2);
            awaitEtag(servers, "while", "away");
            assertThat(etag(servers.server(2).client(), "key-0")).isEqualTo("etag-0");
            // It counts: with it and one other the group goes on.
            servers.stop(0);
            servers.submit(random, put("after", "that", WriteCondition.NONE));
            awaitEtag(servers, "after", "that");
        }
    }

    private static void awaitEtag(ThreeServers servers, String key, String etag) {
        await().atMost(Servers.PATIENCE)
                .ignoreExceptions()
                .untilAsserted(
                        () -> assertThat(etag(servers.server(2).client(), key)).isEqualTo(etag));
    }

    /** Of each server's log. */
    private List<Long> firstLogIndices() throws IOException {
        List<Long> first = new ArrayList<>();
        for (int i = 0; i < ThreeServers.COUNT; i++) {
            Path node = directory.resolve("node-" + i);
            if (Files.exists(node)) {
                try (Stream<Path> files = Files.walk(node)) {
                    first.add(files.map(file -> file.getFileName().toString())
                            .filter(name -> name.startsWith("log_"))
                            .mapToLong(name -> Long.parseLong(name.replaceAll("log_(inprogress_)?(\\d+).*", "$2")))
                            .min()
                            .orElseThrow());
                }
            }
        }
        return first;
    }
}
