package io.coffer.common.checksum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CrcCombineTest {
    @ParameterizedTest
    @EnumSource(names = {"CRC32", "CRC32C", "CRC64NVME"})
    void combiningEqualsComputingOverTheWhole(ChecksumAlgorithm algorithm) {
        Random random = new Random(3);
        for (int round = 0; round < 200; round++) {
            byte[] data = new byte[random.nextInt(5_000)];
            random.nextBytes(data);
            int cut = data.length == 0 ? 0 : random.nextInt(data.length + 1);
            byte[] first = digest(algorithm, data, 0, cut);
            byte[] second = digest(algorithm, data, cut, data.length - cut);
            assertThat(CrcCombine.combine(algorithm, first, second, data.length - cut))
                    .isEqualTo(digest(algorithm, data, 0, data.length));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CRC32", "CRC32C", "CRC64NVME"})
    void lengthsBeyondWhatCanBeHashedCombineLikeTheirHalves(ChecksumAlgorithm algorithm) {
        // a ++ b ++ c must not depend on which pair is combined first, for lengths as of a 5 TiB object
        long bytesB = 3L << 41;
        long bytesC = (1L << 40) + 12_345;
        long ab = CrcCombine.combine(algorithm, 0x12345678L, 0x9abcdef0L, bytesB);
        long abThenC = CrcCombine.combine(algorithm, ab, 0x0fedcba9L, bytesC);
        long bc = CrcCombine.combine(algorithm, 0x9abcdef0L, 0x0fedcba9L, bytesC);
        assertThat(CrcCombine.combine(algorithm, 0x12345678L, bc, bytesB + bytesC))
                .isEqualTo(abThenC);
    }

    @Test
    void digestsThatAreNoCrcAreRefused() {
        assertThatThrownBy(() -> CrcCombine.combine(ChecksumAlgorithm.SHA1, new byte[20], new byte[20], 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CrcCombine.combine(ChecksumAlgorithm.CRC32, new byte[4], new byte[8], 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CrcCombine.combine(ChecksumAlgorithm.CRC32, 1, 2, -1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static byte[] digest(ChecksumAlgorithm algorithm, byte[] data, int offset, int length) {
        Checksummer checksummer = algorithm.newChecksummer();
        checksummer.update(data, offset, length);
        return checksummer.digest();
    }
}
