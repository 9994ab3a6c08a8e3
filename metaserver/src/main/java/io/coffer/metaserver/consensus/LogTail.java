package io.coffer.metaserver.consensus;

import io.coffer.common.io.FileSystem;
import io.coffer.common.io.OpenMode;
import io.coffer.common.io.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.server.raftlog.segmented.SegmentedRaftLogFormat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes sure of the end of a log before it is opened: that it is whole, and that it is on the disk.
 *
 * <p>What a power cut left of the last write is cut off. The open segment is preallocated with zeros, and a write of many
 * pages that was not synced may have reached the disk in part: sectors it missed still hold zeros. Ratis can't tell that from
 * a record that rotted, and refuses to start on both.
 *
 * <p>A bad record is torn if a whole sector of it (or of what follows it) was never written, and if the state doesn't prove that
 * it was complete once. No write behind the first bad record can have been acknowledged then, as syncs cover everything before
 * them. Anything else is damage, and refused: it could hide what was acknowledged.
 *
 * <p>What is good is written once more and synced, since a group counts all that its log holds as stored. A process that was killed left what
 * only the system's cache may have. After a sync that failed, another one succeeds though the data never got to the disk, as its pages are
 * taken for clean; writing makes them dirty again.
 *
 * <p>A record is a varint of the entry's length, the entry, and 4 bytes of CRC32C over both, big-endian.
 */
final class LogTail {
    private static final Logger LOG = LoggerFactory.getLogger(LogTail.class);
    private static final String OPEN_SEGMENT_PREFIX = "log_inprogress_";
    private static final int SECTOR_BYTES = 512;
    private static final int CHECKSUM_BYTES = 4;

    private final StorageFile file;
    private final String name;
    private final byte[] content;

    private LogTail(StorageFile file, String name, byte[] content) {
        this.file = file;
        this.name = name;
        this.content = content;
    }

    /**
     * Call before Ratis opens the log.
     *
     * @param directory where the log's segments are
     * @param applied the last index that the state holds durably: its entry was complete in the log
     */
    static void repair(FileSystem directory, long applied) throws IOException {
        if (!directory.exists("")) {
            return;
        }
        for (String name : directory.list("")) {
            if (name.startsWith(OPEN_SEGMENT_PREFIX)) {
                try (StorageFile file = directory.open(name, OpenMode.READ_WRITE)) {
                    // A segment is tens of megabytes, and Ratis is about to keep this one in memory anyway.
                    ByteBuffer content = ByteBuffer.allocate(Math.toIntExact(file.size()));
                    file.readFully(content, 0);
                    new LogTail(file, name, content.array()).repair(applied);
                }
            }
        }
        directory.syncDirectory("");
    }

    private void repair(long applied) throws IOException {
        int at = SegmentedRaftLogFormat.getHeaderLength();
        if (content.length < at
                || !SegmentedRaftLogFormat.getHeaderBytebuffer().equals(ByteBuffer.wrap(content, 0, at))) {
            return; // Ratis deletes a segment whose header was not written, and refuses any other.
        }
        long lastGood = Long.parseLong(name.substring(OPEN_SEGMENT_PREFIX.length())) - 1;
        for (int next; (next = recordEnd(at)) > 0; at = next) {
            lastGood = index(at, next);
        }
        int end = endOfWritten(at);
        if (end == at) {
            store(at);
            return;
        }
        if (lastGood < applied || !hasUnwrittenSector(at, end)) {
            throw new IOException("the log is damaged: " + name + " holds a bad record at offset " + at
                    + " behind entry " + lastGood + ", and it is no torn write");
        }
        LOG.warn("{}: cutting off {} bytes of a torn write behind entry {}", name, end - at, lastGood);
        file.truncate(at);
        store(at);
    }

    private void store(int end) throws IOException {
        file.write(ByteBuffer.wrap(content, 0, end), 0);
        file.sync();
    }

    /** Where the record ends that starts there, or -1 if there is no good one. */
    private int recordEnd(int at) {
        long length = 0;
        int position = at;
        for (int shift = 0; ; shift += 7) {
            if (position >= content.length || shift > 28) {
                return -1;
            }
            byte next = content[position++];
            length |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                break;
            }
        }
        long end = position + length + CHECKSUM_BYTES;
        if (length == 0 || length > Limits.ENTRY_BYTES || end > content.length) {
            return -1;
        }
        int body = (int) end - CHECKSUM_BYTES;
        CRC32C checksum = new CRC32C();
        checksum.update(content, at, body - at);
        return ByteBuffer.wrap(content, body, CHECKSUM_BYTES).getInt() == (int) checksum.getValue() ? (int) end : -1;
    }

    private long index(int at, int end) throws IOException {
        int body = at;
        while (content[body++] < 0) {
            // the length
        }
        ByteBuffer entry = ByteBuffer.wrap(content, body, end - CHECKSUM_BYTES - body);
        return LogEntryProto.parseFrom(entry).getIndex();
    }

    /** Behind the last byte from there on that isn't zero. */
    private int endOfWritten(int at) {
        int end = content.length;
        while (end > at && content[end - 1] == 0) {
            end--;
        }
        return end;
    }

    private boolean hasUnwrittenSector(int from, int end) {
        for (int at = from; at < end; at = (at / SECTOR_BYTES + 1) * SECTOR_BYTES) {
            if (isZero(at, Math.min((at / SECTOR_BYTES + 1) * SECTOR_BYTES, content.length))) {
                return true;
            }
        }
        // A record that is cut off by the end of the file was never complete either.
        return end == content.length && declaredEnd(from) > content.length;
    }

    private long declaredEnd(int at) {
        long length = 0;
        int shift = 0;
        for (int position = at; position < content.length && shift <= 28; position++, shift += 7) {
            length |= (long) (content[position] & 0x7f) << shift;
            if (content[position] >= 0) {
                return length > Limits.ENTRY_BYTES ? -1 : position + 1 + length + CHECKSUM_BYTES;
            }
        }
        return Long.MAX_VALUE;
    }

    private boolean isZero(int from, int to) {
        for (int i = from; i < to; i++) {
            if (content[i] != 0) {
                return false;
            }
        }
        return true;
    }
}
