package io.coffer.gateway.payload;

import io.coffer.common.checksum.ChecksumAlgorithm;
import io.coffer.common.checksum.Checksummer;
import java.nio.ByteBuffer;

/** A SHA-256 that leaves the buffers it is shown as they were. */
final class RunningSha256 {
    private final Checksummer checksummer = ChecksumAlgorithm.SHA256.newChecksummer();

    void update(ByteBuffer bytes) {
        int position = bytes.position();
        checksummer.update(bytes);
        bytes.position(position);
    }

    /** The digest since the last one. */
    byte[] digest() {
        return checksummer.digest();
    }
}
