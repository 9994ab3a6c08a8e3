package io.coffer.dataserver.index;

import io.coffer.common.io.FileSystem;
import io.coffer.common.io.NoSpaceException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A table in memory that is written as a whole with each flush: for disks that are simulated, where RocksDB can't go. Loses
 * what isn't flushed, as RocksDB does without its log.
 */
final class SnapshotTable implements IndexTable {
    private static final String FILE = "snapshot";
    private static final int MAX_BYTES = 1 << 30;

    private final FileSystem files;

    /** Guarded by this. */
    private final TreeMap<byte[], byte[]> entries = new TreeMap<>(Arrays::compareUnsigned);

    private SnapshotTable(FileSystem files) {
        this.files = files;
    }

    static SnapshotTable open(FileSystem files) throws IndexException {
        SnapshotTable table = new SnapshotTable(files);
        try {
            table.load(files.readSmall(FILE, MAX_BYTES));
        } catch (FileNotFoundException e) {
            return table; // a new one
        } catch (IOException e) {
            throw failure("read", e);
        }
        return table;
    }

    private void load(byte[] snapshot) throws IOException {
        int length = snapshot.length - Integer.BYTES;
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(snapshot));
        if (length < Integer.BYTES || !endsWithChecksum(snapshot, length)) {
            throw new IndexException(
                    IndexException.Reason.DAMAGED, "the index snapshot is damaged", new IOException("wrong checksum"));
        }
        int count = in.readInt();
        for (int i = 0; i < count; i++) {
            byte[] key = in.readNBytes(in.readInt());
            entries.put(key, in.readNBytes(in.readInt()));
        }
    }

    private static boolean endsWithChecksum(byte[] snapshot, int length) {
        CRC32C crc = new CRC32C();
        crc.update(snapshot, 0, length);
        return java.nio.ByteBuffer.wrap(snapshot).getInt(length) == (int) crc.getValue();
    }

    @Override
    public synchronized byte @Nullable [] get(byte[] key) {
        return entries.get(key);
    }

    @Override
    public synchronized void write(List<Change> changes) {
        for (Change change : changes) {
            byte[] value = change.value();
            if (value == null) {
                entries.remove(change.key());
            } else {
                entries.put(change.key(), value);
            }
        }
    }

    @Override
    public void scan(byte[] from, Visitor visitor) throws IndexException {
        TreeMap<byte[], byte[]> rest;
        synchronized (this) {
            rest = new TreeMap<>(entries.tailMap(from, true));
        }
        for (Map.Entry<byte[], byte[]> entry : rest.entrySet()) {
            if (!visitor.visit(entry.getKey(), entry.getValue())) {
                return;
            }
        }
    }

    @Override
    public synchronized void flush() throws IndexException {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(bytes);
            out.writeInt(entries.size());
            for (Map.Entry<byte[], byte[]> entry : entries.entrySet()) {
                out.writeInt(entry.getKey().length);
                out.write(entry.getKey());
                out.writeInt(entry.getValue().length);
                out.write(entry.getValue());
            }
            CRC32C crc = new CRC32C();
            crc.update(bytes.toByteArray());
            out.writeInt((int) crc.getValue());
            files.replace(FILE, bytes.toByteArray());
        } catch (IOException e) {
            throw failure("write", e);
        }
    }

    private static IndexException failure(String what, IOException e) {
        if (e instanceof IndexException known) {
            return known;
        }
        var reason = e instanceof NoSpaceException ? IndexException.Reason.NO_SPACE : IndexException.Reason.FAILED;
        return new IndexException(reason, "can't " + what + " the index snapshot: " + e.getMessage(), e);
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
