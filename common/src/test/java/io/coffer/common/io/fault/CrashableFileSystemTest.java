package io.coffer.common.io.fault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coffer.common.io.FileSystem;
import io.coffer.common.io.FileSystemContract;
import io.coffer.common.io.NoSpaceException;
import io.coffer.common.io.OpenMode;
import io.coffer.common.io.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CrashableFileSystemTest extends FileSystemContract {
    private static final int SECTOR = 512;
    private static final int TRIES = 300;

    private CrashableFileSystem disk;

    @Override
    protected FileSystem newFileSystem() {
        disk = new CrashableFileSystem(SECTOR, 1 << 28);
        return disk;
    }

    private interface Work {
        void on(CrashableFileSystem disk) throws IOException;
    }

    private interface Look {
        String at(CrashableFileSystem disk) throws IOException;
    }

    /** Every outcome that a crash after the work can have. */
    private static Set<String> outcomes(Work work, Look look) throws IOException {
        Set<String> outcomes = new HashSet<>();
        for (int seed = 0; seed < TRIES; seed++) {
            CrashableFileSystem disk = new CrashableFileSystem(SECTOR, 1 << 28);
            work.on(disk);
            disk.crash(new SplittableRandom(seed));
            outcomes.add(look.at(disk));
        }
        return outcomes;
    }

    private static String content(FileSystem files, String path) throws IOException {
        return files.exists(path) ? new String(files.readSmall(path, 1 << 20), UTF_8) : "none";
    }

    private static StorageFile durable(FileSystem files, String path, String content) throws IOException {
        files.replace(path, content.getBytes(UTF_8));
        return files.open(path, OpenMode.READ_WRITE);
    }

    @Test
    void whatWasSyncedIsAlwaysThere() throws IOException {
        assertThat(outcomes(
                        files -> {
                            try (StorageFile file = durable(files, "f", "old")) {
                                file.write(bytes("new!"), 0);
                                file.sync();
                            }
                        },
                        files -> content(files, "f")))
                .containsExactly("new!");
    }

    @Test
    void anUnsyncedWriteIsThereOrNot() throws IOException {
        assertThat(outcomes(files -> durable(files, "f", "old").write(bytes("new"), 0), files -> content(files, "f")))
                .containsExactlyInAnyOrder("old", "new");
    }

    @Test
    void theSizeAndTheBytesOfAnUnsyncedAppendAreIndependent() throws IOException {
        assertThat(outcomes(files -> durable(files, "f", "old").write(bytes("new"), 3), files -> content(files, "f")))
                .containsExactlyInAnyOrder("old", "oldnew", "old\0\0\0");
    }

    @Test
    void aWriteTearsAtSectors() throws IOException {
        String old = "o".repeat(3 * SECTOR);
        Set<String> outcomes =
                outcomes(files -> durable(files, "f", old).write(bytes("n".repeat(3 * SECTOR)), 0), files -> {
                    String content = content(files, "f");
                    return content.substring(0, 1)
                            + content.substring(SECTOR, SECTOR + 1)
                            + content.substring(2 * SECTOR, 2 * SECTOR + 1);
                });
        assertThat(outcomes).containsExactlyInAnyOrder("ooo", "oon", "ono", "onn", "noo", "non", "nno", "nnn");
    }

    @Test
    void aSectorHasOneOfTheStatesItHad() throws IOException {
        assertThat(outcomes(
                        files -> {
                            StorageFile file = durable(files, "f", "ab");
                            file.write(bytes("x"), 0);
                            file.write(bytes("y"), 1);
                        },
                        files -> content(files, "f")))
                .containsExactlyInAnyOrder("ab", "xb", "xy");
    }

    @Test
    void truncatingIsOneChangeAndLaterWritesNeedIt() throws IOException {
        assertThat(outcomes(
                        files -> {
                            StorageFile file = durable(files, "f", "abcdef");
                            file.truncate(2);
                            file.write(bytes("XY"), 4);
                        },
                        files -> content(files, "f")))
                .containsExactlyInAnyOrder("abcdef", "ab", "ab\0\0\0\0", "ab\0\0XY");
    }

    @Test
    void aTruncationNeverBringsBackWhatItCut() throws IOException {
        assertThat(outcomes(
                        files -> {
                            StorageFile file = durable(files, "f", "abcdef");
                            file.truncate(2);
                            file.truncate(6);
                        },
                        files -> content(files, "f")))
                .containsExactlyInAnyOrder("abcdef", "ab", "ab\0\0\0\0");
    }

    @Test
    void punchingIsOneChangeForItsWholeSectors() throws IOException {
        Set<String> outcomes =
                outcomes(files -> durable(files, "f", "o".repeat(4 * SECTOR)).punchHole(SECTOR, 2 * SECTOR), files -> {
                    String content = content(files, "f");
                    return content.substring(SECTOR, SECTOR + 1) + content.substring(2 * SECTOR, 2 * SECTOR + 1);
                });
        assertThat(outcomes).containsExactlyInAnyOrder("oo", "\0\0");
    }

    @Test
    void aSyncedFileWithoutASyncedNameCanBeGone() throws IOException {
        assertThat(outcomes(
                        files -> {
                            StorageFile file = files.open("f", OpenMode.CREATE);
                            file.write(bytes("abc"), 0);
                            file.sync();
                        },
                        files -> content(files, "f")))
                .containsExactlyInAnyOrder("abc", "none");
        assertThat(outcomes(
                        files -> {
                            StorageFile file = files.open("f", OpenMode.CREATE);
                            file.write(bytes("abc"), 0);
                            file.sync();
                            files.syncDirectory("");
                        },
                        files -> content(files, "f")))
                .containsExactly("abc");
    }

    @Test
    void aSyncedNameOfAnUnsyncedFileCanBeEmpty() throws IOException {
        assertThat(outcomes(
                        files -> {
                            files.open("f", OpenMode.CREATE).write(bytes("abc"), 0);
                            files.syncDirectory("");
                        },
                        files -> content(files, "f")))
                .containsExactlyInAnyOrder("", "abc", "\0\0\0");
    }

    @Test
    void aRenameLeavesTheOldNameOrTheNewOne() throws IOException {
        Look look = files -> content(files, "a") + "," + content(files, "b");
        Work rename = files -> {
            durable(files, "a", "new");
            durable(files, "b", "old");
            files.rename("a", "b");
        };
        assertThat(outcomes(rename, look)).containsExactlyInAnyOrder("new,old", "none,new");
        assertThat(outcomes(
                        files -> {
                            rename.on(files);
                            files.syncDirectory("");
                        },
                        look))
                .containsExactly("none,new");
    }

    @Test
    void aDeletedFileCanComeBackUntilItsDirectoryIsSynced() throws IOException {
        Work delete = files -> {
            durable(files, "f", "abc");
            files.delete("f");
        };
        assertThat(outcomes(delete, files -> content(files, "f"))).containsExactlyInAnyOrder("abc", "none");
        assertThat(outcomes(
                        files -> {
                            delete.on(files);
                            files.syncDirectory("");
                        },
                        files -> content(files, "f")))
                .containsExactly("none");
    }

    @Test
    void changesOfUnrelatedNamesAreIndependent() throws IOException {
        assertThat(outcomes(
                        files -> {
                            durable(files, "a", "");
                            files.delete("a");
                            files.open("b", OpenMode.CREATE);
                            files.open("c", OpenMode.CREATE);
                        },
                        files -> String.join("", files.list(""))))
                .containsExactlyInAnyOrder("", "a", "b", "c", "ab", "ac", "bc", "abc");
    }

    @Test
    void replaceIsAllOrNothingAtEveryPoint() {
        // open, truncate, write, sync, rename, sync of the directory
        long points = CrashPoints.atEveryOperation(1, 20, () -> new CrashPoints.Trial() {
            private boolean replaced;

            @Override
            public void run(CrashableFileSystem files) throws IOException {
                files.replace("f", "first".getBytes(UTF_8));
                replaced = true;
                files.replace("f", "second".getBytes(UTF_8));
                replaced = false;
            }

            @Override
            public void check(CrashableFileSystem files) throws IOException {
                if (replaced) {
                    assertThat(content(files, "f")).isIn("first", "second");
                } else {
                    assertThat(content(files, "f")).isIn("none", "first", "second");
                }
                files.replace("f", "third".getBytes(UTF_8));
                assertThat(content(files, "f")).isEqualTo("third");
            }
        });
        assertThat(points).isEqualTo(2 * 6);
    }

    @Test
    void crashPointsFindAMissingSync() {
        assertThatThrownBy(() -> CrashPoints.atEverySync(1, 20, () -> new CrashPoints.Trial() {
                    private boolean acknowledged;

                    @Override
                    public void run(CrashableFileSystem files) throws IOException {
                        files.open("f", OpenMode.CREATE).write(bytes("x"), 0);
                        files.syncDirectory("");
                        acknowledged = true;
                        files.syncDirectory("");
                    }

                    @Override
                    public void check(CrashableFileSystem files) throws IOException {
                        if (acknowledged) {
                            assertThat(content(files, "f")).isEqualTo("x");
                        }
                    }
                }))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("SYNC 2")
                .hasMessageContaining("seed 1");
    }

    @Test
    void afterThePowerWentNothingWorksUntilTheCrash() throws IOException {
        StorageFile file = disk.open("f", OpenMode.CREATE);
        disk.lock("lock");
        disk.powerOffAtSync(1);
        file.write(bytes("abc"), 0);
        assertThatThrownBy(file::sync).isInstanceOf(PowerOffException.class);
        assertThat(disk.isOff()).isTrue();
        assertThatThrownBy(() -> file.read(ByteBuffer.allocate(1), 0)).isInstanceOf(PowerOffException.class);
        assertThatThrownBy(() -> disk.list("")).isInstanceOf(PowerOffException.class);
        disk.crashLosingAllUnsynced();
        assertThat(disk.list("")).isEmpty();
        assertThatThrownBy(() -> file.write(bytes("x"), 0)).isInstanceOf(PowerOffException.class);
        disk.lock("lock").close();
    }

    @Test
    void killingTheProcessLosesNoBytesButItsLocksAndFiles() throws IOException {
        StorageFile file = disk.open("f", OpenMode.CREATE);
        file.write(bytes("abc"), 0);
        disk.lock("lock");
        disk.kill();
        assertThat(content(disk, "f")).isEqualTo("abc");
        disk.lock("lock").close();
        assertThatThrownBy(() -> file.size()).isInstanceOf(PowerOffException.class);
    }

    @Test
    void theDiskFillsUpAndEmptiesAgain() throws IOException {
        CrashableFileSystem small = new CrashableFileSystem(SECTOR, 10 * SECTOR);
        StorageFile file = small.open("f", OpenMode.CREATE);
        file.allocate(0, 6 * SECTOR);
        file.write(ByteBuffer.allocate(6 * SECTOR), 0);
        assertThat(small.space()).isEqualTo(new FileSystem.Space(10 * SECTOR, 4 * SECTOR));
        assertThatThrownBy(() -> file.write(ByteBuffer.allocate(5 * SECTOR), 6 * SECTOR))
                .isInstanceOf(NoSpaceException.class);
        file.punchHole(SECTOR, 2 * SECTOR);
        assertThat(small.space().usableBytes()).isEqualTo(6 * SECTOR);
        file.write(ByteBuffer.allocate(5 * SECTOR), 6 * SECTOR);
        file.truncate(7 * SECTOR);
        assertThat(small.space().usableBytes()).isEqualTo(5 * SECTOR);
        small.delete("f");
        file.truncate(0);
        assertThat(small.space().usableBytes()).isEqualTo(10 * SECTOR);
        small.crashLosingAllUnsynced();
        assertThat(small.space().usableBytes()).isEqualTo(10 * SECTOR);
    }
}
