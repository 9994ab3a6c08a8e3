package io.coffer.common.checksum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coffer.common.checksum.Crc64Nvme.Kernel;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class Crc64NvmeTest {
    /** As the definition says it: bit by bit. */
    private static long reference(byte[] data, int from, int to) {
        long register = -1;
        for (int at = from; at < to; at++) {
            register ^= data[at] & 0xff;
            for (int bit = 0; bit < 8; bit++) {
                register = (register >>> 1) ^ ((register & 1) == 0 ? 0 : 0x9a6c9329ac4bc9b5L);
            }
        }
        return ~register;
    }

    @ParameterizedTest
    @EnumSource
    void everyKernelAgreesWithTheDefinition(Kernel kernel) {
        SplittableRandom random = new SplittableRandom(9);
        Crc64Nvme crc = new Crc64Nvme(kernel);
        for (int round = 0; round < 300; round++) {
            byte[] data = new byte[random.nextInt(1, 20_000)];
            random.nextBytes(data);
            int from = random.nextInt(Math.min(data.length, 100));
            int split = random.nextInt(from, data.length + 1);
            update(crc, data, from, split, random);
            update(crc, data, split, data.length, random);
            assertThat(ByteBuffer.wrap(crc.digest()).getLong()).isEqualTo(reference(data, from, data.length));
        }
    }

    private static void update(Crc64Nvme crc, byte[] data, int from, int to, SplittableRandom random) {
        switch (random.nextInt(4)) {
            case 0 -> crc.update(data, from, to - from);
            case 1 -> crc.update(ByteBuffer.wrap(data).limit(to).position(from).asReadOnlyBuffer());
            case 2 -> crc.update(ByteBuffer.wrap(data, from, to - from).slice());
            default -> {
                int shift = random.nextInt(70);
                ByteBuffer direct = ByteBuffer.allocateDirect(data.length + shift);
                direct.put(from + shift, data, from, to - from)
                        .position(from + shift)
                        .limit(to + shift);
                crc.update(direct);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyBitOfEveryPlaceCounts(Kernel kernel) {
        int length = 3 * Crc64Folding.BLOCK_BYTES + Crc64Folding.WORTHWHILE_BYTES;
        Crc64Nvme crc = new Crc64Nvme(kernel);
        byte[] data = new byte[length];
        for (int at = 0; at < length; at += 7) {
            data[at] = (byte) (1 << at % 8);
            crc.update(data);
            assertThat(ByteBuffer.wrap(crc.digest()).getLong()).isEqualTo(reference(data, 0, length));
            data[at] = 0;
        }
    }

    @Test
    void planesThatCantMakeEveryRegisterAreRefused() {
        assertThatThrownBy(() -> new FoldingMatrix(8, 32, 256).rows()).isInstanceOf(IllegalStateException.class);
        assertThat(new FoldingMatrix(8, 64, 512).rows()).hasDimensions(8, 8);
    }
}
