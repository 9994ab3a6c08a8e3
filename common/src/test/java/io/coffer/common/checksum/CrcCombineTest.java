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
            assertThat(CrcCombine.with(algorithm, data.length - cut).combine(first, second))
                    .isEqualTo(digest(algorithm, data, 0, data.length));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CRC32", "CRC32C", "CRC64NVME"})
    void lengthsBeyondWhatCanBeHashedCombineLikeTheirHalves(ChecksumAlgorithm algorithm) {
        // a ++ b ++ c must not depend on which pair is combined first, for lengths as of a 5 TiB object
        long bytesB = 3L << 41;
        long bytesC = (1L << 40) + 12_345;
        long ab = CrcCombine.with(algorithm, bytesB).combine(0x12345678L, 0x9abcdef0L);
        long abThenC = CrcCombine.with(algorithm, bytesC).combine(ab, 0x0fedcba9L);
        long bc = CrcCombine.with(algorithm, bytesC).combine(0x9abcdef0L, 0x0fedcba9L);
        assertThat(CrcCombine.with(algorithm, bytesB + bytesC).combine(0x12345678L, bc))
                .isEqualTo(abThenC);
    }

    @ParameterizedTest
    @EnumSource(names = {"CRC32", "CRC32C", "CRC64NVME"})
    void oneOperatorServesAllRunsOfItsLength(ChecksumAlgorithm algorithm) {
        byte[] data = new byte[20 * 123];
        new Random(4).nextBytes(data);
        CrcCombine behind = CrcCombine.with(algorithm, 123);
        byte[] whole = digest(algorithm, data, 0, 123);
        for (int at = 123; at < data.length; at += 123) {
            whole = behind.combine(whole, digest(algorithm, data, at, 123));
        }
        assertThat(whole).isEqualTo(digest(algorithm, data, 0, data.length));
    }

    @Test
    void digestsThatAreNoCrcAreRefused() {
        assertThatThrownBy(() -> CrcCombine.with(ChecksumAlgorithm.SHA1, 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CrcCombine.with(ChecksumAlgorithm.CRC32, 1).combine(new byte[4], new byte[8]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CrcCombine.with(ChecksumAlgorithm.CRC32, -1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static byte[] digest(ChecksumAlgorithm algorithm, byte[] data, int offset, int length) {
        Checksummer checksummer = algorithm.newChecksummer();
        checksummer.update(data, offset, length);
        return checksummer.digest();
    }
}
