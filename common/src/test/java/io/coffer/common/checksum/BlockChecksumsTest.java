package io.coffer.common.checksum;

import static io.coffer.common.checksum.BlockChecksums.BLOCK_SIZE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockChecksumsTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, BLOCK_SIZE - 1, BLOCK_SIZE, BLOCK_SIZE + 1, 40 * BLOCK_SIZE + 777})
    void oneCrcPerBlockHoweverTheBytesArrive(int length) {
        byte[] data = random(length);
        BlockChecksums checksums = new BlockChecksums();
        Random random = new Random(length);
        for (int at = 0; at < length; ) {
            int step = Math.min(1 + random.nextInt(200_000), length - at);
            ByteBuffer piece = ByteBuffer.wrap(data, at, step);
            checksums.update(piece);
            assertThat(piece.hasRemaining()).isFalse();
            assertThat(piece.limit()).isEqualTo(at + step);
            at += step;
        }
        assertThat(checksums.bytes()).isEqualTo(length);
        int[] result = checksums.result();
        assertThat(result).hasSize(BlockChecksums.blocksIn(length));
        for (int block = 0; block < result.length; block++) {
            int from = block * BLOCK_SIZE;
            int bytes = Math.min(BLOCK_SIZE, length - from);
            assertThat(result[block]).isEqualTo(crc(data, from, bytes));
            assertThat(BlockChecksums.ofBlock(ByteBuffer.wrap(data, from, bytes)))
                    .isEqualTo(result[block]);
        }
        assertThat(BlockChecksums.firstMismatch(ByteBuffer.wrap(data), result, 0))
                .isEqualTo(-1);
    }

    @Test
    void theFirstWrongBlockIsNamedAndTheBufferConsumed() {
        byte[] data = random(5 * BLOCK_SIZE + 10);
        BlockChecksums checksums = new BlockChecksums();
        checksums.update(ByteBuffer.wrap(data));
        int[] expected = checksums.result();
        data[2 * BLOCK_SIZE + 5] ^= 1;
        data[4 * BLOCK_SIZE] ^= 1;
        assertThat(BlockChecksums.firstMismatch(ByteBuffer.wrap(data), expected, 0))
                .isEqualTo(2);
        ByteBuffer tail = ByteBuffer.wrap(data).position(3 * BLOCK_SIZE);
        assertThat(BlockChecksums.firstMismatch(tail, expected, 3)).isEqualTo(4);
        assertThat(tail.hasRemaining()).isFalse();
        assertThat(BlockChecksums.firstMismatch(ByteBuffer.wrap(data, 0, 100), new int[0], 0))
                .isZero();
    }

    @Test
    void anUnfinishedBlockIsReportedAndCanGoOn() {
        byte[] data = random(100);
        BlockChecksums checksums = new BlockChecksums();
        checksums.update(ByteBuffer.wrap(data, 0, 60));
        assertThat(checksums.result()).containsExactly(crc(data, 0, 60));
        checksums.update(ByteBuffer.wrap(data, 60, 40));
        assertThat(checksums.result()).containsExactly(crc(data, 0, 100));
        checksums.reset();
        assertThat(checksums.result()).isEmpty();
        assertThat(checksums.bytes()).isZero();
    }

    @Test
    void aBlockIsNeverLargerThanItsSize() {
        assertThatThrownBy(() -> BlockChecksums.ofBlock(ByteBuffer.allocate(BLOCK_SIZE + 1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static byte[] random(int length) {
        byte[] data = new byte[length];
        new Random(11).nextBytes(data);
        return data;
    }

    private static int crc(byte[] data, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(data, offset, length);
        return (int) crc.getValue();
    }
}
