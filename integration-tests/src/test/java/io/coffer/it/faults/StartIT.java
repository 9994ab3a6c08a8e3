package io.coffer.it.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.StoreProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts that must fail say why in one line and exit with 1, or 2 for wrong usage; nothing is changed. */
class StartIT {
    private static final Duration END = Duration.ofSeconds(60);

    @TempDir
    private Path temp;

    @Test
    void aDirectoryWithOtherFilesIsRefused() throws Exception {
        Path file = Files.writeString(temp.resolve("holiday.jpg"), "picture");
        assertRefused(1, "holiday.jpg", StoreProcess.launch(List.of(temp), Map.of()));
        assertThat(file).hasContent("picture");
        assertThat(Files.list(temp)).containsExactly(file);
    }

    @Test
    void aSecondProcessOnOneDirectoryIsRefusedAndTheFirstGoesOn() throws Exception {
        Path directory = temp.resolve("store");
        try (StoreProcess first = StoreProcess.start(List.of(directory))) {
            assertRefused(1, "another process", StoreProcess.launch(List.of(directory), Map.of()));
            assertThat(first.stop()).isZero();
        }
    }

    @Test
    void aBusyPortIsRefused() throws Exception {
        try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + busy.getLocalPort();
            assertRefused(1, address, StoreProcess.launch(List.of(temp.resolve("store")), Map.of(), "--s3", address));
        }
    }

    @Test
    void anUnknownKeyIsWrongUsageAndTheNearestIsNamed() throws Exception {
        Path config = Files.writeString(temp.resolve("coffer.yaml"), "s3:\n  max-request: 5\n");
        assertRefused(
                2,
                "max-requests",
                StoreProcess.launch(List.of(temp.resolve("store")), Map.of(), "--config", config.toString()));
    }

    @Test
    void anUnknownVariableIsWrongUsage() throws Exception {
        assertRefused(
                2,
                "COFFER_S3_ADRESS",
                StoreProcess.launch(List.of(temp.resolve("store")), Map.of("COFFER_S3_ADRESS", "x:1")));
    }

    @Test
    void anUnknownOptionIsWrongUsage() throws Exception {
        assertRefused(2, "--nonsense", StoreProcess.launch(List.of(temp.resolve("store")), Map.of(), "--nonsense"));
    }

    @Test
    void moreCopiesThanDisksAreRefused() throws Exception {
        assertRefused(
                1,
                "replica-2",
                StoreProcess.launch(List.of(temp.resolve("store")), Map.of("COFFER_STORAGE_PROTECTION", "replica-2")));
    }

    @Test
    void aDiskOfAnotherStoreIsRefused() throws Exception {
        Path one = temp.resolve("one");
        Path other = temp.resolve("other");
        stopAfterStart(one);
        stopAfterStart(other);
        Files.delete(other.resolve("store"));
        deleteTree(other.resolve("meta"));
        deleteTree(other.resolve("keys"));
        assertRefused(1, "other", StoreProcess.launch(List.of(one, other), Map.of()));
        stopAfterStart(one);
    }

    @Test
    void aStoreWithoutItsKeyIsRefused() throws Exception {
        Path store = temp.resolve("store");
        stopAfterStart(store);
        Files.delete(store.resolve("keys/cluster.key"));
        assertRefused(1, "cluster.key", StoreProcess.launch(List.of(store), Map.of()));
    }

    private static void stopAfterStart(Path directory) throws IOException, InterruptedException {
        try (StoreProcess store = StoreProcess.start(List.of(directory))) {
            assertThat(store.stop()).isZero();
        }
    }

    private static void assertRefused(int exitCode, String mention, StoreProcess store) {
        try (store) {
            assertThat(store.awaitEnd(END))
                    .as("exit code; it said:%n%s", store.output())
                    .isEqualTo(exitCode);
            assertThat(store.output()).contains(mention).doesNotContain("\tat ");
        }
    }

    private static void deleteTree(Path root) throws IOException {
        try (var files = Files.walk(root)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
