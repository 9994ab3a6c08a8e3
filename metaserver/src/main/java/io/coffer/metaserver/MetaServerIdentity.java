package io.coffer.metaserver;

import io.coffer.common.id.ClusterId;
import io.coffer.common.id.NodeId;
import io.coffer.common.io.FileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32C;

/** Whose a metaserver's directory is: what its {@code identity} file says. See {@code docs/formats/raft-storage.md}. */
public record MetaServerIdentity(ClusterId cluster, NodeId node) {
    private static final String FILE = "identity";
    private static final int BYTES = 64;
    private static final long MAGIC = 0x434f_4652_4d45_5441L; // COFRMETA
    private static final int VERSION = 1;
    private static final int CRC_OFFSET = BYTES - Integer.BYTES;

    /**
     * Reads a directory's identity; empty if it has none yet.
     *
     * @throws IOException if it can't be read, in words for an operator
     */
    public static Optional<MetaServerIdentity> read(FileSystem directory) throws IOException {
        return directory.exists(FILE) ? Optional.of(decode(directory.readSmall(FILE, BYTES))) : Optional.empty();
    }

    /** Makes a new directory this one's, or checks that it is. */
    void claim(FileSystem directory) throws IOException {
        Optional<MetaServerIdentity> found = read(directory);
        if (found.isEmpty()) {
            directory.replace(FILE, encode());
        } else if (!found.get().cluster().equals(cluster)) {
            throw new IOException(
                    "the metadata directory belongs to cluster " + found.get().cluster() + ", not to " + cluster);
        } else if (!found.get().node().equals(node)) {
            throw new IOException(
                    "the metadata directory belongs to node " + found.get().node() + ", not to " + node);
        }
    }

    byte[] encode() {
        ByteBuffer out = ByteBuffer.allocate(BYTES);
        out.putLong(MAGIC).putInt(VERSION).putInt(0);
        put(out, cluster.value());
        put(out, node.value());
        out.putInt(CRC_OFFSET, checksum(out.array()));
        return out.array();
    }

    static MetaServerIdentity decode(byte[] bytes) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (bytes.length != BYTES || in.getInt(CRC_OFFSET) != checksum(bytes) || in.getLong() != MAGIC) {
            throw new IOException("the identity file of the metadata directory is damaged, or not Coffer's");
        }
        int version = in.getInt();
        if (version != VERSION) {
            throw new IOException("the identity file of the metadata directory has format version " + version
                    + ", this program knows " + VERSION);
        }
        in.getInt();
        return new MetaServerIdentity(new ClusterId(uuid(in)), new NodeId(uuid(in)));
    }

    private static int checksum(byte[] bytes) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, CRC_OFFSET);
        return (int) checksum.getValue();
    }

    private static void put(ByteBuffer out, UUID id) {
        out.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
    }

    private static UUID uuid(ByteBuffer in) {
        long high = in.getLong();
        return new UUID(high, in.getLong());
    }
}
