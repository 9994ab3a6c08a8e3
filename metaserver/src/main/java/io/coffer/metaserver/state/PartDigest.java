package io.coffer.metaserver.state;

import io.coffer.common.checksum.ChecksumAlgorithm;
import io.coffer.common.checksum.Checksummer;
import io.coffer.common.checksum.CrcCombine;
import io.coffer.common.checksum.Md5;
import io.coffer.common.metadata.StoredChecksum;
import io.coffer.metaserver.model.PartLayout;
import io.coffer.metaserver.model.StoredPart;
import io.coffer.metaserver.model.StoredUpload;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Layout, ETag and checksum of a whole, from its parts in order. */
final class PartDigest {
    private static final HexFormat HEX = HexFormat.of();

    private final PartLayout.Builder layout = new PartLayout.Builder();
    private final Checksummer md5 = Md5.newChecksummer();
    private final ChecksumAlgorithm algorithm;
    private final StoredChecksum.Type type;
    private final @Nullable Checksummer composite;

    /** Of the parts so far; null before the first, and from the first part without a checksum on. */
    private byte @Nullable [] full;

    /** For the length of the last part: as a rule, all but the very last have one length. */
    private @Nullable CrcCombine combine;

    private int count;
    private boolean complete = true;

    PartDigest(StoredUpload upload) {
        ChecksumAlgorithm named = upload.checksumAlgorithm();
        StoredChecksum.Type asked = upload.checksumType();
        algorithm = named == null ? ChecksumAlgorithm.DEFAULT : named;
        type = asked == null ? StoredChecksum.Type.FULL_OBJECT : asked;
        composite = type == StoredChecksum.Type.COMPOSITE ? algorithm.newChecksummer() : null;
    }

    void add(int number, StoredPart part) {
        layout.add(number, part.size());
        md5.update(ByteBuffer.wrap(HEX.parseHex(part.etag())));
        addChecksum(part);
        count++;
    }

    /** A part may have another algorithm's where the upload named none. */
    private void addChecksum(StoredPart part) {
        StoredChecksum checksum = part.checksum();
        byte @Nullable [] value = checksum == null || checksum.algorithm() != algorithm
                ? null
                : algorithm.decode(checksum.value()).orElse(null);
        if (value == null) {
            complete = false;
        } else if (composite != null) {
            composite.update(ByteBuffer.wrap(value));
        } else if (complete) {
            full = full == null ? value : combine(algorithm, part.size()).combine(full, value);
        }
    }

    private CrcCombine combine(ChecksumAlgorithm algorithm, long bytes) {
        CrcCombine known = combine;
        if (known == null || known.secondBytes() != bytes) {
            known = CrcCombine.with(algorithm, bytes);
            combine = known;
        }
        return known;
    }

    PartLayout layout() {
        return layout.build();
    }

    /** The MD5 of the parts' MD5s, and their number. */
    String etag() {
        return HEX.formatHex(md5.digest()) + "-" + count;
    }

    /** Null when a part was written without one. */
    @Nullable
    StoredChecksum checksum() {
        if (!complete) {
            return null;
        }
        byte[] value = composite != null ? composite.digest() : full;
        return value == null ? null : new StoredChecksum(algorithm, type, algorithm.encode(value));
    }
}
