package io.coffer.gateway.payload;

import io.coffer.common.checksum.ChecksumAlgorithm;
import io.coffer.common.checksum.Checksummer;
import io.coffer.common.checksum.Md5;
import io.coffer.common.checksum.Md5Stream;
import io.coffer.common.metadata.StoredChecksum;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The MD5 of a stream, where somebody wants it, and any checksums, in one pass. Used by one thread; feed it by {@link #update}, then ask: the
 * first question ends the stream. Closed by who made it; what it was asked for it still tells then.
 */
public final class BodyDigests implements AutoCloseable {
    /** Null where nobody wants it: it costs more than all else. */
    private final @Nullable Md5Stream md5;

    private final Map<ChecksumAlgorithm, Checksummer> checksummers = new EnumMap<>(ChecksumAlgorithm.class);

    private byte[] md5Digest = {};
    private final Map<ChecksumAlgorithm, byte[]> digests = new EnumMap<>(ChecksumAlgorithm.class);
    private boolean finished;
    private long bytes;

    /**
     * @param expectedBytes about how many will come: long streams are hashed together with others
     * @param withMd5 whether it may be asked for the MD5
     */
    public BodyDigests(long expectedBytes, boolean withMd5, Set<ChecksumAlgorithm> algorithms) {
        md5 = withMd5 ? Md5.newStream(expectedBytes) : null;
        algorithms.forEach(algorithm -> checksummers.put(algorithm, algorithm.newChecksummer()));
    }

    /** Takes what remains in the buffer, and leaves the buffer as it was. */
    public void update(ByteBuffer data) {
        if (finished) {
            throw new IllegalStateException("updated after the end");
        }
        int position = data.position();
        bytes += data.remaining();
        if (md5 != null) {
            md5.update(data);
        }
        for (Checksummer checksummer : checksummers.values()) {
            data.position(position);
            checksummer.update(data);
        }
        data.position(position);
    }

    /** Ends the stream, before the first question would. */
    public void finish() {
        if (!finished) {
            finished = true;
            if (md5 != null) {
                md5Digest = md5.digest();
            }
            checksummers.forEach((algorithm, checksummer) -> digests.put(algorithm, checksummer.digest()));
        }
    }

    @Override
    public void close() {
        if (md5 != null) {
            md5.close();
        }
    }

    /** How many bytes were seen. */
    public long bytes() {
        return bytes;
    }

    public byte[] md5() {
        return finishedMd5().clone();
    }

    private byte[] finishedMd5() {
        if (md5 == null) {
            throw new IllegalStateException("nobody wanted the MD5");
        }
        finish();
        return md5Digest;
    }

    /** As ETags have it. */
    public String md5Hex() {
        return HexFormat.of().formatHex(finishedMd5());
    }

    /** As Content-MD5 has it. */
    public String md5Base64() {
        return Base64.getEncoder().encodeToString(finishedMd5());
    }

    /** Empty when that algorithm wasn't asked for. */
    public Optional<byte[]> checksum(ChecksumAlgorithm algorithm) {
        finish();
        return Optional.ofNullable(digests.get(algorithm)).map(byte[]::clone);
    }

    /** As {@code x-amz-checksum-*} has it; empty when that algorithm wasn't asked for. */
    public Optional<String> checksumBase64(ChecksumAlgorithm algorithm) {
        return checksum(algorithm).map(algorithm::encode);
    }

    /** As it is kept with what was read; in an algorithm that was asked for. */
    public StoredChecksum stored(ChecksumAlgorithm algorithm) {
        return new StoredChecksum(
                algorithm,
                StoredChecksum.Type.FULL_OBJECT,
                checksumBase64(algorithm).orElseThrow());
    }
}
