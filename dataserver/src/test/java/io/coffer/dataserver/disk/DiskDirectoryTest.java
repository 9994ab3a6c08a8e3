package io.coffer.dataserver.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coffer.common.id.ClusterId;
import io.coffer.common.id.DiskId;
import io.coffer.common.id.NodeId;
import io.coffer.common.io.FileSystem;
import io.coffer.common.io.OpenMode;
import io.coffer.common.io.RealFileSystem;
import io.coffer.common.io.StorageFile;
import io.coffer.common.io.fault.CrashPoints;
import io.coffer.common.io.fault.CrashableFileSystem;
import io.coffer.dataserver.format.DiskIdentity;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DiskDirectoryTest {
    private static final ClusterId CLUSTER = new ClusterId(new UUID(1, 2));
    private static final NodeId NODE = new NodeId(new UUID(3, 4));
    private static final DiskDirectory.Owner OWNER = new DiskDirectory.Owner(CLUSTER, NODE, null);

    private final CrashableFileSystem files = new CrashableFileSystem();

    private static DiskDirectory open(FileSystem files, DiskDirectory.Owner owner)
            throws IOException, DiskRefusedException {
        return DiskDirectory.open(files, "/disk", owner, 1000, new Random(1));
    }

    private static void put(FileSystem files, String path, byte[] content) throws IOException {
        try (StorageFile file = files.open(path, OpenMode.CREATE)) {
            file.write(ByteBuffer.wrap(content), 0);
        }
    }

    @Test
    void anEmptyDirectoryBecomesADiskThatStays() throws Exception {
        files.createDirectories("lost+found");
        DiskIdentity identity;
        try (DiskDirectory directory = open(files, OWNER)) {
            identity = directory.identity();
        }
        files.crashLosingAllUnsynced();
        try (DiskDirectory directory = open(files, OWNER)) {
            assertThat(directory.identity()).isEqualTo(identity);
        }
        try (DiskDirectory directory = open(files, new DiskDirectory.Owner(CLUSTER, NODE, identity.disk()))) {
            assertThat(directory.readOnly()).isFalse();
        }
    }

    @Test
    void aDirectoryWithForeignFilesIsRefusedAndLeftAlone() throws Exception {
        put(files, "thesis.doc", new byte[10]);
        assertThatThrownBy(() -> open(files, OWNER))
                .isInstanceOf(DiskRefusedException.class)
                .hasMessageContaining("thesis.doc");
        assertThat(files.list("")).containsExactly("thesis.doc");
    }

    @Test
    void aDamagedIdentityIsRefused() throws Exception {
        open(files, OWNER).close();
        byte[] identity = files.readSmall(DiskIdentity.FILE_NAME, 1000);
        for (int at = 0; at < identity.length; at += 5) {
            byte[] damaged = identity.clone();
            damaged[at] ^= 4;
            put(files, DiskIdentity.FILE_NAME, damaged);
            assertThatThrownBy(() -> open(files, OWNER))
                    .isInstanceOf(DiskRefusedException.class)
                    .hasMessageContaining("checksum");
        }
    }

    @Test
    void anotherClustersOrNodesDiskIsRefused() throws Exception {
        open(files, OWNER).close();
        ClusterId otherCluster = new ClusterId(new UUID(9, 9));
        NodeId otherNode = new NodeId(new UUID(9, 9));
        assertThatThrownBy(() -> open(files, new DiskDirectory.Owner(otherCluster, NODE, null)))
                .isInstanceOf(DiskRefusedException.class)
                .hasMessageContaining("belongs to cluster " + CLUSTER);
        assertThatThrownBy(() -> open(files, new DiskDirectory.Owner(CLUSTER, otherNode, null)))
                .isInstanceOf(DiskRefusedException.class)
                .hasMessageContaining("belongs to node " + NODE);
        assertThatThrownBy(() -> open(files, new DiskDirectory.Owner(CLUSTER, NODE, new DiskId(new UUID(7, 7)))))
                .isInstanceOf(DiskRefusedException.class)
                .hasMessageContaining("is disk");
    }

    @Test
    void aDiskThatShouldBeThereIsNotMadeAnew() throws Exception {
        DiskDirectory.Owner owner = new DiskDirectory.Owner(CLUSTER, NODE, new DiskId(new UUID(7, 7)));
        assertThatThrownBy(() -> open(files, owner))
                .isInstanceOf(FileNotFoundException.class)
                .hasMessageContaining("mounted");
        assertThat(files.list("")).isEmpty();
    }

    @Test
    void theSameDirectoryIsNotOpenedTwice() throws Exception {
        try (DiskDirectory first = open(files, OWNER)) {
            assertThatThrownBy(() -> open(files, OWNER))
                    .isInstanceOf(DiskRefusedException.class)
                    .hasMessageContaining("another process");
        }
        open(files, OWNER).close();
    }

    /** Holds a directory until its input ends; run in a process of its own. */
    public static void main(String[] arguments) throws Exception {
        try (DiskDirectory directory = open(RealFileSystem.at(arguments[0]), OWNER)) {
            System.out.println(directory.identity().disk());
            System.out.flush();
            while (System.in.read() >= 0) {
                // Until the test closes it.
            }
        }
    }

    @Test
    void twoProcessesDoNotShareADirectory(@TempDir Path directory) throws Exception {
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        DiskDirectoryTest.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            String disk = other.inputReader().readLine();
            assertThat(disk).isNotNull();
            assertThatThrownBy(() -> open(RealFileSystem.at(directory), OWNER))
                    .isInstanceOf(DiskRefusedException.class)
                    .hasMessageContaining("another process");
            other.getOutputStream().close();
            assertThat(other.waitFor(30, TimeUnit.SECONDS)).isTrue();
            try (DiskDirectory mine = open(RealFileSystem.at(directory), OWNER)) {
                assertThat(mine.identity().disk()).hasToString(disk);
            }
        } finally {
            other.destroyForcibly();
        }
    }

    /** A directory being made a disk. */
    private static final class Creation implements CrashPoints.Trial {
        private DiskId acknowledged;

        @Override
        public void run(CrashableFileSystem files) throws Exception {
            try (DiskDirectory directory = open(files, OWNER)) {
                acknowledged = directory.identity().disk();
            }
        }

        @Override
        public void check(CrashableFileSystem files) throws Exception {
            try (DiskDirectory directory = open(files, OWNER)) {
                if (acknowledged != null) {
                    assertThat(directory.identity().disk()).isEqualTo(acknowledged);
                }
            }
        }
    }

    @Test
    void aPowerCutWhileADiskIsMadeDoesNoHarm() {
        assertThat(CrashPoints.atEveryOperation(5, 8, Creation::new)).isGreaterThan(3);
    }
}
