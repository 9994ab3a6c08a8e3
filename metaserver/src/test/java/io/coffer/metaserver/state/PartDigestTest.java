package io.coffer.metaserver.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.checksum.ChecksumAlgorithm;
import io.coffer.common.checksum.Checksummer;
import io.coffer.common.metadata.ObjectAttributes;
import io.coffer.common.metadata.StoredChecksum;
import io.coffer.metaserver.machine.TestGroup;
import io.coffer.metaserver.model.Content;
import io.coffer.metaserver.model.StoredPart;
import io.coffer.metaserver.model.StoredUpload;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PartDigestTest {
    /** Of equal lengths and of others, in turn. */
    private static final int[] LENGTHS = {500, 500, 500, 7, 500, 500, 0, 1, 1, 300};

    @ParameterizedTest
    @EnumSource(names = {"CRC32", "CRC32C", "CRC64NVME"})
    void theChecksumOfTheWholeIsThatOfAllBytes(ChecksumAlgorithm algorithm) {
        PartDigest digest = new PartDigest(upload(algorithm));
        Checksummer whole = algorithm.newChecksummer();
        Random random = new Random(1);
        for (int i = 0; i < LENGTHS.length; i++) {
            byte[] bytes = new byte[LENGTHS[i]];
            random.nextBytes(bytes);
            whole.update(bytes, 0, bytes.length);
            Checksummer part = algorithm.newChecksummer();
            part.update(bytes, 0, bytes.length);
            digest.add(i + 1, part(algorithm, bytes.length, part.digest()));
        }
        assertThat(digest.checksum()).isEqualTo(full(algorithm, whole.digest()));
    }

    static StoredUpload upload(ChecksumAlgorithm algorithm) {
        return new StoredUpload(
                1,
                TestGroup.OWNER,
                TestGroup.OWNER,
                ObjectAttributes.EMPTY,
                algorithm,
                StoredChecksum.Type.FULL_OBJECT,
                0,
                0);
    }

    static StoredPart part(ChecksumAlgorithm algorithm, long size, byte[] checksum) {
        return new StoredPart(TestGroup.ETAG, size, 0, full(algorithm, checksum), new Content.Runs(List.of()));
    }

    private static StoredChecksum full(ChecksumAlgorithm algorithm, byte[] checksum) {
        return new StoredChecksum(algorithm, StoredChecksum.Type.FULL_OBJECT, algorithm.encode(checksum));
    }
}
