package io.coffer.it.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.ClusterProcesses;
import io.coffer.it.LoopFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Breaks the processes of a cluster, and their disks, under load. The tests share the cluster, and each leaves it whole. */
class ClusterFaultsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration SOON = Duration.ofMinutes(2);
    private static final int DATASERVERS = 4;

    private static final int DISK_MEBIBYTES = 8192;

    @TempDir
    private static Path directory;

    private static final List<LoopFileSystem> FILE_SYSTEMS = new ArrayList<>();
    private static ClusterProcesses cluster;

    private ClusterHistory history;

    /** What happens to a dataserver's disk. */
    private enum Trouble {
        FULL,
        IO_ERRORS,
        READ_ONLY
    }

    @BeforeAll
    static void start() throws Exception {
        Path clusterDirectory = Files.createDirectory(directory.resolve("cluster"));
        if (LoopFileSystem.isPossible(LoopFileSystem.Kind.EXT4)) {
            for (int i = 1; i <= Trouble.values().length; i++) {
                LoopFileSystem files = LoopFileSystem.make(
                        LoopFileSystem.Kind.EXT4,
                        Files.createDirectory(directory.resolve("disk-" + i)),
                        DISK_MEBIBYTES);
                FILE_SYSTEMS.add(files);
                Files.createSymbolicLink(
                        Files.createDirectory(clusterDirectory.resolve("dataserver-" + i))
                                .resolve("disk-1"),
                        Files.createDirectory(files.root().resolve("store")));
            }
        }
        cluster = ClusterProcesses.start(clusterDirectory, 3, DATASERVERS, 2);
        // It serves before each group has three members.
        cluster.names("metaserver").forEach(cluster::awaitMember);
    }

    @AfterAll
    static void stop() throws Exception {
        try {
            if (cluster != null) {
                cluster.stop();
            }
        } finally {
            if (cluster != null) {
                cluster.close();
            }
            for (LoopFileSystem files : FILE_SYSTEMS) {
                files.close();
            }
        }
    }

    private void load(String test) {
        history = ClusterHistory.start("ClusterFaultsIT-" + test, cluster.gateways());
    }

    @AfterEach
    void stopLoad() throws Exception {
        if (history != null) {
            history.stop();
        }
    }

    private void judge() throws Exception {
        history.stop();
        history.judge(PATIENCE, () -> cluster.adminStatus(0));
    }

    @Test
    void processesMayBeKilledAlsoOneOfEachKindInARow() throws Exception {
        load("kill");
        history.pause(2, 2);
        String gateway = history.pick(cluster.names("gateway"));
        history.say("kill " + gateway);
        cluster.kill(gateway);
        history.pause(3, 3);
        cluster.restart(gateway);

        String dataserver = history.pick(cluster.names("dataserver"));
        String leader = leader();
        String frozen = history.pick(cluster.names("gateway"));
        history.say("kill " + dataserver);
        cluster.kill(dataserver);
        history.pause(1, 1);
        history.say("kill " + leader + ", which leads the system group");
        cluster.kill(leader);
        history.pause(1, 1);
        history.say("freeze " + frozen);
        cluster.freeze(frozen);
        history.pause(6, 4);
        cluster.thaw(frozen);
        cluster.restart(leader);
        cluster.restart(dataserver);
        judge();
    }

    @Test
    void processesMayBeRestartedOneAfterTheOtherWithoutAPause() throws Exception {
        load("restarts");
        history.pause(1, 1);
        for (String role : List.of("metaserver", "dataserver", "gateway")) {
            for (String name : cluster.names(role).subList(0, 2)) {
                history.say("restart " + name);
                cluster.restart(name);
            }
        }
        judge();
    }

    /** Of the system group. */
    private static String leader() throws Exception {
        for (JsonNode group : cluster.admin(0, "metaserver", "list")) {
            if (group.path("kind").asString().equals("system")) {
                return group.path("leader").asString();
            }
        }
        throw new AssertionError("there is no system group");
    }

    @Test
    void oneOfEachKindMayFreezeForHalfAMinute() throws Exception {
        load("freeze");
        history.pause(1, 1);
        List<String> frozen = Stream.of("dataserver", "metaserver", "gateway")
                .map(role -> history.pick(cluster.names(role)))
                .toList();
        for (String name : frozen) {
            history.say("freeze " + name);
            cluster.freeze(name);
            history.pause(2, 1);
        }
        history.pause(27, 1);
        for (String name : frozen) {
            cluster.thaw(name);
        }
        history.say("thawed");
        history.pause(2, 2);
        judge();
    }

    @Test
    void disksMayFillUpFailAndTurnReadOnly() throws Exception {
        LoopFileSystem.assumePossible(LoopFileSystem.Kind.EXT4);
        load("disks");
        history.pause(1, 1);
        for (Trouble trouble : Trouble.values()) {
            String name = "dataserver-" + (trouble.ordinal() + 1);
            LoopFileSystem files = FILE_SYSTEMS.get(trouble.ordinal());
            history.say(trouble + " at " + name);
            switch (trouble) {
                case FULL -> {
                    Path other = files.fill();
                    awaitHealthyDisks(DATASERVERS - 1);
                    history.pause(3, 2);
                    Files.delete(other);
                }
                case IO_ERRORS -> {
                    files.cut();
                    awaitHealthyDisks(DATASERVERS - 1);
                    // The other dataservers make up for it.
                    awaitWhole();
                    mountAgain(name, files);
                }
                case READ_ONLY -> {
                    files.turnReadOnly();
                    awaitHealthyDisks(DATASERVERS - 1);
                    mountAgain(name, files);
                }
            }
            awaitHealthyDisks(DATASERVERS);
        }
        judge();
    }

    private static void mountAgain(String name, LoopFileSystem files) throws Exception {
        cluster.stop(name);
        files.unmount();
        files.mount();
        cluster.restart(name);
    }

    /** Also: {@code admin status} says so. */
    private void awaitHealthyDisks(int count) {
        Awaitility.await(count + " healthy disks")
                .atMost(SOON)
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(() -> assertThat(
                                cluster.adminStatus(0).path("healthyDisks").asInt())
                        .isEqualTo(count));
        history.say(count + " disks are healthy");
    }

    private void awaitWhole() {
        Awaitility.await("redundancy is whole")
                .atMost(SOON)
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(() -> assertThat(
                                cluster.adminStatus(0).path("redundancy").asString())
                        .isEqualTo("WHOLE"));
        history.say("redundancy is whole");
    }

    @Test
    void metaserversMayLoseTheirMetadataOneAfterTheOther() throws Exception {
        load("lost-metadata");
        history.pause(1, 1);
        // The first one founded the cluster: it must not found it once more.
        for (String name : cluster.names("metaserver").subList(0, 2)) {
            history.say("kill " + name + " and delete its metadata");
            cluster.kill(name);
            delete(cluster.directory(name).resolve("data/meta"));
            cluster.restart(name);
            awaitRefilled(name);
        }
        // Now what those two know is a majority.
        String third = cluster.names("metaserver").getLast();
        history.say("kill " + third);
        cluster.kill(third);
        history.pause(3, 2);
        cluster.restart(third);
        judge();
    }

    /** The others have noticed that it knows nothing, and taken it into each group again. */
    private void awaitRefilled(String name) {
        cluster.awaitMember(name);
        history.say(name + " is a member of each group again");
        awaitWhole();
    }

    private static void delete(Path tree) throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void aDataserverMayReturnWithAnOldDisk() throws Exception {
        String name = "dataserver-" + DATASERVERS;
        Path disk = cluster.directory(name).resolve("disk-1");
        Path image = directory.resolve("image");
        load("old-disk");
        history.pause(2, 2);
        cluster.stop(name);
        history.say("copied the disk of " + name);
        copy(disk, image);
        cluster.restart(name);
        history.pause(5, 3);
        cluster.stop(name);
        history.say(name + " returns with the copy");
        delete(disk);
        Files.move(image, disk);
        cluster.restart(name);
        history.pause(1, 1);
        judge();
    }

    private static void copy(Path from, Path to) throws IOException, InterruptedException {
        // Sparse files stay so.
        Process copying = new ProcessBuilder("cp", "-a", from.toString(), to.toString())
                .inheritIO()
                .start();
        assertThat(copying.waitFor()).isZero();
    }
}
