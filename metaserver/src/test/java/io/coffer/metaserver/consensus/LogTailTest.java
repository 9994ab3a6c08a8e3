package io.coffer.metaserver.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.io.OpenMode;
import io.coffer.common.io.StorageFile;
import io.coffer.common.io.fault.CrashableFileSystem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.server.raftlog.segmented.SegmentedRaftLogFormat;
import org.junit.jupiter.api.Test;

/** What is sure behind an opening. {@link RaftNodeTest} has torn and damaged logs. */
final class LogTailTest {
    private static final String SEGMENT = "log_inprogress_0";

    private final CrashableFileSystem disk = new CrashableFileSystem();

    @Test
    void whatAKilledProcessLeftInTheCacheIsOnTheDiskBehindAnOpening() throws Exception {
        byte[] log = log(3);
        write(log, log.length);
        disk.kill();
        LogTail.repair(disk, -1);
        disk.crashLosingAllUnsynced();
        assertThat(read()).isEqualTo(log);
    }

    @Test
    void soItIsBeforeATornWriteThatWasCutOff() throws Exception {
        byte[] log = log(3);
        byte[] torn = log(4);
        // The end of the last record, and what would follow it, never got there.
        write(torn, log.length + 5);
        disk.kill();
        LogTail.repair(disk, -1);
        disk.crashLosingAllUnsynced();
        assertThat(read()).isEqualTo(log);
    }

    private void write(byte[] content, int length) throws IOException {
        try (StorageFile file = disk.open(SEGMENT, OpenMode.CREATE_NEW)) {
            file.write(ByteBuffer.wrap(content, 0, length), 0);
        }
    }

    private byte[] read() throws IOException {
        try (StorageFile file = disk.open(SEGMENT, OpenMode.READ)) {
            ByteBuffer content = ByteBuffer.allocate((int) file.size());
            file.readFully(content, 0);
            return content.array();
        }
    }

    /** A segment with some entries. */
    private static byte[] log(int entries) throws IOException {
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        ByteBuffer header = SegmentedRaftLogFormat.getHeaderBytebuffer();
        byte[] start = new byte[header.remaining()];
        header.get(start);
        log.write(start);
        for (int i = 0; i < entries; i++) {
            ByteArrayOutputStream record = new ByteArrayOutputStream();
            LogEntryProto.newBuilder().setTerm(1).setIndex(i).build().writeDelimitedTo(record);
            CRC32C checksum = new CRC32C();
            checksum.update(record.toByteArray());
            log.write(record.toByteArray());
            log.write(ByteBuffer.allocate(Integer.BYTES)
                    .putInt((int) checksum.getValue())
                    .array());
        }
        return log.toByteArray();
    }
}
